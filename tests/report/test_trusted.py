"""Gaps, delays, warnings and grades are counted from the tables and the manifest."""

from dataclasses import replace

from orchestration.report.panels import trusted
from tests.report import tiny

SESSIONS = """SELECT calendar, day::DATE AS trade_date
    FROM (VALUES ('CONNECT'), ('XHKG')) AS c (calendar),
    range(DATE '2025-02-17', DATE '2025-02-22', INTERVAL 1 DAY) AS t (day)"""
GRADED = "false AS is_synthetic, TIMESTAMPTZ '2025-02-21 10:30:00+00' AS known_at"
SOUTHBOUND = f"""SELECT day::DATE AS trade_date, 'ALL' AS channel, 'official' AS evidence_grade,
    {GRADED} FROM (VALUES ('2025-02-17'), ('2025-02-19'), ('2025-02-20')) AS t (day)"""
SHORTS = f"""SELECT day::DATE AS trade_date, 'vendor' AS evidence_grade, {GRADED}
    FROM range(DATE '2025-02-17', DATE '2025-02-22', INTERVAL 1 DAY) AS t (day)"""
MARTS = {
    "dim_session": SESSIONS,
    "fct_southbound_daily": SOUTHBOUND,
    "fct_short_selling_daily": SHORTS,
}


def panel(folder, marts=MARTS, world="real"):
    return trusted.panel(tiny.snapshot(folder, marts, world))


def rows(found, key):
    [figure] = [figure for figure in found.figures if figure.key == key]
    return figure.grid.rows


def test_a_session_without_a_row_is_missing_and_a_late_table_is_behind(tmp_path):
    southbound, shorts = rows(panel(tmp_path), "trust-fresh")
    assert southbound["table_name"] == "fct_southbound_daily"
    assert (southbound["sessions_missing"], southbound["sessions_behind"]) == (1, 1)
    assert southbound["first_missing"].isoformat() == "2025-02-18"
    assert (shorts["sessions_missing"], shorts["sessions_behind"]) == (0, 0)


def test_headline_tells_of_gaps_delays_and_verdicts(tmp_path):
    assert panel(tmp_path).headline == (
        "No row is synthetic. It reaches to 21 February 2025, with 1 session missing within its "
        "tables; 1 table ends earlier than that. All 3 marts with rows passed their expectations."
    )


def test_failed_expectations_come_first_with_what_failed(tmp_path):
    snapshot = tiny.snapshot(tmp_path, MARTS, "real")
    warning = {"expectation": "between", "column": "close_price", "message": "2000.0 is a lot"}
    marts = (*snapshot.marts[:2], replace(snapshot.marts[2], warnings=(warning,)))
    found = trusted.panel(replace(snapshot, marts=marts))
    assert "Of 3 marts with rows, 1 failed an expectation." in found.headline
    first = rows(found, "trust-verdicts")[0]
    assert first["name"] == "sentiment.fct_short_selling_daily"
    assert first["failed"] == "close_price: 2000.0 is a lot"


def test_grades_are_shares_of_each_table(tmp_path):
    mixed = SHORTS + f" UNION ALL SELECT DATE '2025-02-17', 'official', {GRADED}"
    found = rows(panel(tmp_path, {**MARTS, "fct_short_selling_daily": mixed}), "trust-grades")
    shares = {(row["table_name"], row["evidence_grade"]): row["share_pct"] for row in found}
    assert round(shares["fct_short_selling_daily", "vendor"], 1) == 83.3
    assert shares["fct_southbound_daily", "official"] == 100


def test_some_synthetic_rows_are_said_to_be_some(tmp_path):
    mixed = SHORTS.replace("false AS is_synthetic", "day = DATE '2025-02-17' AS is_synthetic")
    said = panel(tmp_path, {**MARTS, "fct_short_selling_daily": mixed}).headline
    assert said.startswith("Not all of it: 12.5 % of the rows are synthetic.")
