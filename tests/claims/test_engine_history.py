"""The history of verdicts: rows are added where something changed, and never lost."""

import datetime as dt
from functools import cache
from pathlib import Path

import duckdb
import pytest

from tests.claims.engine_compiled import compiled_history

KNOWN = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
COLUMNS = (
    "claim_id, verdict, reason_codes, warehouse_value, warehouse_unit, variant_id, "
    "evidence_source, evidence_grade, confidence, is_synthetic, known_at"
)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the history that was published before: two claims, the first in two revisions."""
    file = tmp_path_factory.mktemp("history") / "fct_claim_verdict_history.parquet"
    with duckdb.connect() as connection:
        rows = [
            ("C01", 1, "refuted", 1.0),
            ("C01", 2, "confirmed", 2.0),
            ("C02", 1, "refuted", 3.0),
        ]
        marks = ", ".join(
            f"('{claim}', {number}, '{verdict}', '', {value}, 'pct', 'close', 'A', 'official', "
            f"0.9, false, TIMESTAMPTZ '2025-03-01 00:00:00+00')"
            for claim, number, verdict, value in rows
        )
        connection.execute(
            f"COPY (SELECT * FROM (VALUES {marks}) AS rows (claim_id, revision_number, "
            f"{COLUMNS.removeprefix('claim_id, ')})) TO '{file}' (FORMAT parquet)"
        )
    return file


@cache
def statement(file: Path | None) -> str:
    return compiled_history(file)


def revisions(file: Path | None, *verdicts: tuple[str, str, str, float | None]) -> set[tuple]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("ATTACH ':memory:' AS hkflow")
        connection.execute("USE hkflow")
        connection.execute("CREATE SCHEMA claims")
        connection.execute(
            "CREATE TABLE claims.mart_claim_verification (claim_id VARCHAR, verdict VARCHAR, "
            "reason_codes VARCHAR, warehouse_value DOUBLE, warehouse_unit VARCHAR, "
            "variant_id VARCHAR, evidence_source VARCHAR, evidence_grade VARCHAR, "
            "confidence DOUBLE, is_synthetic BOOLEAN, known_at TIMESTAMPTZ)"
        )
        rest = ["pct", "close", "A", "official", 0.9, False, KNOWN]
        connection.executemany(
            f"INSERT INTO claims.mart_claim_verification ({COLUMNS}) "
            f"VALUES ({', '.join('?' * 11)})",
            [[*verdict, *rest] for verdict in verdicts],
        )
        found = connection.execute(statement(file))
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["claim_id"], row["revision_number"], row["verdict"]) for row in rows}


OLD = {("C01", 1, "refuted"), ("C01", 2, "confirmed"), ("C02", 1, "refuted")}


def test_first_verdicts_are_first_revisions():
    assert revisions(None, ("C01", "confirmed", "", 2.0)) == {("C01", 1, "confirmed")}


def test_what_has_not_changed_adds_no_row(before):
    same = [("C01", "confirmed", "", 2.0 + 1e-12), ("C02", "refuted", "", 3.0)]
    assert revisions(before, *same) == OLD


@pytest.mark.parametrize(
    "changed",
    [
        ("C02", "confirmed", "", 3.0),
        ("C02", "refuted", "few_digits", 3.0),
        ("C02", "refuted", "", 3.1),
        ("C02", "refuted", "", None),
    ],
    ids=["verdict", "reasons", "figure", "no figure"],
)
def test_what_has_changed_adds_one_row(before, changed):
    found = revisions(before, ("C01", "confirmed", "", 2.0), changed)
    assert found == OLD | {("C02", 2, changed[1])}


def test_claims_that_are_gone_and_claims_that_are_new_both_stay(before):
    assert revisions(before, ("C03", "confirmed", "", 1.0)) == OLD | {("C03", 1, "confirmed")}
