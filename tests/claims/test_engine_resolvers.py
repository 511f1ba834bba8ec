"""Figures that no mart holds as such: sums, changes, multiples, conversions, ranks and "since"."""

import datetime as dt

import pytest

from orchestration import calendar
from tests.claims.engine_run import World

DAY = dt.date(2025, 2, 18)
FIRST = dt.date(2025, 2, 10)
CONNECT_DAYS = [
    day
    for day in calendar.all_sessions("CONNECT")
    if dt.date(2025, 2, 3) <= day <= dt.date(2025, 2, 21)
]


def flows(*, missing: dt.date | None = None) -> World:
    world = World()
    for day in CONNECT_DAYS:
        if day != missing:
            world.observe("southbound_net_buy", "net_buy_hkd", "ALL", day, 1000.0 + day.day)
    return world


@pytest.mark.parametrize(
    ("value", "missing", "verdict"),
    [
        (7.095, None, "confirmed"),
        (8.1, None, "refuted"),
        (7.095, dt.date(2025, 2, 12), "not checkable"),
    ],
)
def test_sum_of_a_window_needs_every_session(value, missing, verdict):
    world = flows(missing=missing)
    world.claim(
        "A",
        metric_id="southbound_net_buy",
        subject_id="ALL",
        unit="hkd_bn",
        published_value=value,
        published_decimals=3,
        period_start=FIRST,
        period_end=DAY,
    )
    found = world.verdicts()["A"]
    assert found["verdict"] == verdict
    if value < 8 and missing is None:
        assert found["warehouse_value"] == pytest.approx(7 * 1000 + 95)


@pytest.mark.parametrize(("value", "verdict"), [(20.0, "confirmed"), (25.0, "refuted")])
@pytest.mark.parametrize("metric", ["price", "price_return"])
def test_change_over_any_window_is_made_from_its_levels(metric, value, verdict):
    world = World()
    world.observe("price", "close", "00700", FIRST, 400.0)
    world.observe("price", "close", "00700", DAY, 480.0)
    start = FIRST if metric == "price" else dt.date(2025, 2, 11)
    world.claim(
        "A",
        claim_kind="change",
        metric_id=metric,
        subject_id="00700",
        unit="pct",
        published_value=value,
        published_decimals=1,
        period_start=start,
        period_end=DAY,
    )
    assert world.verdicts()["A"]["verdict"] == verdict


@pytest.mark.parametrize(
    ("value", "variant"), [(45.60, "intraday_low_to_close"), (40.0, "closing_low_to_close")]
)
def test_recovery_is_measured_from_the_low_of_the_day_or_of_the_closes(value, variant):
    world = World()
    for day, low, close in ((FIRST, 100.0, 104.0), (DAY, 140.0, 145.6)):
        world.observe("index_level", "bulletin_low", "HSTECH.HK", day, low)
        world.observe("index_level", "bulletin_close", "HSTECH.HK", day, close)
    world.claim(
        "A",
        claim_kind="change",
        metric_id="recovery_from_low",
        subject_id="HSTECH.HK",
        unit="pct",
        published_value=value,
        published_decimals=2,
        period_start=FIRST,
        period_end=DAY,
    )
    found = world.verdicts()["A"]
    assert (found["verdict"], found["variant_id"]) == ("confirmed", variant)


@pytest.mark.parametrize(
    ("value", "parents", "verdict"),
    [(3.10, "A,B", "confirmed"), (3.10, "B", "confirmed"), (4.2, "A,B", "refuted")],
)
def test_multiple_of_another_claim_is_of_the_figures_on_file(value, parents, verdict):
    world = World()
    shares = {"metric_id": "short_sold_shares", "subject_id": "00700"}
    for name, day, count in (("A", DAY, 15_176_000), ("B", FIRST, 4_890_000)):
        world.observe("short_sold_shares", "adjusted", "00700", day, count)
        world.claim(name, **shares, unit="shares", published_value=count, day=day)
    world.claim(
        "M",
        **shares,
        claim_kind="ratio",
        unit="ratio",
        published_value=value,
        published_decimals=2,
        day=DAY,
        parent_claim_id=parents,
        parent_relation="multiple_of",
    )
    assert world.verdicts()["M"]["verdict"] == verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(9.43, "confirmed"), (94.3, "unit error suspected"), (12.0, "refuted")],
)
def test_conversion_lies_within_the_rates_of_those_days(value, verdict):
    world = World()
    for day, rate in ((FIRST, 7.30), (DAY, 7.25)):
        world.observe("exchange_rate_usdcny", "fred", "USDCNY", day, rate)
    cap = {"metric_id": "onshore_offshore_market_cap", "subject_id": "CHINA_EQUITIES", "day": DAY}
    world.claim("A", **cap, unit="usd_tn", published_value=1.300, published_decimals=2)
    link = {"parent_claim_id": "A", "parent_relation": "conversion_of", "claim_kind": "conversion"}
    world.claim("B", **cap, **link, unit="cny_tn", published_value=value, published_decimals=2)
    assert world.verdicts()["B"]["verdict"] == verdict


