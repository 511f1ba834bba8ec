"""A run in this process: the Dagster definitions executed for a range of days, and the outcome.

The verbs `run`, `dev` of the CLI call this. It knows Dagster; it prints nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from data_lake.files import LakeLockedError
from data_lake.objects import ObjectStoreError
from data_lake.shared import held
from orchestration.extraction.run import months_of
from orchestration.publishing.lineage import is_published
from orchestration.settings import prepare_environment, settings

_EXECUTION: dict[str, Any] = {
    "run_config": {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    "raise_on_error": False,
}


@dataclass(frozen=True)
class TableReport:
    """What a run did to one lake table."""

    table: str
    rows: int
    rows_added: int
    missing_sessions: dict[str, list[str]]
    rows_left_out: dict[str, int]


@dataclass
class RunReport:
    """What a run did: tables, published snapshot, failures in plain sentences."""

    succeeded: bool
    tables: dict[str, TableReport] = field(default_factory=dict)
    payloads_missing: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    snapshot: str | None = None
    is_unchanged: bool = False
    """Whether readers keep the snapshot they had, since this run brought nothing new."""
    marts: dict[str, int] = field(default_factory=dict)
    feeds: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """What each source (second) did to a table (first), as the assets reported it."""


def run_range(
    first: dt.date, last: dt.date, sources: Sequence[str], options: dict[str, Any]
) -> RunReport:
    """Extract some sources for a range of days, build, audit and publish the marts.

    `options` are the fields of `RunOptions`. Failures are in the report, never raised. A lake on S3
    is held from beginning to end.
    """
    prepare_environment()
    try:
        with held(settings().zones.root):
            return _run(first, last, sources, options)
    except (LakeLockedError, ObjectStoreError) as error:
        return RunReport(succeeded=False, failures=[str(error)])


def _run(
    first: dt.date, last: dt.date, sources: Sequence[str], options: dict[str, Any]
) -> RunReport:
    import dagster as dg

    from orchestration.defs.extract import EXTRACTS
    from orchestration.defs.partitions import RANGE_END, RANGE_START
    from orchestration.defs.resources import RunOptions

    months = months_of(first, last)
    chosen = [asset for asset in EXTRACTS if asset.op.name.removeprefix("extract_") in sources]
    days: dict[str, Any] = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    resources = {"options": RunOptions(**days, **options)}
    with _quiet(), dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            chosen,
            instance=instance,
            resources=resources,
            tags={RANGE_START: months[0], RANGE_END: months[-1]},
            **_EXECUTION,
        )
        events = list(result.all_events)
        if result.success:
            result = dg.materialize(
                _to_publish(), instance=instance, resources=resources, **_EXECUTION
            )
            events += result.all_events
    report = RunReport(succeeded=result.success)
    for event in events:
        _note(report, event)
    with dg.DagsterInstance.get() as instance:
        for news in _news(events):
            instance.report_runless_asset_event(news)
    return report


def _to_publish() -> list[Any]:
    """Return the assets between lake and readers, without a build of what readers already have.

    That is known only after the extraction, and spares a quiet day the import of dbt.
    """
    from orchestration.defs.publish import publish_snapshot
    from orchestration.defs.serve import served

    if is_published(settings().zones):
        return [publish_snapshot, *served()]
    from orchestration.defs.warehouse import WAREHOUSE

    return [WAREHOUSE, publish_snapshot, *served()]


def _news(events: Sequence[Any]) -> Iterator[Any]:
    """Yield what the web UI's catalogue should learn of a run: what it changed, and its checks.

    The run itself is not recorded there: the event log costs more than the work of a quiet day.
    """
    for event in events:
        if event.is_step_materialization:
            materialization = event.step_materialization_data.materialization
            metadata = {name: value.value for name, value in materialization.metadata.items()}
            months = metadata.get("months_changed")
            is_news = months is None or materialization.partition in months
            if is_news and "unchanged_since_snapshot" not in metadata:
                yield materialization
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            check = event.event_specific_data
            if not check.passed or "rows" in check.metadata:
                yield check


def _note(report: RunReport, event: Any) -> None:
    if event.is_step_failure:
        report.failures.append(_sentence(event.step_failure_data))
    elif event.event_type_value == "ASSET_CHECK_EVALUATION":
        check = event.event_specific_data
        if not check.passed:
            name = "/".join(check.asset_key.path)
            report.warnings.append(f"{name}: {check.check_name}: {check.description or ''}".strip())
    elif event.is_step_materialization:
        _note_materialization(report, event.step_materialization_data.materialization)


def _note_materialization(report: RunReport, materialization: Any) -> None:
    metadata = {name: value.value for name, value in materialization.metadata.items()}
    layer, name = materialization.asset_key.path[:2]
    if layer == "published":
        report.snapshot = metadata["snapshot"]
        report.is_unchanged = "unchanged_since_snapshot" in metadata
        report.marts[name] = metadata["dagster/row_count"]
    elif layer == "served":
        report.warnings.extend(f"{name}: {note}" for note in metadata["notes"])
    elif layer == "lake":
        # One event per month repeats the figures of the run; each source counts once.
        report.feeds[name, metadata["source"]] = metadata
        of_table = [facts for (table, _), facts in report.feeds.items() if table == name]
        report.tables[name] = _table_report(name, of_table)
        if metadata["payloads_missing"]:
            source = metadata["source"]
            report.payloads_missing[source] = metadata["payloads_missing"]


def _table_report(table: str, feeds: Sequence[dict[str, Any]]) -> TableReport:
    """Put together what the sources of a table did to it, in the order in which they ran."""
    missing: dict[str, list[str]] = {}
    left_out: Counter[str] = Counter()
    for facts in feeds:
        for entity, days in facts["missing_sessions"].items():
            missing[entity] = sorted({*missing.get(entity, ()), *days})
        left_out.update(facts["rows_left_out"])
    return TableReport(
        table=table,
        rows=feeds[-1]["dagster/row_count"],
        rows_added=sum(facts["rows_added"] for facts in feeds),
        missing_sessions=missing,
        rows_left_out=dict(left_out),
    )


def _sentence(failure: Any) -> str:
    user = failure.user_failure_data
    if user is not None and user.description:
        return str(user.description)
    error = failure.error
    while error.cause is not None:
        error = error.cause
    return str(error.message).strip()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dagster's own log lines off the terminal; the report says what matters."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    yield
