"""Small runs of real sources over the sandbox, into zones of their own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.extraction.run import Extracted, extract
from orchestration.sources import hkex_stock_connect
from orchestration.sources.base import Payload
from orchestration.transport.sandbox import SandboxTransport

FEBRUARY = (dt.date(2025, 2, 3), dt.date(2025, 2, 14))
SOURCE = hkex_stock_connect.SOURCE


@dataclass
class Tampering:
    """A transport that changes some answers of the sandbox on their way."""

    inner: SandboxTransport
    change: Callable[[Payload], Payload] = lambda payload: payload
    asked: list[str] = field(default_factory=list)
    name: str = "sandbox"
    knows_the_past: bool = True

    def fetch(self, request):
        self.asked.append(request.key)
        return [self.change(payload) for payload in self.inner.fetch(request)]


@pytest.fixture(scope="session")
def sandbox():
    return SandboxTransport()


@pytest.fixture
def zones(tmp_path):
    return Zones(tmp_path)


@pytest.fixture
def transport(sandbox):
    return Tampering(sandbox)


@pytest.fixture
def run(zones, transport) -> Callable[..., Extracted]:
    def _run(source=SOURCE, days=FEBRUARY, via=transport, **options):
        return extract(source, *days, via, zones, **options)

    return _run


@pytest.fixture
def rows_of(zones):
    return lambda table: LakeStore(zones.lake).read(TABLES[table])


def with_body(payload: Payload, body: bytes) -> Payload:
    return replace(payload, body=body)
