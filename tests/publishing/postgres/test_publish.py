"""What readers of PostgreSQL get: the snapshot's rows, typed, keyed, described; nothing else."""

import datetime as dt
from decimal import Decimal

import adbc_driver_manager
import duckdb
import pytest

from orchestration.publishing.postgres.source import Column
from orchestration.publishing.reader import query
from tests.publishing.postgres.conftest import connect


def test_every_row_arrives_as_the_snapshot_has_it(put, send, house):
    snapshot = put(1)
    done = send(snapshot)
    assert (done.rows, done.marts, done.is_unchanged) == (501, 3, False)
    ours = query(snapshot, "FROM fct_flow ORDER BY ALL").to_pylist()
    theirs = house.ask("SELECT * FROM hkflow.fct_flow ORDER BY 1, 2, 3")
    assert [(day, n, Decimal(net)) for day, n, net in theirs] == [tuple(r.values()) for r in ours]
    assert house.ask("SELECT * FROM fct_price") == [("00700", 470.0, 1)]


def test_stamp_says_which_snapshot_this_is(put, send, house):
    snapshot = put(1)
    done = send(snapshot)
    rows = house.ask("SELECT snapshot_id, published_at, world, version FROM _publish")
    assert rows == [(snapshot.id, snapshot.created_at, "sandbox", done.version)]
    comment = house.ask("SELECT obj_description('hkflow'::regnamespace, 'pg_namespace')")
    assert snapshot.id in comment[0][0]


def test_types_key_not_null_and_comments_are_there(put, send, house):
    send(put(1))
    columns = house.ask(
        "SELECT column_name::text, data_type::text, is_nullable::text, collation_name::text "
        "FROM information_schema.columns WHERE table_schema = 'hkflow' "
        "AND table_name IN ('fct_flow', 'fct_price') ORDER BY table_name, ordinal_position"
    )
    assert columns == [
        ("trade_date", "date", "NO", None),
        ("generation", "integer", "YES", None),
        ("net_hkd_mn", "numeric", "NO", None),
        ("security_code", "text", "NO", "C"),
        ("close_price", "double precision", "YES", None),
        ("generation", "integer", "YES", None),
    ]
    keys = house.ask(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'p' AND connamespace = 'hkflow'::regnamespace ORDER BY 1"
    )
    assert ("fct_flow", "PRIMARY KEY (trade_date)") in keys
    assert len(keys) == 4
    assert house.ask("SELECT obj_description('hkflow.fct_flow'::regclass)") == [
        ("One row per day; the desk's flow",)
    ]
    assert house.ask("SELECT col_description('hkflow.fct_flow'::regclass, 3)") == [
        ("Bought minus sold",)
    ]


def test_mart_without_rows_is_there_and_empty_and_said(put, send, house):
    done = send(put(1))
    assert house.ask("SELECT count(*) FROM fct_empty") == [(0,)]
    (note,) = done.notes
    assert "fct_empty" in note
    assert "published empty" in note


def test_snapshot_that_readers_have_is_not_sent_again_unless_asked(put, send, house):
    snapshot = put(1)
    first = send(snapshot)
    second = send(snapshot)
    assert second.is_unchanged
    assert second.version == first.version
    third = send(snapshot, again=True)
    assert not third.is_unchanged
    assert house.ask("SELECT version FROM _publish") == [(third.version,)]


def test_last_versions_are_kept_under_their_own_names(put, send, house):
    sent = [send(put(generation), kept=2) for generation in range(1, 6)]
    names = house.ask("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'hkflow%'")
    assert sorted(name for (name,) in names) == sorted(["hkflow", sent[2].version, sent[3].version])
    older = f"SELECT DISTINCT generation FROM {sent[2].version}.fct_flow"
    assert house.ask(older) == [(3,)]
    send(put(6), kept=0)
    names = house.ask("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'hkflow%'")
    assert names == [("hkflow",)]


