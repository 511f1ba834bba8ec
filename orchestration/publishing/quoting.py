"""Quoting for SQL that DuckDB and PostgreSQL both read."""

from __future__ import annotations


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str | None) -> str:
    """Return a text as a literal; None is NULL."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
