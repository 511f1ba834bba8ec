from types import SimpleNamespace

from orchestration.runs import RunReport, _note_materialization


def materialized(source, months=1, **facts):
    """What an asset of a source reports of `etf_shares`, once for each month of the run."""
    metadata = {
        "dagster/row_count": 34,
        "rows_added": 0,
        "missing_sessions": {},
        "rows_left_out": {},
        "source": source,
        "payloads_missing": [],
    } | facts
    values = {name: SimpleNamespace(value=value) for name, value in metadata.items()}
    key = SimpleNamespace(path=["lake", "etf_shares", source])
    return [SimpleNamespace(metadata=values, asset_key=key)] * months


def report_of(*events):
    report = RunReport(succeeded=True)
    for event in events:
        _note_materialization(report, event)
    return report.tables["etf_shares"]


def test_what_several_sources_of_a_table_miss_and_leave_out_is_put_together():
    table = report_of(
        *materialized(
            "csop_nav",
            rows_added=9,
            missing_sessions={"3033.HK": ["2025-02-04"]},
            rows_left_out={"closed": 2, "too early": 1},
        ),
        *materialized(
            "ishares_fund",
            rows_added=20,
            missing_sessions={"FXI": ["2025-02-05"]},
            rows_left_out={"closed": 3},
        ),
    )
    assert table.missing_sessions == {"3033.HK": ["2025-02-04"], "FXI": ["2025-02-05"]}
    assert table.rows_left_out == {"closed": 5, "too early": 1}
    assert table.rows_added == 29
    assert table.rows == 34


def test_a_source_counts_once_however_many_months_it_reports():
    table = report_of(
        *materialized(
            "csop_nav",
            months=3,
            rows_added=9,
            missing_sessions={"3033.HK": ["2025-02-04"]},
            rows_left_out={"closed": 2},
        )
    )
    assert (table.rows_added, table.rows_left_out) == (9, {"closed": 2})
    assert table.missing_sessions == {"3033.HK": ["2025-02-04"]}
