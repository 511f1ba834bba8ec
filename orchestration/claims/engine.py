"""Running the compiled claims engine over a published snapshot, on the ledger's or other claims.

The SQL is that of a build of everything (`claims-engine.json`); no rule is known here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.claims.vocabulary import Unit, Vocabulary
from orchestration.publishing.claims_engine import ENGINE
from orchestration.publishing.manifest import Snapshot

VERDICTS = "mart_claim_verification"
CONSISTENCY = "mart_claim_consistency"
HYPOTHESES = "int_claims__hypotheses"
EVIDENCE = "int_claims__evidence"
CLAIM = "claim"
DOCUMENT = "claim_document"
PUBLISHED = "published_figure"
_SNAPSHOT = "snapshot"


class EngineError(Exception):
    """The engine cannot be run; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Engine:
    """The engine of one snapshot."""

    snapshot: Snapshot
    plan: dict[str, Any]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Engine:
        """Return the engine published with a snapshot.

        Raises:
            EngineError: the snapshot has none, or it cannot be read.
        """
        path = snapshot.path / ENGINE
        try:
            return cls(snapshot, json.loads(path.read_bytes()))
        except FileNotFoundError:
            raise EngineError(
                f"snapshot {snapshot.id} was published without the claims engine; "
                "publish one with: hkflow run"
            ) from None
        except (OSError, ValueError) as error:
            raise EngineError(f"{path} cannot be read ({error})") from None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Return the measures of the snapshot and the units of the ledger."""
        units = {
            row["unit_code"]: Unit(
                row["unit_code"], row["dimension"], row["label"], row["chinese_label"] or ""
            )
            for row in self.table("unit").to_pylist()
        }
        with _opened(self.snapshot) as connection:
            rows = connection.execute(
                f"SELECT DISTINCT metric_id, variant_id, unit FROM {_SNAPSHOT}.core.dim_metric "
                "ORDER BY ALL"
            ).fetchall()
        metrics: dict[str, dict[str, str]] = {}
        for metric, variant, unit in rows:
            metrics.setdefault(metric, {})[variant] = unit
        return Vocabulary(metrics, units)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Return what the snapshot, or somebody who published a figure, has figures of.

        Raises:
            EngineError: the snapshot has no table of figures.
        """
        query = f"SELECT DISTINCT subject_id FROM {_SNAPSHOT}.core.mart_metric_observations"
        with _opened(self.snapshot) as connection:
            try:
                rows = connection.execute(query).fetchall()
            except duckdb.Error as error:
                raise EngineError(f"snapshot {self.snapshot.id} has no figures: {error}") from None
        held = {table["name"] for table in self.plan["tables"]}
        others = self.table(PUBLISHED)["subject_id"].to_pylist() if PUBLISHED in held else []
        return frozenset(others) | {subject for (subject,) in rows}

    def table(self, name: str) -> pa.Table:
        """Return a small table that came with the engine, in its own types.

        Raises:
            EngineError: the engine has no such table.
        """
        for table in self.plan["tables"]:
            if table["name"] == name:
                with duckdb.connect() as connection:
                    connection.register("given", _texts(table))
                    return connection.execute(f"SELECT {_casts(table)} FROM given").to_arrow_table()
        raise EngineError(f"the engine of snapshot {self.snapshot.id} lacks the table {name}")

    def run(
        self,
        wanted: Sequence[str],
        claims: pa.Table | None = None,
        documents: pa.Table | None = None,
    ) -> dict[str, pa.Table]:
        """Return the wanted tables of the engine, for given claims or for the ledger's.

        `claims` and `documents` have the columns of the seeds `claim` and `claim_document`.

        Raises:
            EngineError: a model fails; the message names it.
        """
        own = {CLAIM: claims, DOCUMENT: documents}
        with _opened(self.snapshot) as connection:
            connection.execute(f"ATTACH ':memory:' AS {_quoted(self.plan['catalog'])}")
            connection.execute("SET enable_external_access = false")
            for table in self.plan["tables"]:
                given = own.get(table["name"])
                self._fill(connection, table, _texts(table) if given is None else given)
            for mart in self.plan["marts"]:
                self._create(
                    connection,
                    f"VIEW {self._place(mart)} AS FROM {_SNAPSHOT}.{_within(mart)}",
                    mart,
                )
            for model in self.plan["models"]:
                query = f"SELECT {_casts(model) or '*'} FROM ({model['sql']}\n)"
                self._create(connection, f"TABLE {self._place(model)} AS {query}", model)
            places = {model["name"]: self._place(model) for model in self.plan["models"]}
            return {
                name: connection.execute(f"FROM {places[name]} ORDER BY ALL").to_arrow_table()
                for name in wanted
            }

    def _fill(self, connection: duckdb.DuckDBPyConnection, table: Any, rows: pa.Table) -> None:
        connection.register("given", rows)
        self._create(
            connection, f"TABLE {self._place(table)} AS SELECT {_casts(table)} FROM given", table
        )
        connection.unregister("given")

    def _create(self, connection: duckdb.DuckDBPyConnection, statement: str, what: Any) -> None:
        schema = f"{_quoted(self.plan['catalog'])}.{_quoted(what['schema'])}"
        try:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            connection.execute(f"CREATE {statement}")
        except duckdb.Error as error:
            said = " ".join(str(error).split("\nLINE ")[0].split())
            raise EngineError(f"the engine's {what['name']} fails: {said}") from None

    def _place(self, what: Any) -> str:
        return f"{_quoted(self.plan['catalog'])}.{_within(what)}"


def published(snapshot: Snapshot, names: Sequence[str]) -> dict[str, pa.Table]:
    """Return tables of the engine as the snapshot holds them: the ledger's own verdicts.

    Raises:
        EngineError: the snapshot lacks one.
    """
    schemas = {mart.name: mart.schema for mart in snapshot.marts}
    lacking = [name for name in names if name not in schemas]
    if lacking:
        raise EngineError(
            f"snapshot {snapshot.id} has no {', '.join(lacking)}; publish one with: hkflow run"
        )
    with _opened(snapshot) as connection:
        return {
            name: connection.execute(
                f"FROM {_SNAPSHOT}.{_quoted(schemas[name])}.{_quoted(name)} ORDER BY ALL"
            ).to_arrow_table()
            for name in names
        }


def _opened(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH {_text(snapshot.database)} AS {_SNAPSHOT} (READ_ONLY)")
    except duckdb.Error as error:
        connection.close()
        raise EngineError(f"{snapshot.database} cannot be opened: {error}") from None
    return connection


def _texts(table: Any) -> pa.Table:
    names = [column["name"] for column in table["columns"]]
    columns = list(zip(*table["rows"], strict=True)) or [()] * len(names)
    return pa.table(
        {name: pa.array(cells, pa.string()) for name, cells in zip(names, columns, strict=True)}
    )


def _casts(table: Any) -> str:
    return ", ".join(
        f"CAST({_quoted(column['name'])} AS {column['type']}) AS {_quoted(column['name'])}"
        for column in table["columns"]
    )


def _within(what: Any) -> str:
    return f"{_quoted(what['schema'])}.{_quoted(what['name'])}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
