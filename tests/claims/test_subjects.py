"""Subjects of claims that a snapshot has no figure of."""

import pyarrow as pa
import pytest

from orchestration.claims.subjects import MAX_SENTENCES, unknown_subjects

KNOWN = frozenset({"ALL", "00700", "^HSI"})


def claims(*rows):
    names = ("claim_id", "subject_id", "benchmark_subject_id")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("T1", "00700", None), []),
        (("T1", "00700", "^HSI,ALL"), []),
        (
            ("T1", "700", None),
            ["T1: the snapshot has no figure of subject '700'; did you mean 00700?"],
        ),
        (("T1", "ALL", "^HSI,^XYZQ"), ["T1: the snapshot has no figure of subject '^XYZQ'"]),
        (
            ("T1", "zzz1", "zzz2,zzz3,zzz1"),
            [f"T1: the snapshot has no figure of subject 'zzz{n}'" for n in (1, 2, 3)],
        ),
    ],
)
def test_unknown_subjects_and_benchmarks_are_named(row, told):
    assert unknown_subjects(claims(row), KNOWN) == told


def test_claims_about_one_subject_are_one_sentence():
    rows = [(f"T{number}", "zzz", None) for number in range(1, 6)]
    assert unknown_subjects(claims(*rows), KNOWN) == [
        "T1, T2, T3 and others: the snapshot has no figure of subject 'zzz'"
    ]


def test_what_is_no_ledger_for_this_lake_is_not_told_subject_by_subject():
    rows = [(f"T{number}", f"zzz{number}", None) for number in range(MAX_SENTENCES + 2)]
    told = unknown_subjects(claims(*rows), KNOWN)
    assert len(told) == MAX_SENTENCES + 1
    assert told[-1] == "and 2 more such subjects"
