"""The engine's compiled SQL over tables that a test writes down, without a lake or a build."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from orchestration import calendar
from orchestration.warehouse import PROJECT
from tests.claims.engine_compiled import compiled_models

Row = dict[str, Any]
OBSERVATION = {
    "metric_id": "VARCHAR",
    "variant_id": "VARCHAR",
    "subject_kind": "VARCHAR",
    "subject_id": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "observation_window": "VARCHAR",
    "window_length": "INTEGER",
    "value": "DOUBLE",
    "value_date": "DATE",
    "unit": "VARCHAR",
    "currency": "VARCHAR",
    "evidence_grade": "VARCHAR",
    "is_synthetic": "BOOLEAN",
    "known_at": "TIMESTAMPTZ",
}
CLAIM = {
    "claim_id": "VARCHAR",
    "document_id": "VARCHAR",
    "sentence_number": "INTEGER",
    "statement": "VARCHAR",
    "claim_kind": "VARCHAR",
    "subject_id": "VARCHAR",
    "metric_id": "VARCHAR",
    "variant_id": "VARCHAR",
    "published_value": "DOUBLE",
    "published_decimals": "INTEGER",
    "unit": "VARCHAR",
    "comparator": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "period_text": "VARCHAR",
    "since_date": "DATE",
    "benchmark_subject_id": "VARCHAR",
    "parent_claim_id": "VARCHAR",
    "parent_relation": "VARCHAR",
    "cited_source": "VARCHAR",
    "attributed_to": "VARCHAR",
    "world": "VARCHAR",
}
DOCUMENT = {
    "document_id": "VARCHAR",
    "title": "VARCHAR",
    "publisher": "VARCHAR",
    "published_on": "DATE",
    "language": "VARCHAR",
    "text_sha256": "VARCHAR",
    "inferred_year": "INTEGER",
    "inferred_year_basis": "VARCHAR",
}
FIGURE = {
    "figure_id": "VARCHAR",
    "metric_id": "VARCHAR",
    "variant_id": "VARCHAR",
    "subject_id": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "value": "DOUBLE",
    "unit": "VARCHAR",
    "decimals": "INTEGER",
    "source_name": "VARCHAR",
    "source_published_on": "DATE",
    "evidence_grade": "VARCHAR",
    "note": "VARCHAR",
}
KNOWN_AT = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)


@dataclass
class World:
    """What the engine may read: figures on file, figures of others, and what is claimed."""

    claims: list[Row] = field(default_factory=list)
    observations: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=lambda: [{"document_id": "D1"}])

    def observe(
        self, metric: str, variant: str, subject: str, day: dt.date, value: Any, **more: Any
    ) -> None:
        """Put a figure on file: of one day, official and not invented, unless said otherwise."""
        row = {
            "metric_id": metric,
            "variant_id": variant,
            "subject_id": subject,
            "period_start": day,
            "period_end": day,
            "observation_window": "day",
            "window_length": 1,
            "value": value,
            "currency": registry()[metric, variant]["currency"] or None,
            "evidence_grade": "official",
            "is_synthetic": False,
            "known_at": KNOWN_AT,
        }
        self.observations.append(row | more)

    def claim(self, claim_id: str, **more: Any) -> None:
        """Claim a figure of one day, in the real world, as it is printed."""
        row = {
            "claim_id": claim_id,
            "document_id": "D1",
            "statement": "Invented.",
            "claim_kind": "level",
            "comparator": "equal",
            "published_decimals": 0,
            "world": "real",
        }
        if "day" in more:
            more |= dict.fromkeys(("period_start", "period_end"), more.pop("day"))
        self.claims.append(row | more)

    def verdicts(self) -> dict[str, Row]:
        """Run the engine and return its verdicts by claim."""
        rows = self.tables("mart_claim_verification")
        return {row["claim_id"]: row for row in rows}

    def rules(self, rule_id: str) -> dict[str, Row]:
        """Run the engine and return what one rule says, by the claim it is about."""
        rows = self.tables("mart_claim_consistency")
        return {row["claim_id"]: row for row in rows if row["rule_id"] == rule_id}

    def tables(self, name: str) -> list[Row]:
        """Run the engine and return the rows of one of its tables."""
        with duckdb.connect() as connection:
            self._fill(connection)
            place = ""
            for model in compiled():
                if model["name"] == name:
                    place = f"{model['schema']}.{name}"
                connection.execute(
                    f"CREATE TABLE {model['schema']}.{model['name']} AS {model['sql']}"
                )
            found = connection.execute(f"FROM {place}").to_arrow_table()
        return found.to_pylist()

    def _fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("ATTACH ':memory:' AS hkflow")
        connection.execute("USE hkflow")
        for schema in ("staging", "core", "intermediate", "claims"):
            connection.execute(f"CREATE SCHEMA {schema}")
        seeds = PROJECT / "seeds"
        connection.execute(
            f"CREATE TABLE staging.unit AS FROM read_csv('{seeds / 'claims' / 'unit.csv'}')"
        )
        connection.execute(
            f"""CREATE TABLE core.dim_metric AS
            SELECT metrics.*, coalesce(figures.observation_window, 'none') AS observation_window,
                coalesce(figures.window_length, 0) AS window_length, figures.model
            FROM read_csv('{seeds / "core" / "metric.csv"}') AS metrics
            LEFT JOIN read_csv('{seeds / "core" / "metric_figure.csv"}') AS figures
            USING (metric_id, variant_id)"""
        )
        connection.execute(
            "CREATE TABLE core.dim_security AS FROM "
            f"read_csv('{seeds / 'core' / 'security.csv'}', all_varchar = true)"
        )
        connection.register("sessions", sessions())
        connection.execute("CREATE TABLE core.dim_session AS FROM sessions")
        _table(connection, "core.mart_metric_observations", OBSERVATION, self.observations)
        _table(connection, "staging.claim", CLAIM, self.claims)
        _table(connection, "staging.claim_document", DOCUMENT, self.documents)
        _table(connection, "staging.published_figure", FIGURE, self.figures)


@cache
def registry() -> dict[tuple[str, str], dict[str, str]]:
    """Return the lines of `metric.csv` by measure and variant."""
    with (PROJECT / "seeds" / "core" / "metric.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["metric_id"], row["variant_id"]): row for row in csv.DictReader(lines)}


@cache
def sessions() -> pa.Table:
    """Return the sessions of every calendar in 2023 to 2025, numbered."""
    rows = [
        {"calendar": name, "trade_date": day, "session_number": number}
        for name in calendar.CALENDARS
        for number, day in enumerate(calendar.all_sessions(name))
        if 2023 <= day.year <= 2025
    ]
    return pa.Table.from_pylist(rows)


@cache
def compiled() -> tuple[dict[str, str], ...]:
    """Return the engine's models as dbt compiles them, in the order in which they are built."""
    return compiled_models()


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: dict[str, str],
    rows: Iterable[Row],
) -> None:
    described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE TABLE {name} ({described})")
    cells: Sequence[list[Any]] = [[row.get(column) for column in columns] for row in rows]
    if cells:
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", cells)
