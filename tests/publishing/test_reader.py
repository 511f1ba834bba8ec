import datetime as dt

import pytest

from orchestration.publishing.errors import QueryError
from orchestration.publishing.reader import query
from orchestration.publishing.snapshot import NoSnapshot


@pytest.fixture
def snapshot(put):
    return put(1)


@pytest.mark.parametrize("name", ["fct_flow", "inflows.fct_flow", "marts.inflows.fct_flow"])
def test_mart_is_found_with_and_without_its_schema(snapshot, name):
    assert query(snapshot, f"SELECT count(*) AS n FROM {name}")["n"].to_pylist() == [500]


def test_empty_mart_is_there_and_has_no_rows(snapshot):
    assert query(snapshot, "FROM fct_empty").num_rows == 0


def test_publication_stamp_is_readable_in_utc(snapshot):
    (row,) = query(snapshot, "FROM _publish").to_pylist()
    assert row["snapshot_id"] == snapshot.id
    assert row["published_at"] == snapshot.created_at
    assert row["published_at"].utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM '/etc/passwd'",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "DELETE FROM fct_flow",
        "CREATE TABLE marts.inflows.mine AS SELECT 1",
        "COMMENT ON TABLE fct_flow IS 'mine'",
        "SELECT getenv('HOME')",
    ],
)
def test_statement_that_reaches_outside_the_marts_is_refused(snapshot, tmp_path, sql):
    with pytest.raises(QueryError):
        query(snapshot, sql.format(folder=tmp_path))
    assert not (tmp_path / "out.csv").exists()
    assert query(snapshot, "SELECT count(*) AS n FROM fct_flow")["n"].to_pylist() == [500]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT * FROM fct_flwo", "fct_flwo does not exist"),
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM fct_flow", "nothing"),
        ("", "no statement"),
        ("-- only a comment", "no statement"),
        ("SELECT 1; FROM fct_flow", "2 questions in one text"),
    ],
)
def test_wrong_statement_is_one_clear_sentence(snapshot, sql, found):
    with pytest.raises(QueryError, match=found) as caught:
        query(snapshot, sql)
    assert "\n" not in str(caught.value)
    assert "LINE" not in str(caught.value)


def test_snapshot_that_is_gone_is_reported_as_such(snapshot):
    snapshot.database.unlink()
    with pytest.raises(NoSnapshot, match=r"marts\.duckdb cannot be opened"):
        query(snapshot, "SELECT 1")
