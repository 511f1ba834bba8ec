"""Verdicts: as stated, then other measures, then units, then days, and what the grade allows."""

import datetime as dt

import pytest

from tests.claims.engine_run import World

DAY = dt.date(2025, 2, 18)
BEFORE = dt.date(2025, 2, 17)
CLOSE = {"metric_id": "price", "subject_id": "00700", "unit": "hkd_per_share"}
NET_BUY = {"metric_id": "southbound_net_buy", "subject_id": "ALL", "unit": "hkd_bn"}
INVENTED = {"evidence_grade": "synthetic", "is_synthetic": True}


def traded(**more):
    """Return a world with two days of prices, and one of southbound net buy."""
    world = World()
    prices = {"close": 503.5, "high": 513.0, "low": 489.4, "open": 491.2}
    for variant, value in prices.items():
        world.observe("price", variant, "00700", DAY, value, **more)
    world.observe("price", "close", "00700", BEFORE, 493.6, **more)
    world.observe("southbound_net_buy", "net_buy_hkd", "ALL", DAY, 22_423.17, **more)
    world.observe("southbound_net_buy", "quota_flow_cny", "ALL", DAY, 23_874.5, **more)
    for offset in range(-3, 4):
        day = DAY + dt.timedelta(days=offset)
        world.observe("exchange_rate_cnyhkd", "yahoo_close", "CNYHKD", day, 1.0681, **more)
    return world


def flow(figure_id, value):
    """Return a net buy of the day that another article published, in HKD bn."""
    row = {"figure_id": figure_id, "metric_id": "southbound_net_buy", "variant_id": "net_buy_hkd"}
    row |= {"subject_id": "ALL", "period_start": DAY, "period_end": DAY, "decimals": 3}
    row |= {"value": value, "unit": "hkd_bn", "source_name": f"A note {figure_id}"}
    return row | {"evidence_grade": "published_secondary"}


def judged(on_file, /, **claim):
    on_file.claim("A", **{"day": DAY} | claim)
    return on_file.verdicts()["A"]


@pytest.mark.parametrize(
    ("claim", "verdict", "reasons", "variant"),
    [
        (CLOSE | {"published_value": 503.5, "published_decimals": 1}, "confirmed", "", "close"),
        (CLOSE | {"published_value": 504}, "confirmed", "", "close"),
        (CLOSE | {"published_value": 513}, "confirmed", "measure_variant", "high"),
        (CLOSE | {"published_value": 605}, "refuted", "", "close"),
        (CLOSE | {"published_value": -504}, "refuted", "sign_reversed", "close"),
        (
            NET_BUY | {"published_value": 22.623, "published_decimals": 3},
            *("refuted", "transcription_suspected", "net_buy_hkd"),
        ),
        (
            NET_BUY | {"published_value": 23.87, "published_decimals": 2, "unit": "cny_bn"},
            *("confirmed", "measure_variant", "quota_flow_cny"),
        ),
        (
            NET_BUY | {"published_value": 224.23, "published_decimals": 2},
            *("unit error suspected", "", "net_buy_hkd"),
        ),
        (
            NET_BUY | {"published_value": 22.423, "published_decimals": 3, "unit": "cny_bn"},
            *("unit error suspected", "", "net_buy_hkd"),
        ),
        (
            CLOSE | {"published_value": 493.6, "published_decimals": 1},
            *("date error suspected", "", "close"),
        ),
    ],
)
def test_reading_that_fits_first_decides(claim, verdict, reasons, variant):
    found = judged(traded(), **claim)
    assert (found["verdict"], found["reason_codes"]) == (verdict, reasons)
    assert found["variant_id"] == variant
    assert f"Verdict: {verdict}." in found["explanation"]


