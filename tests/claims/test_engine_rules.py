"""The rules among the claims of one document: each fires where it must, and only there."""

import datetime as dt

import pytest

from tests.claims.engine_run import World

DAY = dt.date(2025, 2, 18)
MONDAY = dt.date(2025, 2, 17)
YEAR_START = dt.date(2025, 1, 1)
SUNDAY = dt.date(2025, 2, 16)
FLOW = {"metric_id": "southbound_net_buy", "subject_id": "ALL", "unit": "hkd_bn"}
STOCK_FLOW = {"metric_id": "southbound_security_flow", "unit": "hkd_bn", "published_decimals": 2}
PRICE = {"metric_id": "price", "unit": "hkd_per_share"}


def whole_and_parts(*parts: float) -> World:
    world = World()
    whole = {"period_start": YEAR_START, "period_end": DAY, "published_value": 185.5}
    world.claim("WHOLE", **FLOW, **whole, published_decimals=1)
    for number, value in enumerate(parts):
        world.claim(
            f"PART{number}",
            **STOCK_FLOW,
            subject_id=f"0070{number}",
            published_value=value,
            period_start=dt.date(2025, 1, 18),
            period_end=DAY,
            parent_claim_id="WHOLE",
            parent_relation="part_of",
        )
    return world


@pytest.mark.parametrize(("parts", "passed"), [((100.0, 90.0), False), ((90.0, 80.0), True)])
def test_parts_of_one_window_are_not_more_than_their_whole(parts, passed):
    found = whole_and_parts(*parts).rules("R-SUM")
    assert {row["passed"] for row in found.values()} == {passed}
    assert set(found) == {"PART0", "PART1"}
    assert {row["right_value"] for row in found.values()} == {185.5e9}


def test_flow_larger_than_any_move_of_the_holding_is_a_unit_error():
    world = whole_and_parts(60.0)
    for day, shares in ((dt.date(2025, 1, 15), 900e6), (DAY, 1_000e6)):
        world.observe("southbound_held_shares", "settlement_date", "00700", day, shares)
        world.observe("price", "close", "00700", day, 500.0)
        world.observe("market_cap", "vendor", "00700", day, 1_000_000.0)
    held = world.rules("R-HOLD")["PART0"]
    assert (held["passed"], held["left_value"], held["right_value"]) == (False, 120e6, 100e6)
    share = world.rules("R-SHARE")["PART0"]
    assert (share["passed"], share["left_value"], share["severity"]) == (False, 6.0, "error")


def test_flow_within_the_moves_of_the_holding_passes():
    world = whole_and_parts(6.0)
    for day, shares in ((dt.date(2025, 1, 15), 900e6), (DAY, 1_000e6)):
        world.observe("southbound_held_shares", "settlement_date", "00700", day, shares)
        world.observe("price", "close", "00700", day, 500.0)
        world.observe("market_cap", "vendor", "00700", day, 1_000_000.0)
    assert world.rules("R-HOLD")["PART0"]["passed"]
    assert world.rules("R-SHARE")["PART0"]["passed"]


def test_figure_with_fewer_decimals_than_the_others_is_suspected():
    world = World()
    for name, decimals in (("A", 3), ("B", 3), ("C", 2)):
        claim = FLOW | {"published_value": 11.25, "published_decimals": decimals}
        world.claim(name, **claim, day=MONDAY)
    assert {name: row["passed"] for name, row in world.rules("R-DECIMAL").items()} == {
        "A": True,
        "B": True,
        "C": False,
    }


@pytest.mark.parametrize(
    ("other", "error_class"), [(22.423, "transcription"), (31.998, "logic")], ids=["digit", "other"]
)
def test_one_figure_printed_twice_must_agree(other, error_class):
    world = World()
    world.claim("A", **FLOW, published_value=22.623, published_decimals=3, day=DAY)
    world.claim("B", **FLOW, published_value=other, published_decimals=3, day=DAY)
    row = world.rules("R-DIGIT")["B"]
    assert (row["passed"], row["error_class"]) == (False, error_class)


@pytest.mark.parametrize(("day", "passed"), [(SUNDAY, False), (MONDAY, True)])
def test_day_of_an_exchange_measure_is_a_session(day, passed):
    world = World()
    world.claim("A", **PRICE, subject_id="00700", published_value=500, day=day)
    assert world.rules("R-DATE-WEEKDAY")["A"]["passed"] is passed


def test_day_after_the_end_of_a_calendar_is_not_called_closed():
    world = World()
    world.claim("A", **PRICE, subject_id="00700", published_value=500, day=dt.date(2026, 2, 17))
    assert "A" not in world.rules("R-DATE-WEEKDAY")


@pytest.mark.parametrize(("end", "passed"), [(7, True), (6, False)], ids=["Friday", "Thursday"])
def test_week_ends_on_its_last_session(end, passed):
    world = World()
    world.claim(
        "A",
        metric_id="etf_flow",
        subject_id="KWEB",
        unit="usd_mn",
        published_value=470,
        period_start=dt.date(2025, 2, 3),
        period_end=dt.date(2025, 2, end),
    )
    assert world.rules("R-DATE-WEEKDAY")["A"]["passed"] is passed


def test_other_days_of_the_document_tell_its_year():
    world = World(documents=[{"document_id": "D1", "inferred_year": 2025}])
    for name, day in (("A", DAY), ("B", MONDAY), ("C", dt.date(2024, 2, 7))):
        world.claim(name, **PRICE, subject_id="00700", published_value=500, day=day)
    found = world.rules("R-DATE-ANCHOR")
    assert set(found) == {"C"}
    assert "2 are sessions in 2025 and only 0 in 2024" in found["C"]["message"]


