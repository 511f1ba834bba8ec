"""The runner: holds an Arrow frame against a suite and says which rows fail and why.

The only importer of great_expectations, and only inside functions (the import costs seconds). What
that library lets through (a misspelt or an empty suite, an empty frame, NaN, infinity, an
expectation that raises) fails here. Thresholds live in `suites/`, not here.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa

from data_lake.tables.base import PROVENANCE
from expectations.frame import (
    ROWS_KEPT,
    derive,
    one_line,
    row_label,
    structural_failures,
    to_pandas,
    typed_bounds,
)
from expectations.suite import COLUMN_SET, SUITES, Suite, SuiteError, columns_of, read_suite
from expectations.verdict import CRITICAL, Failure, Verdict

__all__ = ["ROWS_KEPT", "SUITES", "Failure", "Suite", "SuiteError", "Verdict", "load_suite"]
__all__ += ["validate"]

_LOCK = Lock()
_POSITION = "position_in_suite"


def load_suite(path: Path) -> Suite:
    """Read a suite and make sure that the library knows every expectation and argument in it.

    Raises:
        SuiteError: the file is broken, the suite is empty, or an expectation is not known.
    """
    return _loaded(path, path.stat().st_mtime_ns if path.exists() else 0)


def validate(table: pa.Table, suite: Path, *, required: Sequence[str] = ()) -> Verdict:
    """Hold a frame against a suite.

    `required` names columns that must be there beside those the suite speaks of. Decimals are
    compared as float64. A null counts as missing, never as a value: expect not-null to refuse it.

    Raises:
        SuiteError: the suite is broken; the frame has not been judged.
    """
    loaded = load_suite(suite)
    failures = structural_failures(table, [*loaded.columns, *required])
    if table.num_rows:
        failures += _expected(table, loaded, _missing(failures))
    return Verdict(loaded.name, table.num_rows, tuple(failures))


@cache
def _loaded(path: Path, _modified: int) -> Suite:
    suite = read_suite(path)
    for position, entry in enumerate(suite.expectations):
        try:
            known = len(_gx_suite([entry]).expectations)
        except Exception as error:  # pydantic's or the library's own, by release
            raise SuiteError(
                f"{path}: expectation {position} ({entry['type']}) is refused: {one_line(error)}"
            ) from None
        if not known:
            raise SuiteError(
                f"{path}: expectation {position} ({entry['type']}) is not known; check its spelling"
            )
    return suite


def _missing(failures: list[Failure]) -> set[str]:
    return {failure.column for failure in failures if failure.expectation == "column_exists"}


def _expected(table: pa.Table, suite: Suite, missing: set[str]) -> list[Failure]:
    frame = to_pandas(table, suite.columns | suite.column_set)
    computable = {
        name: text
        for name, text in suite.derived_columns.items()
        if not missing & Suite(suite.path, "", (), {name: text}).columns
    }
    failures = derive(frame, table, computable)
    extra = set(frame.columns) & {*PROVENANCE.names, *computable} - suite.column_set
    entries = [
        _ready(entry, position, table.schema, extra)
        for position, entry in enumerate(suite.expectations)
        if set(columns_of(entry["kwargs"])) <= set(frame.columns)
    ]
    failing = [_position(result) for result in _run(frame, entries, "BOOLEAN_ONLY")]
    again = [entry for entry in entries if entry["meta"][_POSITION] in failing]
    results = sorted(_run(frame, again, "COMPLETE"), key=_position)
    return failures + [
        _failure(table, suite.expectations[_position(result)], result) for result in results
    ]


def _ready(
    entry: dict[str, Any], position: int, schema: pa.Schema, extra: set[str]
) -> dict[str, Any]:
    """Return an expectation with its place in the suite and with bounds of the column's type."""
    kwargs = dict(entry["kwargs"])
    if entry["type"] == COLUMN_SET:
        kwargs["column_set"] = [*kwargs["column_set"], *sorted(extra)]
    kwargs |= typed_bounds(kwargs, schema)
    meta = {**entry.get("meta", {}), _POSITION: position}
    return {**entry, "kwargs": kwargs, "meta": meta}