def test_suggestions_say_what_was_meant():
    world = traded()
    world.claim("UNIT", **NET_BUY, published_value=224.23, published_decimals=2, day=DAY)
    world.claim("DAY", **CLOSE, published_value=493.6, published_decimals=1, day=DAY)
    currency = NET_BUY | {"unit": "cny_bn"}
    world.claim("CURRENCY", **currency, published_value=22.423, published_decimals=3, day=DAY)
    found = world.verdicts()
    assert found["UNIT"]["suggested_value"] == pytest.approx(22.423)
    assert found["UNIT"]["suggested_unit"] == "hkd_bn"
    assert found["DAY"]["suggested_period_end"] == BEFORE
    assert found["CURRENCY"]["suggested_unit"] == "hkd_bn"


def test_measure_comes_before_unit_and_the_rival_is_named():
    world = World()
    flow = {"subject": "00700", "day": DAY, "period_start": dt.date(2025, 1, 20)}
    flow |= {"observation_window": "sessions", "window_length": 20}
    name = "southbound_security_flow"
    world.observe(name, "estimated_vwap", value=11_274_000_000, **flow)
    world.observe(name, "held_value_change", value=112_741_000_000, **flow)
    world.claim(
        "A",
        metric_id=name,
        subject_id="00700",
        unit="hkd_bn",
        published_value=112.74,
        published_decimals=2,
        period_start=dt.date(2025, 1, 20),
        period_end=DAY,
    )
    found = world.verdicts()["A"]
    assert found["verdict"] == "confirmed"
    assert "measure_variant" in found["reason_codes"]
    assert found["variant_id"] == "held_value_change"
    assert "scale 1e-1" in found["rival_readings"]


def test_figure_in_another_currency_is_confirmed_at_the_rate_of_its_day():
    claim = NET_BUY | {"published_value": 20.99, "published_decimals": 2, "unit": "cny_bn"}
    found = judged(traded(), **claim)
    assert (found["verdict"], found["variant_id"]) == ("confirmed", "net_buy_hkd")
    assert found["suggested_unit"] is None


def test_two_units_that_fit_alike_decide_nothing():
    world = World(figures=[flow("P1", 224.2), flow("P2", 2.242)])
    found = judged(world, **NET_BUY, published_value=22.42, published_decimals=2)
    assert found["verdict"] == "refuted"
    assert "basis_ambiguous" in found["reason_codes"]
    assert found["suggested_value"] is None


def test_two_currencies_that_fit_alike_decide_nothing():
    world = World(figures=[flow("P1", 22.423), flow("P2", 20.99)])
    world.observe("exchange_rate_cnyhkd", "yahoo_close", "CNYHKD", DAY, 1.0681)
    claim = NET_BUY | {"published_value": 20.99, "published_decimals": 2, "unit": "cny_bn"}
    found = judged(world, **claim)
    assert (found["verdict"], found["suggested_unit"]) == ("not checkable", None)
    assert "basis_ambiguous" in found["reason_codes"]


def test_other_day_is_believed_before_another_unit_where_the_day_is_doubted():
    world = World(documents=[{"document_id": "D1", "inferred_year": 2025}])
    for name, day in (("B", DAY), ("C", BEFORE)):
        world.claim(name, **CLOSE, published_value=500, day=day)
    meant = dt.date(2025, 2, 7)
    world.observe("price", "close", "00700", meant, 503.6)
    world.observe("price", "close", "00700", meant.replace(year=2024), 50.36)
    printed = CLOSE | {"published_value": 503.6, "published_decimals": 1}
    found = judged(world, **printed, day=meant.replace(year=2024))
    assert found["verdict"] == "date error suspected"
    assert found["suggested_period_end"] == meant


def test_two_days_that_fit_alike_decide_nothing():
    world = traded()
    world.observe("price", "close", "00700", dt.date(2025, 2, 19), 493.6)
    found = judged(world, **CLOSE, published_value=493.6, published_decimals=1)
    assert (found["verdict"], found["reason_codes"]) == ("refuted", "basis_ambiguous")
    assert found["suggested_period_end"] is None


def test_another_measure_and_another_day_that_fit_alike_decide_nothing():
    world = traded()
    world.observe("price", "close", "00700", dt.date(2025, 2, 19), 513.0)
    found = judged(world, **CLOSE, published_value=513)
    assert (found["verdict"], found["reason_codes"]) == ("not checkable", "basis_ambiguous")