FORBIDDEN = [
    "DELETE FROM hkflow.fct_flow",
    "UPDATE hkflow.fct_price SET close_price = 0",
    "INSERT INTO hkflow.fct_empty VALUES (current_date, 1)",
    "TRUNCATE hkflow.fct_flow",
    "DROP TABLE hkflow.fct_flow",
    "COMMENT ON TABLE hkflow.fct_flow IS 'mine'",
    "CREATE TABLE hkflow.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "CREATE TEMPORARY TABLE mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "ALTER SCHEMA hkflow RENAME TO mine",
    "SELECT * FROM private.salaries",
    "SELECT * FROM pg_authid",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY hkflow.fct_flow TO PROGRAM 'true'",
    "COPY hkflow.fct_flow TO '/tmp/flow'",
]


def test_analyst_may_read_the_marts_and_nothing_else(put, send, house):
    send(put(1))
    house.ask("CREATE SCHEMA IF NOT EXISTS private", house.admin)
    house.ask("CREATE TABLE IF NOT EXISTS private.salaries (x int)", house.admin)
    for sql in FORBIDDEN:
        with pytest.raises(adbc_driver_manager.Error) as caught:
            house.ask(sql)
        assert caught.value.sqlstate == "42501", sql
    assert house.ask("SELECT count(*) FROM fct_flow") == [(500,)]


@pytest.mark.parametrize("other", ["postgres", "template1"])
def test_analyst_login_reads_no_table_of_another_database(send, put, house, other):
    send(put(1))
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN "
    own = ("pg_catalog", "information_schema")
    url = house.analyst.replace("/hkflow", f"/{other}")
    assert house.ask(f"{tables}{own}", url) == [(0,)]


@pytest.mark.parametrize(
    ("duckdb_type", "value", "found"),
    [
        ("HUGEINT", "12345678901234567890123456789012345678", "numeric(38,0)"),
        ("UBIGINT", "18446744073709551615", "numeric(20,0)"),
        ("UINTEGER", "4294967295", "bigint"),
        ("TINYINT", "-128", "smallint"),
        ("DECIMAL(22,4)", "-123456789012345678.9012", "numeric(22,4)"),
        ("INTEGER[]", "[1, 2]", 'text collate "C"'),
    ],
)
def test_types_that_postgresql_lacks_are_widened_without_loss(house, duckdb_type, value, found):
    column = Column("x", duckdb_type, None)
    assert column.postgres_type == found
    rows = duckdb.sql(f"SELECT {column.selected} FROM (SELECT '{value}'::{duckdb_type} AS x)")
    with connect(house.admin) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE t (x {column.postgres_type})")
        cursor.adbc_ingest("t", rows.to_arrow_reader(10), mode="append", temporary=True)
        cursor.execute("SELECT x::text FROM t")
        assert cursor.fetchall() == [(value,)]


def test_round_gives_what_duckdb_gives(put, send, house):
    send(put(1))
    values = ("2.675", "-2.675", "0.125", "-0.125", "2.5", "0.0", "1234567.891", "1e300", "-7.345")
    calls = [f"round(({value})::float8, {n})" for value in values for n in (-1, 0, 1, 2, 6)]
    ours = duckdb.sql(f"SELECT {', '.join(calls)}").fetchall()
    assert house.ask(f"SELECT {', '.join(calls)}") == ours


def test_publisher_of_two_schemas_keeps_them_apart(put, send, house):
    send(put(1))
    send(put(2), schema="hkflow_test")
    assert house.ask("SELECT DISTINCT generation FROM hkflow.fct_flow") == [(1,)]
    assert house.ask("SELECT DISTINCT generation FROM hkflow_test.fct_flow") == [(2,)]


def test_a_moment_in_utc_stays_that_moment(put, send, house):
    send(put(1))
    [(loaded,)] = house.ask("SELECT loaded_at FROM _publish")
    assert abs(loaded - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