def _run(frame: Any, entries: list[dict[str, Any]], result_format: str) -> list[Any]:
    """Return the results of the expectations that do not hold."""
    if not entries:
        return []
    with _LOCK:
        suite = _gx_suite([{**entry, "type": _thrifty(entry["type"])} for entry in entries])
        batch = _batch_definition().get_batch({"dataframe": frame})
        outcome = batch.validate(suite, result_format={"result_format": result_format})
    if len(outcome.results) != len(entries):
        raise SuiteError(f"{len(entries)} expectations were asked, {len(outcome.results)} answered")
    return [result for result in outcome.results if not result.success]


def _gx_suite(entries: list[dict[str, Any]]) -> Any:
    gx = _great_expectations()
    return gx.ExpectationSuite(name="suite", expectations=entries)


@cache
def _thrifty(kind: str) -> str:
    """Return the name of a subclass of an expectation that describes itself only once.

    The library's own builds its `configuration` anew whenever a validation asks for it, some forty
    times: a quarter of all that validating costs. What is expected is inherited unchanged.
    """
    from great_expectations.compatibility import pydantic
    from great_expectations.expectations.registry import get_expectation_impl

    expectation = get_expectation_impl(kind)

    def configuration(self: Any) -> Any:
        if self._described is None:
            self._described = expectation.configuration.fget(self)
        return self._described

    members = {
        "__module__": __name__,
        "_described": pydantic.PrivateAttr(default=None),
        "configuration": property(configuration),
    }
    return type(f"Thrifty{expectation.__name__}", (expectation,), members).expectation_type


@cache
def _great_expectations() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # The library logs a traceback for what is raised here as SuiteError or kept as a failure, and
    # parts of it set a level of their own: nothing of it goes to what a user of this has set up.
    log = logging.getLogger("great_expectations")
    log.setLevel(logging.CRITICAL + 1)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    import great_expectations as gx

    return gx


@cache
def _batch_definition() -> Any:
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _position(result: Any) -> int:
    return result.expectation_config.meta[_POSITION]


def _failure(table: pa.Table, entry: dict[str, Any], result: Any) -> Failure:
    columns = ", ".join(columns_of(entry["kwargs"]))
    severity = entry.get("severity", CRITICAL)
    notes = entry.get("notes") or ""
    notes = notes if isinstance(notes, str) else " ".join(notes)
    raised = _exception(result)
    if raised:
        message = f"{columns}: {entry['type']} could not be evaluated: {raised}"
        return Failure(entry["type"], columns, CRITICAL, message, notes=notes)
    rows = [int(row) for row in result.result.get("unexpected_index_list") or []]
    limits = ", ".join(
        f"{name} {value}"
        for name, value in entry["kwargs"].items()
        if not name.startswith("column") and name not in ("value_set", "regex")
    )
    what = entry["type"] + (f" ({limits})" if limits else "")
    if rows:
        first = _example(result.result["unexpected_list"][0]) + row_label(table, rows)
        count = f"{len(rows):,} of {table.num_rows:,} rows"
        message = f"{columns}: {count} break {what}, first {first}"
    else:
        observed = result.result.get("details") or result.result.get("observed_value")
        message = f"{columns or 'table'}: {what} does not hold, observed {observed}"
    return Failure(entry["type"], columns, severity, message, tuple(rows[:ROWS_KEPT]), notes)


def _example(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_example(item)}" for name, item in value.items())
    if isinstance(value, tuple):
        return " and ".join(_example(item) for item in value)
    return str(value).removesuffix(" 00:00:00")


def _exception(result: Any) -> str:
    """Return the message of what an expectation raised; flat or one per metric, by the library."""
    info = result.exception_info or {}
    nested = [info] if "raised_exception" in info else list(info.values())
    for item in nested:
        if isinstance(item, dict) and item.get("exception_message"):
            return one_line(item["exception_message"])
    return ""
