"""What docs/claims.md and the example say about a file of claims is what is read."""

import re
from pathlib import Path

from orchestration.claims.ledger_file import read_ledger
from orchestration.claims.rows import CLAIM, DOCUMENT, FIELDS
from orchestration.claims.vocabulary import COMPARATORS, KINDS, RELATIONS
from orchestration.cli_verify import FAIL_ON
from tests.claims.test_ledger import CLAIMS, DOCUMENTS, UNITS
from tests.claims.words import vocabulary

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
CODES = set(re.findall(r"`([a-z_]+)`", PAGE))


def test_every_field_has_a_row():
    table = PAGE.split("`claims` is a list")[1].split("Units are written")[0]
    named = {
        word
        for line in table.splitlines()
        if line.startswith("| ")
        for word in re.split(r",? (?:or |and )?|, ", line.split("|")[1].strip())
    }
    assert set(FIELDS) <= named


def test_every_word_of_a_choice_is_explained():
    assert {*KINDS, *COMPARATORS, *RELATIONS, *FAIL_ON} <= CODES


def test_every_unit_can_be_written_from_the_page():
    steps = {code for code in UNITS if re.fullmatch(r"(hkd|cny|usd)(_wan|_mn|_yi|_bn|_tn)?", code)}
    suffixes = {f"_{step}" for step in ("wan", "mn", "yi", "bn", "tn")}
    assert {"hkd", "cny", "usd", *suffixes} <= CODES
    assert set(UNITS) - steps - {"mn", "none"} <= CODES


def test_example_is_read():
    ledger = read_ledger(ROOT / "examples" / "claims.yml", vocabulary())
    assert ledger.claims.num_rows >= 5
    assert ledger.documents.num_rows == 1


def test_columns_are_those_of_the_ledger():
    assert list(CLAIM.names) == list(CLAIMS[0])
    assert list(DOCUMENT.names) == list(DOCUMENTS[0])
