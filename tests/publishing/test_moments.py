"""Snapshots as of moments: the newest few are kept."""

import pytest

from orchestration import as_of
from orchestration.publishing.catalog import publish_lock
from orchestration.publishing.snapshot import publish
from tests.publishing.staging import FACTS, judge, stage, suites


@pytest.fixture
def moments(tmp_path):
    """Four moments; the earliest was asked for last."""
    folder = tmp_path / "as_of"
    names = ["20250104", "20250103", "20250102", "20250101"]
    for number, name in enumerate(names):
        staged = stage(tmp_path / f"{name}.duckdb", number)
        publish(staged, folder / name, suites(tmp_path / "suites"), FACTS, judge, kept=1)
    return folder


def test_moments_built_longest_ago_are_removed(moments):
    assert sorted(as_of.prune_moments(moments, 2)) == ["20250103", "20250104"]
    assert sorted(path.name for path in moments.iterdir()) == ["20250101", "20250102"]


def test_moment_that_is_being_built_is_left_alone(moments):
    with publish_lock(moments / "20250104", 1.0):
        assert as_of.prune_moments(moments, 2) == ["20250103"]
    assert (moments / "20250104").is_dir()
