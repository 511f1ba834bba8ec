from pathlib import Path

import pytest

from orchestration.publishing.snapshot import Snapshot, publish
from tests.publishing.staging import FACTS, judge, stage, suites


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


@pytest.fixture
def put(tmp_path: Path, zone: Path):
    """Publish a generation of the marts."""

    def publish_generation(generation: int, close: float = 470.0, **options: object) -> Snapshot:
        staged = stage(zone / ".staging" / f"run-{generation}.duckdb", generation, close=close)
        arguments = {"facts": FACTS, "audit": judge} | options
        return publish(staged, zone, suites(tmp_path / "suites"), **arguments)

    return publish_generation
