"""Reading a suite from its JSON file: what it may contain, and which columns it speaks of.

Only the shape of the file is judged here; whether the library knows the expectations is asked in
`expectations.runner`.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.verdict import SEVERITIES

SUITES = Path(__file__).parent / "suites"
"""Folder of the suites: `lake/<table>.json` and `marts/<mart>.json`."""
COLUMN_SET = "expect_table_columns_to_match_set"
_SUITE_KEYS = {"name", "expectations", "meta", "notes"}
_EXPECTATION_KEYS = {"type", "kwargs", "severity", "notes", "meta", "description"}


class SuiteError(Exception):
    """A suite that cannot judge anything; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Suite:
    """A suite as its file states it.

    `derived_columns` maps a name to an expression over the frame's columns, computed row by row
    before validation, so that identities between columns can be expected like any range.
    """

    path: Path
    name: str
    expectations: tuple[dict[str, Any], ...]
    derived_columns: dict[str, str]

    @property
    def columns(self) -> set[str]:
        """Return the columns the frame must bring for this suite."""
        named = {name for entry in self.expectations for name in columns_of(entry["kwargs"])}
        inputs = {name for text in self.derived_columns.values() for name in inputs_of(text)}
        return (named | inputs) - set(self.derived_columns)

    @property
    def column_set(self) -> set[str]:
        """Return the columns that a column-set expectation lists, if there is one."""
        lists = (e["kwargs"] for e in self.expectations if e["type"] == COLUMN_SET)
        return {name for kwargs in lists for name in kwargs.get("column_set", [])}


def columns_of(kwargs: dict[str, Any]) -> list[str]:
    """Return the columns an expectation's arguments name (a column set is no demand)."""
    single = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return [*single, *kwargs.get("column_list", [])]


def inputs_of(expression: str) -> set[str]:
    """Return the column names in a derived column's expression; function names are not columns."""
    tree = ast.parse(expression, mode="eval")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in names if id(node) not in called}


def read_suite(path: Path) -> Suite:
    """Read a suite's file.

    Raises:
        SuiteError: the file is missing, is no JSON object, has an unknown key, a broken derived
            column, an expectation without type or arguments, or no expectation at all.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SuiteError(f"{path}: there is no such suite; write one") from None
    except ValueError as error:
        raise SuiteError(f"{path}: not valid JSON: {error}") from None
    if not isinstance(content, dict) or not content.get("name"):
        raise SuiteError(f"{path}: a suite is an object with a name and expectations")
    _refuse_unknown(path, "suite", content, _SUITE_KEYS)
    entries = content.get("expectations") or []
    if not entries:
        raise SuiteError(f"{path}: the suite is empty and would pass anything")
    for position, entry in enumerate(entries):
        _check_entry(path, f"expectation {position}", entry)
    derived = (content.get("meta") or {}).get("derived_columns") or {}
    for name, expression in derived.items():
        _check_expression(path, name, expression)
    return Suite(path, content["name"], tuple(entries), derived)


def _refuse_unknown(path: Path, what: str, found: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise SuiteError(f"{path}: {what} has unknown keys {unknown}; known: {sorted(known)}")


def _check_entry(path: Path, what: str, entry: Any) -> None:
    if not isinstance(entry, dict) or not entry.get("type"):
        raise SuiteError(f"{path}: {what} has no type")
    _refuse_unknown(path, f"{what} ({entry['type']})", entry, _EXPECTATION_KEYS)
    if not isinstance(entry.get("kwargs"), dict):
        raise SuiteError(f"{path}: {what} ({entry['type']}) has no kwargs")
    if entry.get("severity", "critical") not in SEVERITIES:
        raise SuiteError(
            f"{path}: {what} ({entry['type']}) has severity {entry['severity']!r}; "
            f"known: {', '.join(SEVERITIES)}"
        )


def _check_expression(path: Path, name: str, expression: Any) -> None:
    try:
        inputs_of(expression)
    except (SyntaxError, TypeError):
        raise SuiteError(
            f"{path}: derived column {name!r} is no expression: {expression!r}"
        ) from None
