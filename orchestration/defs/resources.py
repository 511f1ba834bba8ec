"""What a run works with: its options, as a Dagster resource that the UI and the CLI both fill."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from data_lake.shared import held
from orchestration.settings import settings
from orchestration.transport import open_transport
from orchestration.transport.base import Transport


class RunOptions(dg.ConfigurableResource):
    """How to get bytes, and which days of the selected months; empty values mean the settings.

    Whatever works with it holds a lake on S3, from the beginning of the run to its end.
    """

    transport: str = ""
    archive: str = ""
    first_day: str = ""
    last_day: str = ""
    refetch: bool = False
    strict: bool = False

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["RunOptions"]:
        """Give the options to a run that holds the lake."""
        with held(settings().zones.root):
            yield self

    def days(self, months: Sequence[str]) -> tuple[dt.date, dt.date]:
        """Return the first and last day to work on, within the months of the run's partitions."""
        first = dt.date.fromisoformat(f"{min(months)}-01")
        following = dt.date.fromisoformat(f"{max(months)}-01") + dt.timedelta(days=31)
        last = following.replace(day=1) - dt.timedelta(days=1)
        if self.first_day:
            first = max(first, dt.date.fromisoformat(self.first_day))
        if self.last_day:
            last = min(last, dt.date.fromisoformat(self.last_day))
        return first, last

    def open(self) -> Transport:
        """Open the transport this run uses.

        Raises:
            TransportError: the archive folder does not exist.
        """
        configured = settings()
        archive = self.archive or configured.archive or configured.zones.landing
        return open_transport(
            self.transport or configured.transport,
            archive=Path(archive),
            base_url=configured.http_base_url,
            contact=configured.contact,
            seed=configured.sandbox_seed,
        )