@pytest.mark.parametrize(("converted", "passed"), [(9.43, True), (94.3, False), (5.0, False)])
def test_implied_exchange_rate_lies_where_rates_have_been(converted, passed):
    world = World()
    cap = {"metric_id": "onshore_offshore_market_cap", "subject_id": "CHINA_EQUITIES", "day": DAY}
    world.claim("A", **cap, unit="usd_tn", published_value=1.3, published_decimals=1)
    world.claim(
        "B",
        **cap,
        unit="cny_tn",
        published_value=converted,
        published_decimals=2,
        parent_claim_id="A",
        parent_relation="conversion_of",
    )
    assert world.rules("R-FX")["B"]["passed"] is passed


@pytest.mark.parametrize(("values", "passed"), [((9, 8), True), ((8, 9), False)])
def test_ranking_falls_from_first_to_last(values, passed):
    world = World()
    for name, value in zip("AB", values, strict=True):
        world.claim(name, **STOCK_FLOW, subject_id=f"00{name}", published_value=value, day=DAY)
    world.claim(
        "R",
        claim_kind="rank",
        comparator="rank",
        metric_id="southbound_security_flow_rank",
        subject_id="ALL",
        unit="rank",
        day=DAY,
        parent_claim_id="A,B",
        parent_relation="rank_in",
    )
    assert world.rules("R-RANK")["R"]["passed"] is passed


def record_and_since(**more):
    world = World()
    since = {"claim_kind": "since", "comparator": "since"}
    world.claim("RECORD", **since, metric_id="foreign_net_flow", subject_id="HKEX", **more)
    world.claim(
        "SINCE",
        **since,
        metric_id="etf_flow",
        subject_id="KWEB",
        unit="usd_mn",
        published_value=470,
        since_date=dt.date(2024, 10, 1),
        period_start=dt.date(2025, 2, 3),
        period_end=dt.date(2025, 2, 7),
    )
    return world


def test_record_beside_highest_since_contradicts_itself():
    world = record_and_since(parent_claim_id="SINCE", parent_relation="same_series_as")
    assert set(world.rules("R-SUPERLATIVE")) == {"RECORD"}
    verdict = world.verdicts()["RECORD"]
    assert (verdict["verdict"], verdict["reason_codes"]) == ("refuted", "superlative_conflict")
    assert verdict["evidence_source"] == "internal"


def test_record_of_another_series_contradicts_nothing():
    assert record_and_since().rules("R-SUPERLATIVE") == {}


@pytest.mark.parametrize(("exact", "passed"), [(12.0, False), (14.0, True)])
def test_more_than_is_not_said_of_a_smaller_figure(exact, passed):
    world = World()
    world.claim("A", **FLOW, published_value=13, day=DAY, comparator="more_than")
    world.claim("B", **FLOW, published_value=exact, day=DAY)
    assert world.rules("R-COMPARATOR")["A"]["passed"] is passed


@pytest.mark.parametrize("has_ratio", [True, False])
def test_two_counts_need_their_share_of_turnover(has_ratio):
    world = World()
    shares = {"metric_id": "short_sold_shares", "subject_id": "00700", "unit": "shares_mn"}
    world.claim("A", **shares, published_value=15, day=MONDAY)
    world.claim("B", **shares, published_value=5, day=dt.date(2025, 1, 13))
    ratio = {"parent_claim_id": "A,B", "parent_relation": "multiple_of", "claim_kind": "ratio"}
    world.claim("M", **shares | {"unit": "ratio"}, published_value=3, day=MONDAY, **ratio)
    if has_ratio:
        share = {"metric_id": "short_turnover_ratio", "unit": "pct"}
        world.claim("S", **share, subject_id="00700", published_value=12, day=MONDAY)
    assert world.rules("R-BASELINE")["M"]["passed"] is has_ratio


@pytest.mark.parametrize(("source", "passed"), [("Bloomberg", False), ("Reuters on Goldman", True)])
def test_cited_source_is_the_one_that_published(source, passed):
    world = World()
    cap = {"metric_id": "onshore_offshore_market_cap", "subject_id": "CHINA_EQUITIES"}
    period = {"period_start": DAY, "period_end": DAY}
    figure = {"figure_id": "P1", "unit": "usd_tn", "value": 1.3, "decimals": 1}
    grade = {"source_name": source, "evidence_grade": "published_secondary"}
    world.figures.append(cap | period | figure | grade)
    world.claim("A", **cap, unit="usd_tn", published_value=1.3, published_decimals=1, day=DAY)
    world.claims[0]["cited_source"] = "Goldman"
    assert world.rules("R-ATTRIB")["A"]["passed"] is passed
    codes = world.verdicts()["A"]["reason_codes"].split(",")
    assert ("attribution_mismatch" in codes) is not passed


@pytest.mark.parametrize(("code", "passed"), [("01398", False), ("00700", True)])
def test_line_of_business_is_the_securitys(code, passed):
    world = World()
    world.claim("A", **STOCK_FLOW, subject_id=code, published_value=9, day=DAY)
    tech = {"claim_kind": "qualitative", "comparator": "qualitative", "parent_claim_id": "A"}
    world.claim("T", **STOCK_FLOW, subject_id="ALL", parent_relation="sector_of", **tech)
    assert world.rules("R-BANK")["T"]["passed"] is passed


@pytest.mark.parametrize(("day", "passed"), [(MONDAY, False), (dt.date(2025, 2, 14), True)])
def test_open_positions_are_of_the_end_of_a_week(day, passed):
    world = World()
    position = {"metric_id": "short_position_shares", "subject_id": "00700", "unit": "shares_mn"}
    world.claim("A", **position, published_value=15, day=day)
    assert world.rules("R-MEASURE-CALENDAR")["A"]["passed"] is passed
