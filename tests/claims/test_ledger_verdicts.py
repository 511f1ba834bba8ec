"""What the engine says of the ledger when nothing is on file but what others have published."""

import datetime as dt
from functools import cache

import pytest

from tests.claims.engine_run import Row, World
from tests.claims.test_ledger import CLAIMS, DOCUMENTS, FIGURES

DAY = dt.date(2025, 2, 18)


def cells(rows: list[dict[str, str]]) -> list[Row]:
    return [{name: text or None for name, text in row.items()} for row in rows]


def ledger() -> World:
    return World(claims=cells(CLAIMS), figures=cells(FIGURES), documents=cells(DOCUMENTS))


@cache
def verdicts() -> dict[str, Row]:
    return ledger().verdicts()


@cache
def verdicts_with_invented_figures() -> dict[str, Row]:
    world = ledger()
    for variant, value in (("net_buy_hkd", 22_623.0), ("vendor_net_buy_hkd", 22_623.0)):
        world.observe(
            "southbound_net_buy", variant, "ALL", DAY, value,
            is_synthetic=True, evidence_grade="synthetic",
        )  # fmt: skip
    for day, shares in ((dt.date(2025, 2, 17), 15_176_000.0), (dt.date(2025, 1, 13), 1.0)):
        world.observe(
            "short_sold_shares", "adjusted", "00700", day, shares,
            is_synthetic=True, evidence_grade="synthetic",
        )  # fmt: skip
    return world.verdicts()


def reasons(claim: str) -> set[str]:
    return set((verdicts()[claim]["reason_codes"] or "").split(","))


def test_every_claim_has_a_verdict():
    assert sorted(verdicts()) == [row["claim_id"] for row in CLAIMS]


def test_day_of_22_623_is_refuted_as_a_slip_in_copying():
    row = verdicts()["C12"]
    assert (row["verdict"], row["evidence_grade"]) == ("refuted", "published_secondary")
    assert row["warehouse_value"] == pytest.approx(22_420)
    assert {"transcription_suspected", "published_secondary_only"} <= reasons("C12")
    assert float(row["confidence"]) <= 0.8


def test_513_is_the_high_of_the_day_and_not_its_close():
    row = verdicts()["C04"]
    assert (row["verdict"], row["variant_id"]) == ("confirmed", "high")
    assert "measure_variant" in reasons("C04")


def test_february_of_2024_is_a_suspected_date_for_the_sessions_of_the_document():
    row = verdicts()["C08"]
    assert (row["verdict"], row["evidence_grade"]) == ("date error suspected", "internal")
    assert "sessions in 2025" in row["explanation"]
    assert float(row["confidence"]) <= 0.6


@pytest.mark.parametrize("claim", ["C08", "C09", "C10"])
def test_the_same_days_of_the_documents_year_are_suggested(claim):
    assert str(verdicts()[claim]["suggested_period_end"])[:10] == "2025-02-07"


@pytest.mark.parametrize("claim", ["C16", "C17", "C18", "C19", "C20"])
def test_no_rival_reading_is_named_where_no_evidence_bears_one_out(claim):
    row = verdicts()[claim]
    assert row["verdict"] == "unit error suspected"
    assert not row["rival_readings"]
    assert "evidence bears out" not in row["explanation"]
    assert "estimated_close, " in row["explanation"]


def test_conversion_to_renminbi_is_confirmed():
    assert verdicts()["C25"]["verdict"] == "confirmed"


def test_record_and_highest_since_october_contradict_each_other():
    assert verdicts()["C07"]["verdict"] == "refuted"
    assert "superlative_conflict" in reasons("C07")


@pytest.mark.parametrize("claim", ["C06", "C22", "C26", "C28", "C32", "C33", "C34"])
def test_words_without_a_figure_are_not_checkable(claim):
    assert verdicts()[claim]["verdict"] == "not checkable"
    assert "qualitative" in reasons(claim)


@pytest.mark.parametrize("claim", ["C02", "C03", "C11", "C13", "C14", "C15", "C29", "C30", "C31"])
def test_what_nothing_settles_says_what_would(claim):
    row = verdicts()[claim]
    assert row["verdict"] == "not checkable"
    assert row["missing_evidence"]


@pytest.mark.parametrize("claim", [row["claim_id"] for row in CLAIMS])
def test_invented_figures_change_no_verdict_about_the_world(claim):
    row = verdicts_with_invented_figures()[claim]
    assert row["verdict"] == verdicts()[claim]["verdict"]
    assert not row["is_synthetic"]


def test_invented_figures_are_told_as_the_reason():
    codes = verdicts_with_invented_figures()["C29"]["reason_codes"].split(",")
    assert "synthetic_only" in codes
