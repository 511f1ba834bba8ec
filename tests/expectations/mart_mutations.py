"""What tests of mart suites share: typed frames, single-row mutations, and their completeness."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from expectations.runner import SUITES, Failure, load_suite, validate

UTC = pa.timestamp("us", "UTC")
SUFFIXES = {"_date": pa.date32(), "_shares": pa.int64(), "_trades": pa.int64()}
SUFFIXES |= {"_mn": pa.decimal128(18, 2), "_price": pa.decimal128(18, 6)}
SUFFIXES |= {"_pct": pa.float64(), "_factor": pa.float64(), "known_at": UTC}
Row = dict[str, Any]
Rows = list[Row]
Mutation = tuple[str, str, Row, int]
"""What must fail, on which column, the change, the row it is made in."""

UNIQUE, NULL, BETWEEN, IN_SET, REGEX = (
    "compound_columns_to_be_unique",
    "column_values_to_not_be_null",
    "column_values_to_be_between",
    "column_values_to_be_in_set",
    "column_values_to_match_regex",
)
DAY = dt.date(2025, 2, 17)
EVENING = dt.datetime(2025, 2, 26, 10, tzinfo=dt.UTC)
PROVENANCE = {"evidence_grade": "synthetic", "is_synthetic": True, "known_at": EVENING}
LOOK_AHEAD = {"known_at": dt.datetime(2025, 2, 16, 23, tzinfo=dt.UTC)}
GRADES: list[Mutation] = [
    (IN_SET, "evidence_grade", {"evidence_grade": "hearsay"}, 0),
    (IN_SET, "is_grade_of_its_world", {"evidence_grade": "official"}, 0),
    (IN_SET, "is_grade_of_its_world", {"is_synthetic": False}, 0),
]
Caught = tuple[str, str, str]


def entries(mart: str) -> set[Caught]:
    """Return type, columns and severity of every expectation of a mart's suite."""
    return {
        (
            entry["type"],
            entry["kwargs"].get("column") or ", ".join(entry["kwargs"]["column_list"]),
            entry["severity"],
        )
        for entry in load_suite(SUITES / "marts" / f"{mart}.json").expectations
    }


def nulls(mart: str) -> list[Mutation]:
    """Return one mutation that empties every column which may not be null."""
    columns = sorted(column for kind, column, _ in entries(mart) if kind == f"expect_{NULL}")
    return [(NULL, column, dict.fromkeys(columns), 0) for column in columns[:1]]


class Changed(list[Row]):
    """Good rows in which a mutation was made, and the columns that it changed."""

    columns: frozenset[str]


def judged(mart: str, rows: Rows) -> tuple[Failure, ...]:
    """Return the failures of rows, typed as DuckDB gives them: by column name, all nullable."""
    arrays = {}
    for name in rows[0]:
        is_flag = name.startswith(("is_", "has_"))
        kinds = (kind for ending, kind in SUFFIXES.items() if name.endswith(ending) and not is_flag)
        arrays[name] = pa.array([row[name] for row in rows], next(kinds, None))
    columns = rows.columns if isinstance(rows, Changed) else frozenset()
    return validate(pa.table(arrays), suite_about(mart, columns)).failures


@cache
def suite_about(mart: str, columns: frozenset[str]) -> Path:
    """Return a mart's suite without what cannot tell changed rows from the good ones.

    An expectation that speaks of no changed column, by itself or through a derived one, holds as
    it does for the good rows. To ask it again for every mutation costs more than all the others.
    """
    whole = SUITES / "marts" / f"{mart}.json"
    if not columns:
        return whole
    suite = json.loads(whole.read_text("utf-8"))
    derived = suite.get("meta", {}).get("derived_columns", {})
    touched = set(columns)
    for name, text in derived.items():
        if _words(text) & touched:
            touched.add(name)
    suite["expectations"] = [
        entry for entry in suite["expectations"] if _words(json.dumps(entry["kwargs"])) & touched
    ]
    named = _words(json.dumps(suite["expectations"]))
    for name, text in reversed(derived.items()):
        if name in named:
            named |= _words(text)
    kept = {name: text for name, text in derived.items() if name in named}
    suite["meta"] = {"derived_columns": kept}
    file = folder() / f"{mart}-{len(list(folder().iterdir()))}.json"
    file.write_text(json.dumps(suite), encoding="utf-8")
    return file


def folder() -> Path:
    return Path(_temporary().name)


@cache
def _temporary() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="suites-")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def changed(rows: Rows, mutation: Mutation) -> Rows:
    """Return the rows with a mutation made in one of them."""
    _, _, change, position = mutation
    mutated = Changed(
        row | change if number == position else row for number, row in enumerate(rows)
    )
    mutated.columns = frozenset(change)
    return mutated


def assert_caught(failures: tuple[Failure, ...], mutation: Mutation) -> None:
    """Assert that the expectation which a mutation aims at names the row it was made in."""
    wanted = (f"expect_{mutation[0]}", mutation[1])
    caught = [each for each in failures if (each.expectation, each.column) == wanted]
    assert caught, (mutation[2], [each.message for each in failures])
    assert all(mutation[3] in each.unexpected_rows for each in caught)
    assert all(each.notes for each in caught)


def assert_all_tripped(mart: str, failures: Iterable[Failure]) -> None:
    """Assert that every expectation of a mart's suite is among the failures of its mutations."""
    tripped = {(each.expectation, each.column, each.severity) for each in failures}
    assert entries(mart) - tripped == set()