@pytest.mark.parametrize(
    ("world", "evidence", "verdict"),
    [
        ("real", INVENTED, "not checkable"),
        ("sandbox", {}, "not checkable"),
        ("sandbox", INVENTED, "confirmed"),
        ("real", {}, "confirmed"),
    ],
)
@pytest.mark.parametrize("value", [503.5, 605.0])
def test_invented_figures_speak_of_the_invented_world_only(world, evidence, verdict, value):
    claim = CLOSE | {"published_value": value, "published_decimals": 1, "world": world}
    found = judged(traded(**evidence), **claim)
    assert found["verdict"] == ("refuted" if (verdict, value) == ("confirmed", 605) else verdict)
    if world == "real" and evidence:
        assert found["reason_codes"] == "synthetic_only"
        assert found["missing_evidence"]


def figure(value, **more):
    row = {"figure_id": "P1", "metric_id": "price", "subject_id": "00700", "decimals": 1}
    row |= {"period_start": DAY, "period_end": DAY, "value": value, "unit": "hkd_per_share"}
    return row | {"source_name": "A note", "evidence_grade": "published_secondary"} | more


@pytest.mark.parametrize(("value", "verdict"), [(503.5, "confirmed"), (480.1, "refuted")])
def test_figure_of_another_article_settles_at_most_in_part(value, verdict):
    world = World(figures=[figure(value, variant_id="close")])
    found = judged(world, **CLOSE, published_value=503.5, published_decimals=1)
    assert found["verdict"] == verdict
    assert "published_secondary_only" in found["reason_codes"]
    assert found["confidence"] <= 0.8


def test_official_figure_outweighs_another_articles():
    world = traded()
    world.figures.append(figure(480.1, variant_id="close"))
    found = judged(world, **CLOSE, published_value=480.1, published_decimals=1)
    assert (found["verdict"], found["evidence_grade"]) == ("refuted", "official")


@pytest.mark.parametrize(
    ("comparator", "value", "verdict", "reason"),
    [
        ("more_than", 500, "confirmed", None),
        ("more_than", 504, "refuted", None),
        ("more_than", 300, "confirmed", "comparator_understated"),
        ("less_than", 510, "confirmed", None),
        ("less_than", 503, "refuted", None),
        ("about", 500, "confirmed", None),
        ("about", 490, "refuted", None),
    ],
)
def test_comparator_says_what_is_asserted(comparator, value, verdict, reason):
    world = World()
    world.observe("price", "close", "00700", DAY, 503.5)
    found = judged(world, **CLOSE, published_value=value, comparator=comparator)
    assert found["verdict"] == verdict
    assert (reason or "") in found["reason_codes"]


def test_registered_tolerance_holds_between_publishers():
    found = judged(traded(), **NET_BUY, published_value=22.44, published_decimals=2)
    assert (found["verdict"], found["reason_codes"]) == ("confirmed", "within_tolerance_only")
    assert "rounds buy and sell" in found["tolerance_basis"]


def test_within_the_invented_world_only_rounding_is_tolerated():
    claim = NET_BUY | {"published_value": 22.44, "published_decimals": 2, "world": "sandbox"}
    assert judged(traded(**INVENTED), **claim)["verdict"] == "refuted"


def test_rules_among_claims_suspect_a_day_without_any_figure():
    found = judged(World(), **CLOSE, published_value=500, day=dt.date(2025, 2, 16))
    assert (found["verdict"], found["evidence_source"]) == ("date error suspected", "internal")
    assert found["confidence"] <= 0.6


def test_nothing_on_file_says_what_would_settle_it():
    found = judged(World(), **CLOSE, published_value=500)
    assert (found["verdict"], found["reason_codes"]) == ("not checkable", "no_evidence")
    assert "closing price of 00700 for 2025-02-18" in found["missing_evidence"]


def test_opinion_is_not_checkable_whatever_is_on_file():
    found = judged(traded(), **CLOSE, claim_kind="qualitative", comparator="qualitative")
    assert (found["verdict"], found["reason_codes"]) == ("not checkable", "qualitative")
