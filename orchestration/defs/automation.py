"""When things run by themselves: every evening of a Hong Kong session, and once more at dawn."""

import datetime as dt

import dagster as dg

from orchestration import calendar
from orchestration.defs.extract import EXTRACTS
from orchestration.defs.partitions import MONTHS, RANGE_END, RANGE_START
from orchestration.defs.publish import publish_snapshot
from orchestration.defs.serve import served
from orchestration.defs.warehouse import WAREHOUSE
from orchestration.sources import SOURCES

EVERYTHING = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.assets(*EXTRACTS, WAREHOUSE, publish_snapshot, *served()),
    executor_def=dg.in_process_executor,
    partitions_def=MONTHS,
    description="Extract a month, build the marts, audit and publish them",
)


@dg.schedule(
    job=EVERYTHING,
    cron_schedule=["0 18 * * 1-5", "30 22 * * 1-5", "0 7 * * 2-6"],
    execution_timezone="Asia/Hong_Kong",
)
def after_publication(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Run for all months still moving: Connect at 18:00, sheets at 22:30, US funds at 7."""
    now = context.scheduled_execution_time.astimezone(calendar.HONG_KONG)
    today = now.date() if now.hour >= 18 else now.date() - dt.timedelta(days=1)
    if not (calendar.is_session("XHKG", today) or calendar.is_session("XNYS", today)):
        return dg.SkipReason(f"{today} is a session neither in Hong Kong nor in New York")
    first, last = months_still_moving(today)
    tags = {RANGE_START: first, RANGE_END: last}
    return dg.RunRequest(run_key=now.isoformat(), tags=tags)


def months_still_moving(today: dt.date) -> tuple[str, str]:
    """Return the first and last month in which a source may still publish or revise a session."""
    oldest = max(source.publish_lag + source.revision_window for source in SOURCES)
    return f"{today - oldest - dt.timedelta(days=7):%Y-%m}", f"{today:%Y-%m}"