@pytest.mark.parametrize(("values", "verdict"), [((9, 8, 7), "confirmed"), ((9, 7, 8), "refuted")])
def test_ranking_is_that_of_the_figures_on_file(values, verdict):
    world = World()
    flow = "southbound_security_flow"
    for number, value in enumerate(values):
        code = f"0000{number}"
        world.observe(flow, "estimated_vwap", code, DAY, value * 1e9)
        claim = {"metric_id": flow, "subject_id": code, "unit": "hkd_bn"}
        world.claim(f"P{number}", **claim, published_value=10 - number, day=DAY)
    world.claim(
        "R",
        claim_kind="rank",
        comparator="rank",
        metric_id="southbound_security_flow_rank",
        subject_id="ALL",
        unit="rank",
        day=DAY,
        parent_claim_id="P0,P1,P2",
        parent_relation="rank_in",
    )
    assert world.verdicts()["R"]["verdict"] == verdict


@pytest.mark.parametrize(
    ("since", "verdict"),
    [
        (dt.date(2025, 2, 12), "confirmed"),
        (dt.date(2025, 2, 11), "refuted"),
        (dt.date(2024, 2, 12), "refuted"),
        (None, "refuted"),
    ],
)
def test_highest_since_means_nothing_higher_after_that_day(since, verdict):
    assert highest_since(since, higher=9_000.0)["verdict"] == verdict


def test_highest_since_a_day_before_the_first_figure_is_not_known():
    assert highest_since(dt.date(2024, 2, 12), higher=10.0)["verdict"] == "not checkable"


def highest_since(since, higher):
    world = World()
    for day, value in zip(CONNECT_DAYS, range(1, 99), strict=False):
        level = higher if day == dt.date(2025, 2, 12) else 1000.0 + value
        world.observe("southbound_net_buy", "net_buy_hkd", "ALL", day, level)
    world.claim(
        "A",
        claim_kind="since",
        comparator="since",
        metric_id="southbound_net_buy",
        subject_id="ALL",
        unit="hkd_bn",
        since_date=since,
        day=DAY,
    )
    return world.verdicts()["A"]


@pytest.mark.parametrize(
    ("benchmarks", "verdict"), [("^HSI", "confirmed"), ("^HSI,^NDX", "refuted")]
)
def test_relative_return_is_against_the_best_benchmark(benchmarks, verdict):
    world = World()
    for subject, last in (("HSTECH.HK", 120.0), ("^HSI", 110.0), ("^NDX", 130.0)):
        world.observe("index_level", "vendor_close", subject, FIRST, 100.0)
        world.observe("index_level", "vendor_close", subject, DAY, last)
    assert relative(world, benchmarks)["verdict"] == verdict


def test_relative_return_needs_every_benchmark():
    world = World()
    for subject, last in (("HSTECH.HK", 120.0), ("^HSI", 110.0)):
        world.observe("index_level", "vendor_close", subject, FIRST, 100.0)
        world.observe("index_level", "vendor_close", subject, DAY, last)
    assert relative(world, "^HSI,^NDX")["verdict"] == "not checkable"


def relative(world, benchmarks):
    world.claim(
        "A",
        claim_kind="relative",
        comparator="more_than",
        metric_id="relative_return",
        subject_id="HSTECH.HK",
        unit="pct",
        published_value=0,
        period_start=FIRST,
        period_end=DAY,
        benchmark_subject_id=benchmarks,
    )
    return world.verdicts()["A"]


@pytest.mark.parametrize(
    ("day", "verdict", "days_outside"),
    [(8, "refuted", -3), (11, "confirmed", 0), (20, "confirmed", 0), (25, "refuted", 5)],
)
def test_day_of_the_low_lies_in_the_days_that_are_named(day, verdict, days_outside):
    world = World()
    low = {"value_date": dt.date(2025, 1, day), "observation_window": "sessions"}
    low |= {"window_length": 250, "period_start": dt.date(2024, 2, 1)}
    seen = dt.date(2025, 1, 28)
    world.observe("low_date", "intraday_low_to_close", "HSTECH.HK", seen, None, **low)
    world.claim(
        "A",
        metric_id="low_date",
        subject_id="HSTECH.HK",
        unit="date",
        comparator="about",
        period_start=dt.date(2025, 1, 11),
        period_end=dt.date(2025, 1, 20),
    )
    found = world.verdicts()["A"]
    assert (found["verdict"], found["difference"]) == (verdict, days_outside)
    assert (found["tolerance"], found["relative_difference_pct"]) == (0, None)


def test_week_may_be_named_by_any_of_its_days():
    world = World()
    week = {"period_start": dt.date(2025, 2, 3), "observation_window": "week"}
    world.observe("etf_flow", "previous_nav", "KWEB", dt.date(2025, 2, 7), 470.2e6, **week)
    world.claim(
        "A",
        metric_id="etf_flow",
        subject_id="KWEB",
        unit="usd_mn",
        published_value=470,
        period_start=dt.date(2025, 2, 1),
        period_end=dt.date(2025, 2, 7),
    )
    assert world.verdicts()["A"]["verdict"] == "confirmed"
