"""Flows into a security: the change of value from its ends, and what stands in for the default."""

import datetime as dt

import pytest

from orchestration import calendar
from tests.claims.engine_run import World

BEFORE, FIRST, DAY = dt.date(2025, 2, 7), dt.date(2025, 2, 8), dt.date(2025, 2, 18)
FLOW = {"metric_id": "southbound_security_flow", "subject_id": "00700", "unit": "hkd_bn"}
WINDOW = {"period_start": FIRST, "period_end": DAY, "published_decimals": 2}
DAILY_FLOW_HKD = 0.7e9
SESSIONS = [day for day in calendar.all_sessions("XHKG") if FIRST <= day <= DAY]


def held(at_base: float, at_end: float, **more) -> World:
    """Return a world that knows the value held at both ends, and on no day between."""
    world = World()
    for day, value in ((BEFORE, at_base), (DAY, at_end)):
        world.observe("southbound_held_value", "settlement_date", "00700", day, value, **more)
    return world


def with_flows(world: World, variant: str) -> World:
    for day in SESSIONS:
        world.observe("southbound_security_flow", variant, "00700", day, DAILY_FLOW_HKD)
    return world


def judged(world: World, **claim):
    world.claim("A", **FLOW | WINDOW | claim)
    return world.verdicts()["A"]


def test_change_of_value_is_known_from_its_ends():
    found = judged(held(400e9, 512.74e9), published_value=112.74)
    assert (found["verdict"], found["variant_id"]) == ("confirmed", "held_value_change")
    assert "measure_variant" in found["reason_codes"]
    assert found["warehouse_value"] == pytest.approx(112.74e9)


@pytest.mark.parametrize("variant", ["estimated_close", "vendor_share_change_value"])
@pytest.mark.parametrize(
    ("value", "verdict", "suggested"),
    [
        (4.9, "confirmed", None),
        (49.0, "unit error suspected", 4.9),
        (0.49, "unit error suspected", 4.9),
        (23.0, "refuted", None),
    ],
)
def test_estimate_on_file_stands_in_for_the_default(variant, value, verdict, suggested):
    assert len(SESSIONS) * DAILY_FLOW_HKD == pytest.approx(4.9e9)
    found = judged(with_flows(World(), variant), published_value=value)
    assert (found["verdict"], found["variant_id"]) == (verdict, variant)
    assert "measure_variant" in found["reason_codes"]
    if suggested:
        assert found["suggested_value"] == pytest.approx(suggested)


def test_other_measure_comes_before_a_slip_of_the_unit():
    world = with_flows(held(400e9, 449e9), "estimated_close")
    found = judged(world, published_value=49.0)
    assert (found["verdict"], found["variant_id"]) == ("confirmed", "held_value_change")
    assert "scale 1e-1" in found["rival_readings"]


def test_nothing_stands_in_for_a_variant_that_was_named():
    world = with_flows(World(), "estimated_close")
    found = judged(world, published_value=49.0, variant_id="estimated_vwap")
    assert (found["verdict"], found["reason_codes"]) == ("not checkable", "no_evidence")


def test_change_of_value_is_no_flow_and_stands_in_for_none():
    found = judged(held(400e9, 449e9), published_value=4.9)
    assert found["verdict"] == "not checkable"


def test_nothing_stands_in_where_the_default_is_on_file():
    world = with_flows(with_flows(World(), "estimated_close"), "estimated_vwap")
    found = judged(world, published_value=23.0)
    assert (found["verdict"], found["variant_id"]) == ("refuted", "estimated_vwap")
    assert "measure_variant" not in found["reason_codes"]
