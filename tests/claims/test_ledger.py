"""The ledger of claims: what the document prints, in our own words, and no verdict."""

import csv
import hashlib
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from orchestration import calendar

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"
SHARED = ROOT.parent / "shared"
"""Documents that are no part of the project; tests that need them skip where they are absent."""

WORDS = 8


def rows_of(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CLAIMS = rows_of("claims/claim.csv")
BY_ID = {row["claim_id"]: row for row in CLAIMS}
DOCUMENTS = rows_of("claims/claim_document.csv")
FIGURES = rows_of("claims/published_figure.csv")
UNITS = {row["unit_code"]: row for row in rows_of("claims/unit.csv")}
VARIANTS = {
    (row["metric_id"], row["variant_id"]): row["unit"] for row in rows_of("core/metric.csv")
}
METRICS = {metric for metric, _ in VARIANTS}
PRINTED = [
    row
    for row in CLAIMS
    if row["published_value"] not in ("", "0") and row["unit"] not in ("flag", "rank", "ratio")
]
"""Claims whose number stands in the document: a sign, a record, a rank are told in words."""


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}


def article() -> Path:
    known = {row["text_sha256"] for row in DOCUMENTS}
    for path in sorted(SHARED.glob("*.txt")) if SHARED.is_dir() else ():
        if hashlib.sha256(path.read_bytes()).hexdigest() in known:
            return path
    pytest.skip("the document of the ledger is not beside the project")


def study() -> Path:
    path = SHARED / "docs" / "domain.md"
    if not path.is_file():
        pytest.skip("the study of the document is not beside the project")
    return path


def dimensions(metric: str) -> set[str]:
    return {UNITS[unit]["dimension"] for (name, _), unit in VARIANTS.items() if name == metric}


def test_ledger_has_34_claims_in_order():
    assert [row["claim_id"] for row in CLAIMS] == [f"C{n:02d}" for n in range(1, 35)]


def test_statements_are_all_different():
    assert not [text for text, n in Counter(row["statement"] for row in CLAIMS).items() if n > 1]


@pytest.mark.parametrize("source", [article, study])
def test_no_eight_words_in_a_row_are_those_of_a_document(source):
    theirs = shingles(source().read_text(encoding="utf-8"))
    prose = [row["statement"] for row in CLAIMS] + [row["period_text"] for row in CLAIMS]
    prose += [row["inferred_year_basis"] for row in DOCUMENTS] + [row["note"] for row in FIGURES]
    prose += [path.read_text(encoding="utf-8") for path in (SEEDS / "claims").glob("*.yml")]
    page = ROOT / "docs" / "claims.md"
    prose += [page.read_text(encoding="utf-8")] if page.is_file() else []
    copied = [" ".join(each) for text in prose for each in shingles(text) & theirs]
    assert copied == []


def printed(value: str, decimals: str) -> str:
    return f"{float(value):.{int(decimals)}f}"


@pytest.mark.parametrize("claim", PRINTED, ids=lambda row: row["claim_id"])
def test_figures_of_the_ledger_are_printed_in_the_document(claim):
    text = article().read_text(encoding="utf-8")
    number = printed(claim["published_value"], claim["published_decimals"])
    assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", text)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda row: row["claim_id"])
def test_claim_speaks_the_words_of_the_registry(claim):
    assert claim["metric_id"] in METRICS
    if claim["variant_id"]:
        assert (claim["metric_id"], claim["variant_id"]) in VARIANTS
    if claim["unit"]:
        fits = dimensions(claim["metric_id"]) | {"date"}
        fits |= {"percent", "ratio"} if claim["claim_kind"] in ("ratio", "relative") else set()
        assert "none" in fits or UNITS[claim["unit"]]["dimension"] in fits


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda row: row["claim_id"])
def test_windows_of_claims_begin_before_they_end(claim):
    assert bool(claim["period_start"]) == bool(claim["period_end"])
    assert claim["period_start"] <= claim["period_end"]
    assert claim["since_date"] <= (claim["period_end"] or claim["since_date"])


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda row: row["claim_id"])
def test_claims_lean_on_claims_of_the_ledger(claim):
    parents = [each for each in claim["parent_claim_id"].split(",") if each]
    assert bool(parents) == bool(claim["parent_relation"])
    assert set(parents) <= set(BY_ID) - {claim["claim_id"]}


def test_year_of_the_document_is_the_one_in_which_its_days_are_sessions():
    [document] = DOCUMENTS
    year = int(document["inferred_year"])
    exchange = {
        row["period_end"]
        for row in CLAIMS
        if row["metric_id"] in ("price", "southbound_net_buy", "short_sold_shares")
        and row["period_start"] == row["period_end"]
    }
    assert {day[:4] for day in exchange} == {str(year)}

    def sessions_of(other: int) -> set[str]:
        known = {day.isoformat() for day in calendar.all_sessions("XHKG")}
        return {day for day in exchange if f"{other}{day[4:]}" in known}

    assert sessions_of(year) == exchange
    assert sessions_of(year - 1) == set()
    assert {BY_ID[name]["period_end"] for name in ("C08", "C09", "C10")} == {"2024-02-07"}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda row: row["figure_id"])
def test_published_figure_is_named_dated_and_second_hand(figure):
    assert figure["metric_id"] in METRICS
    if figure["variant_id"]:
        assert (figure["metric_id"], figure["variant_id"]) in VARIANTS
    assert figure["source_name"]
    assert figure["evidence_grade"] == "published_secondary"
    assert figure["period_start"] <= figure["period_end"]
    fits = dimensions(figure["metric_id"])
    assert "none" in fits or UNITS[figure["unit"]]["dimension"] in fits


@pytest.mark.parametrize("figure", FIGURES, ids=lambda row: row["figure_id"])
def test_published_figure_has_the_decimals_that_are_said(figure):
    if figure["unit"] == "date":
        assert figure["value"] == ""
        return
    places = len(figure["value"].partition(".")[2])
    assert places == int(figure["decimals"])


def test_published_figures_say_a_thing_once():
    told = [
        (
            row["metric_id"],
            row["variant_id"],
            row["subject_id"],
            row["period_start"],
            row["period_end"],
        )
        for row in FIGURES
    ]
    assert len(set(told)) == len(told)


def test_units_of_the_registry_are_units_of_the_ledger():
    assert set(VARIANTS.values()) <= set(UNITS)


@pytest.mark.parametrize("currency", ["hkd", "cny", "usd"])
def test_units_of_money_are_a_ladder_of_named_steps(currency):
    steps = ["", "_wan", "_mn", "_yi", "_bn", "_tn"]
    factors = [float(UNITS[currency + step]["factor_to_base"]) for step in steps]
    assert factors == [1, 1e4, 1e6, 1e8, 1e9, 1e12]
    assert all(low < high for low, high in pairwise(factors))


@pytest.mark.parametrize("name", ["verdict", "is_true", "expected"])
def test_no_column_of_the_ledger_holds_a_verdict(name):
    columns = {column for rows in (CLAIMS, DOCUMENTS, FIGURES) for column in rows[0]}
    assert not [column for column in columns if name in column]
