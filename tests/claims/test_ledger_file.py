"""A user's file of claims: what is read, and what each fault says with its line and field."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.claims.faults import MAX_FAULTS, ClaimsFileError
from orchestration.claims.ledger_file import read_ledger
from tests.claims.words import claim, vocabulary

WORDS = vocabulary()


@pytest.fixture
def read(tmp_path):
    def from_text(text, name="mine.yml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_ledger(path, WORDS)

    return from_text


@pytest.fixture
def faults(read):
    def of_text(text):
        with pytest.raises(ClaimsFileError) as caught:
            read(text)
        return [(fault.line, fault.field, fault.message) for fault in caught.value.faults]

    return of_text


def claims(text: str) -> str:
    return "claims:\n" + text


def row(ledger):
    [only] = ledger.claims.to_pylist()
    return only


def test_claim_is_read_as_it_is_printed(read):
    found = row(read(claims(claim(value="22.420"))))
    assert (found["claim_id"], found["subject_id"]) == ("T1", "ALL")
    assert (found["published_value"], found["published_decimals"]) == (22.42, 3)
    assert found["period_start"] == found["period_end"] == dt.date(2025, 2, 18)
    assert (found["claim_kind"], found["comparator"], found["world"]) == ("level", "equal", "real")


def test_window_makes_a_flow_and_decimals_can_be_said(read):
    text = claim(day=None, decimals="0", **{"from": "2025-02-17", "to": "2025-02-21"})
    found = row(read(claims(text)))
    assert (found["claim_kind"], found["published_decimals"]) == ("flow", 0)
    assert (found["period_start"], found["period_end"]) == (
        dt.date(2025, 2, 17),
        dt.date(2025, 2, 21),
    )


@pytest.mark.parametrize("word", ["hkd_bn", "HKD bn", "hkd BN", "十亿港元"])
def test_unit_is_named_by_code_or_label(read, word):
    assert row(read(claims(claim(unit=word))))["unit"] == "hkd_bn"


@pytest.mark.parametrize("code", ["00700", "01398", "09988", "1e5", "0x10", "no"])
def test_subject_stays_what_was_written(read, code):
    assert row(read(claims(claim(subject=code))))["subject_id"] == code


@pytest.mark.parametrize(
    ("relation", "parent", "kept"),
    [("multiple_of", "[T2, T3]", "T2,T3"), ("part_of", "T2", "T2")],
)
def test_parents_are_kept_in_order(read, relation, parent, kept):
    text = claim(parent=parent, relation=relation) + claim(id="T2") + claim(id="T3")
    assert read(claims(text)).claims.to_pylist()[0]["parent_claim_id"] == kept


def test_opinion_needs_no_figure(read):
    text = claim(metric="analyst_stance", kind="qualitative", value=None, unit=None, day=None)
    found = row(read(claims(text)))
    assert (found["comparator"], found["published_value"]) == ("qualitative", None)


def test_document_gives_the_year_of_its_publication(read):
    ledger = read("document: {id: D1, published_on: 2025-02-21}\n" + claims(claim()))
    [document] = ledger.documents.to_pylist()
    assert (document["document_id"], document["inferred_year"]) == ("D1", 2025)
    assert row(ledger)["document_id"] == "D1"


def test_list_without_a_document_is_named_after_the_file(read):
    assert row(read(claim(), name="note.yml"))["document_id"] == "note"


ONE = [
    (
        "metric",
        "southbound_net_by",
        "'southbound_net_by' is no metric; did you mean southbound_net",
    ),
    ("variant", "quota", "'quota' is no variant of southbound_net_buy; it has net_buy_hkd"),
    ("unit", "hkd_bm", "'hkd_bm' is no unit; did you mean"),
    ("unit", "shares", "'shares' cannot measure southbound_net_buy; one of cny"),
    ("unit", "pct", "'pct' cannot measure southbound_net_buy"),
    ("value", "many", "is 'many', not a number"),
    ("value", "'22.42'", "is '22.42', not a number"),
    ("value", "1,000", "is '1,000'; write it without ,"),
    ("value", ".nan", "is '.nan', not a number"),
    ("value", ".inf", "is '.inf', not a number"),
    ("value", "1e999", "too large for a number"),
    ("value", "[1]", "is a list, not a number"),
    ("value", "", "is empty; write"),
    ("decimals", "-1", "not a whole number"),
    ("decimals", "two", "not a whole number"),
    ("day", "2025-02-30", "a day that the calendar lacks"),
    ("day", "18.2.2025", "not a day; write YYYY-MM-DD"),
    ("day", "{a: b}", "is a mapping, not a day"),
    ("since", "2025-03-01", "is 2025-03-01, after the window ends on 2025-02-18"),
    ("kind", "flows", "did you mean flow"),
    ("comparator", "over", "one of equal, more_than"),
    ("relation", "child", "one of part_of"),
    ("world", "mars", "one of real, sandbox"),
    ("colour", "red", "is no field"),
    ("vaule", "3", "is no field; did you mean value"),
    ("subject", "[a, b]", "is a list, not a text"),
    ("subject", "~", "is missing"),
    ("parent", "T9", "'T9' is no claim here"),
    ("parent", "T1", "is the claim itself"),
    ("statement", "x" * 2001, "has 2,001 characters"),
]


@pytest.mark.parametrize(("field", "text", "says"), ONE, ids=lambda value: str(value)[:24])
def test_fault_names_its_field_and_line(faults, field, text, says):
    found = faults(claims(claim(**{field: text})))
    body = claims(claim(**{field: text})).splitlines()
    at = next(n for n, line in enumerate(body, 1) if line.strip(" -").startswith(f"{field}:"))
    told = [(line, message) for line, name, message in found if name == field]
    assert any(says in message for _, message in told), found
    assert told[0][0] == (2 if field == "parent" else at)


@pytest.mark.parametrize("field", ["id", "subject", "metric", "value", "unit", "day"])
def test_missing_field_is_named(faults, field):
    [(line, name, message)] = faults(claims(claim(**{field: None})))
    assert (line, name) == (2, field)
    assert message.startswith("is missing")


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"from": "2025-02-01"}, "day", "comes with from or to"),
        ({"day": None, "from": "2025-02-01"}, "from", "needs both"),
        ({"day": None, "to": "2025-02-01"}, "to", "needs both"),
        (
            {"day": None, "from": "2025-02-18", "to": "2025-02-01"},
            "to",
            "the window ends on 2025-02-01, before it starts on 2025-02-18",
        ),
    ],
)
def test_window_that_is_none_is_refused(faults, more, field, says):
    found = faults(claims(claim(**more)))
    assert [(name, says in message) for _, name, message in found] == [(field, True)]


def test_duplicate_id_names_the_first_line(faults):
    found = faults(claims(claim() + claim(subject="SSE")))
    assert found == [(8, "id", "is also the id of line 2")]


def test_field_that_comes_twice_is_refused(faults):
    found = faults(claims(claim() + "  value: 3\n"))
    assert [(line, field) for line, field, _ in found] == [(8, "value")]


def test_all_faults_are_told_at_once_in_the_order_of_lines(faults):
    found = faults(claims(claim(metric="x", value="y", day="z") + claim(id="T2", unit="u")))
    assert [(line, field) for line, field, _ in found] == [
        (4, "metric"),
        (5, "value"),
        (7, "day"),
        (12, "unit"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("claims:\n", "claims: is empty"),
        ("claims: []\n", "claims: is empty"),
        ("claims: {a: b}\n", "is a mapping; write a list"),
        ("claims: words\n", "is a text; write a list"),
        ("claim:\n- id: x\n", "claim: is no key of the file; did you mean claims?"),
        ("just words\n", "holds a text"),
        ("claims: [a]\n", "claim 1: is a text"),
        ("claims: [\n", "not YAML"),
        ("a: b: c\n", "not YAML"),
        ("claims: &x [a]\n", "an anchor (&x) is not read"),
        ("claims: *x\n", "an alias is not read"),
        ("claims: !!python/object:os.system [a]\n", "a tag"),
        ("claims: []\n---\nclaims: []\n", "a second document"),
        ("[" * 10_000, "too deep"),
        (b"claims: \xff\n", "not UTF-8"),
        ("claims: \x00\n", "a character that YAML forbids"),
        ("document: {published_on: soon}\nclaims: []\n", "published_on: is 'soon'"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_file_that_is_no_list_of_claims_is_refused_in_a_sentence(read, text, says):
    with pytest.raises(ClaimsFileError) as caught:
        read(text)
    assert says in str(caught.value)
    assert all(line.count(".yml:") == 1 for line in str(caught.value).splitlines())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_claims_or_a_named_fault(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("any") / "any.yml"
    path.write_bytes(body)
    with pytest.raises(ClaimsFileError) as caught:
        read_ledger(path, WORDS)
    assert caught.value.faults


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    st.dates(dt.date(2014, 11, 17), dt.date(2030, 1, 1)),
)
def test_figures_and_days_come_back_as_written(tmp_path_factory, value, day):
    path = tmp_path_factory.mktemp("any") / "any.yml"
    path.write_text(claims(claim(value=f"{value:.3f}", day=day.isoformat())))
    found = row(read_ledger(path, WORDS))
    assert f"{found['published_value']:.3f}" == f"{float(value):.3f}"
    assert (found["published_decimals"], found["period_end"]) == (3, day)


def test_ten_thousand_claims_are_read_in_a_few_seconds(read):
    text = claims("".join(claim(id=f"T{n}") for n in range(10_000)))
    begun = time.process_time()
    assert read(text).claims.num_rows == 10_000
    assert time.process_time() - begun < 10


def test_ten_thousand_faults_are_cut_short_and_counted(read):
    text = claims("".join(claim(id=f"T{n}", metric="southbound_net_by") for n in range(10_000)))
    begun = time.process_time()
    with pytest.raises(ClaimsFileError) as caught:
        read(text)
    lines = str(caught.value).splitlines()
    assert len(lines) == MAX_FAULTS + 1
    assert lines[-1].endswith("and 9800 more")
    assert time.process_time() - begun < 10
