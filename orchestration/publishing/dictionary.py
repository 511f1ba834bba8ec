"""The data dictionary: every mart with its grain, every column with its type and description.

Written from the comments that the build left in the warehouse, so that it cannot differ from what
a reader of the database sees. DuckDB and text only; what a description should say is dbt's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.publishing.build import StagedMart

DICTIONARY = "data-dictionary.md"
_INTRODUCTION = """# Data dictionary

Every mart of this snapshot: one row's meaning first, then each column with its type, unit and
formula. Units are in the columns' names: `_hkd_mn` is HKD million, `_pct` is percent points.
"""


def write_dictionary(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[StagedMart], folder: Path
) -> Path:
    """Write `data-dictionary.md` for the marts of the attached database `staged`.

    Raises:
        OSError: the folder cannot be written to.
    """
    described = sorted(marts, key=lambda mart: (mart.schema, mart.name))
    contents = [f"- [{mart.schema}.{mart.name}](#{mart.schema}{mart.name})" for mart in described]
    sections = [_section(connection, mart) for mart in described]
    path = folder / DICTIONARY
    path.write_text("\n".join([_INTRODUCTION, *contents, "", *sections]) + "\n", encoding="utf-8")
    return path


def _section(connection: duckdb.DuckDBPyConnection, mart: StagedMart) -> str:
    place = "database_name = 'staged' AND schema_name = ? AND table_name = ?"
    at = [mart.schema, mart.name]
    [(comment,)] = connection.execute(
        f"SELECT comment FROM duckdb_tables() WHERE {place}", at
    ).fetchall()
    columns = connection.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        f"WHERE {place} ORDER BY column_index",
        at,
    ).fetchall()
    lines = [
        f"## {mart.schema}.{mart.name}",
        "",
        _one_line(comment),
        "",
        "| column | type | meaning, unit, formula |",
        "|---|---|---|",
        *(f"| `{name}` | {kind.lower()} | {_cell(about)} |" for name, kind, about in columns),
        "",
    ]
    return "\n".join(lines)


def _one_line(text: str | None) -> str:
    return " ".join((text or "Not described.").split())


def _cell(text: str | None) -> str:
    """Return a text that stays within one cell of a Markdown table."""
    return _one_line(text).replace("|", "\\|")
