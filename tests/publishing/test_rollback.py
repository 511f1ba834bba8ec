"""What rollback takes away stays away until there is something new, or until it is undone."""

import json

import pytest

from data_lake.zones import Zones
from orchestration.publishing import lineage
from orchestration.publishing.snapshot import (
    NothingToRollBackTo,
    current,
    roll_forward,
    rollback,
    rolled_away,
)
from tests.publishing.staging import FACTS


@pytest.fixture
def zones(tmp_path):
    return Zones(tmp_path)


@pytest.fixture
def make(put, monkeypatch):
    """Publish a generation of the marts from a state of the lake, which is then the lake's."""

    def make_generation(number):
        facts = FACTS | {"lake_state": {"generation": number}}
        monkeypatch.setattr(lineage, "lineage", lambda zones: facts)
        return put(number, facts=facts)

    return make_generation


def test_rolled_back_content_is_not_published_again_by_itself(make, zone, zones):
    first, second = make(1), make(2)
    rollback(zone)
    assert lineage.is_published(zones), "the lake still gives what was taken away"
    assert current(zone) == first
    assert [each.id for each in rolled_away(zone)] == [second.id]


def test_anything_new_is_published_after_a_rollback(make, zone, zones, monkeypatch):
    make(1), make(2)
    rollback(zone)
    monkeypatch.setattr(lineage, "lineage", lambda zones: FACTS)
    assert not lineage.is_published(zones)
    third = make(3)
    assert current(zone) == third
    assert rolled_away(zone) == []


def test_undo_gives_readers_the_newest_again_after_several_rollbacks(make, zone):
    first, _second, third = make(1), make(2), make(3)
    rollback(zone), rollback(zone)
    assert roll_forward(zone) == (first.id, third.id)
    assert current(zone) == third
    assert rolled_away(zone) == []


def test_without_a_rollback_there_is_nothing_to_undo(make, zone):
    make(1), make(2)
    with pytest.raises(NothingToRollBackTo, match="no rollback to undo"):
        roll_forward(zone)


def test_snapshot_whose_publish_died_before_the_switch_was_not_rolled_back(make, zone, zones):
    first, second = make(1), make(2)
    (zone / "current").unlink()
    (zone / "current").symlink_to(first.id)
    assert second.path.exists() and current(zone) == first
    assert not lineage.is_published(zones), "readers must get it at the next run"
    with pytest.raises(NothingToRollBackTo):
        roll_forward(zone)


def test_damaged_snapshot_that_was_rolled_back_is_built_again(make, zone, zones):
    make(1)
    second = make(2)
    rollback(zone)
    (second.path / "manifest.json").chmod(0o644)
    (second.path / "manifest.json").write_text(json.dumps({}))
    assert rolled_away(zone) == []
    assert not lineage.is_published(zones)
