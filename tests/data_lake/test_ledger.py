import datetime as dt

from data_lake.ledger import Entry, Ledger

JANUARY = (dt.date(2025, 1, 2), dt.date(2025, 1, 31))
FEBRUARY = (dt.date(2025, 2, 3), dt.date(2025, 2, 28))


def test_days_asked_for_only_ever_grow(tmp_path):
    ledger = Ledger(tmp_path, "fred")
    assert ledger.asked is None
    for days in (FEBRUARY, JANUARY):
        ledger.note_asked(days)
    assert Ledger(tmp_path, "fred").asked == (JANUARY[0], FEBRUARY[1])


def test_days_asked_for_are_no_payload(tmp_path):
    ledger = Ledger(tmp_path, "fred")
    ledger.note_asked(JANUARY)
    ledger.note({"a@1": Entry("code", *JANUARY, {})})
    assert Ledger(tmp_path, "fred").names == {"a@1"}
    assert Ledger(tmp_path, "fred").asked == JANUARY


def test_payload_read_by_other_code_is_known_for_its_days_but_not_held(tmp_path):
    Ledger(tmp_path, "fred").note({"a@1": Entry("old code", *JANUARY, {})})
    ledger = Ledger(tmp_path, "fred")
    assert ledger.knows("a@1", JANUARY)
    assert not ledger.holds("a@1", "new code", JANUARY)
    assert not ledger.knows("a@1", FEBRUARY)
    assert not ledger.knows("b@1", JANUARY)


def test_refused_payload_is_forgotten(tmp_path):
    Ledger(tmp_path, "fred").note({name: Entry("code", *JANUARY, {}) for name in ("a@1", "b@1")})
    Ledger(tmp_path, "fred").forget({"a@1", "unknown"})
    assert Ledger(tmp_path, "fred").names == {"b@1"}
