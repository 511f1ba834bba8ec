"""Claims about subjects of which a snapshot has no figure: a slip of the pen, more often than not.

They are told of and checked all the same: the verdict is the engine's.
"""

from __future__ import annotations

from collections.abc import Set

import pyarrow as pa

from orchestration.claims.faults import nearest

MAX_SENTENCES = 20
_MAX_IDS = 3


def unknown_subjects(claims: pa.Table, known: Set[str]) -> list[str]:
    """Return a sentence for each subject or benchmark that is not known, with the nearest ones.

    `claims` has the columns of the seed `claim`; a benchmark may be a list, joined by commas.
    """
    asked: dict[str, list[str]] = {}
    for row in claims.select(["claim_id", "subject_id", "benchmark_subject_id"]).to_pylist():
        subjects = [row["subject_id"], *(row["benchmark_subject_id"] or "").split(",")]
        for subject in dict.fromkeys(subjects):
            if subject and subject not in known:
                asked.setdefault(subject, []).append(row["claim_id"])
    named = tuple(sorted(known))
    sentences = [
        f"{', '.join(ids[:_MAX_IDS])}{' and others' if len(ids) > _MAX_IDS else ''}: the snapshot "
        f"has no figure of subject {subject!r}{nearest(subject, named)}"
        for subject, ids in list(asked.items())[:MAX_SENTENCES]
    ]
    left = len(asked) - MAX_SENTENCES
    return [*sentences, f"and {left} more such subjects"] if left > 0 else sentences
