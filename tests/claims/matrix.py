"""The confusion matrix of the claims engine: true facts and their mutants against its verdicts.

`python -m tests.claims.matrix SNAPSHOTS` writes it into docs/claims.md from the newest snapshot in
the folder SNAPSHOTS; `tests/documentation` holds the page against it, and both against the goals.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from orchestration.claims.engine import VERDICTS, Engine
from orchestration.claims.rows import CLAIM as CLAIM_SCHEMA
from orchestration.claims.rows import DOCUMENT as DOCUMENT_SCHEMA
from orchestration.publishing.catalog import current
from orchestration.publishing.manifest import Snapshot
from tests.claims.facts import Fact, Truth, facts, truth
from tests.claims.mutations import Mutant, World, mutants

PAGE = Path(__file__).parents[2] / "docs" / "claims.md"
START, END = "<!-- confusion matrix: begin -->", "<!-- confusion matrix: end -->"
UNMODIFIED = "unmodified"
COLUMNS = (
    "confirmed",
    "refuted",
    "not checkable",
    "unit error suspected",
    "date error suspected",
)
FACTS_PER_VARIANT = 5


@dataclass(frozen=True)
class Judged:
    """A mutant and what the engine said of it."""

    mutant: Mutant
    verdict: str
    variant_id: str | None
    reasons: str
    explanation: str

    @property
    def is_right(self) -> bool:
        """Return whether the slip was named: by verdict, and by variant where that slipped."""
        named = self.mutant.variant_id in (None, self.variant_id)
        return self.verdict in self.mutant.verdicts and named

    @property
    def is_false_confirmation(self) -> bool:
        """Return whether something untrue was confirmed as if it had been said rightly."""
        if self.mutant.kind == UNMODIFIED or self.verdict != "confirmed":
            return False
        return self.mutant.variant_id is None or self.variant_id != self.mutant.variant_id


def judged(snapshot: Snapshot, per_variant: int) -> list[Judged]:
    """Return the verdicts on facts and on all their mutants, each a document of its own."""
    chosen = facts(snapshot, per_variant)
    engine = Engine.of(snapshot)
    world = _world(engine, chosen, truth(snapshot, chosen))
    said = [Mutant(UNMODIFIED, fact, ("confirmed",)) for fact in chosen]
    said += [mutant for fact in chosen for mutant in mutants(fact, world)]
    claims = [_claim(f"M{number}", each.fact) for number, each in enumerate(said)]
    documents = [
        {"document_id": claim["document_id"], "title": "A printed figure"} for claim in claims
    ]
    [verdicts] = engine.run(
        [VERDICTS],
        pa.Table.from_pylist(claims, schema=CLAIM_SCHEMA),
        pa.Table.from_pylist(documents, schema=DOCUMENT_SCHEMA),
    ).values()
    rows = {row["claim_id"]: row for row in verdicts.to_pylist()}
    return [
        Judged(
            each,
            rows[claim["claim_id"]]["verdict"],
            rows[claim["claim_id"]]["variant_id"],
            rows[claim["claim_id"]]["reason_codes"] or "",
            rows[claim["claim_id"]]["explanation"],
        )
        for each, claim in zip(said, claims, strict=True)
    ]


def _world(engine: Engine, chosen: Iterable[Fact], known: Truth) -> World:
    days: dict[tuple[str, str, str], list] = {}
    subjects: dict[tuple, list[str]] = {}
    for (metric, subject, start, end), variants in sorted(known.values.items()):
        for variant in variants:
            subjects.setdefault((metric, variant, start, end), []).append(subject)
            if start == end:
                days.setdefault((metric, variant, subject), []).append(end)
    for fact in chosen:
        days.setdefault((fact.metric_id, fact.variant_id, fact.subject_id), [])
    vocabulary = engine.vocabulary
    return World(
        truth=known,
        dimensions={code: unit.dimension for code, unit in vocabulary.units.items()},
        units={
            (metric, variant): unit
            for metric, variants in vocabulary.metrics.items()
            for variant, unit in variants.items()
        },
        days=days,
        subjects=subjects,
    )


def _claim(claim_id: str, fact: Fact) -> dict[str, object]:
    return {
        "claim_id": claim_id,
        "document_id": f"D-{claim_id}",
        "statement": "A figure of the sandbox",
        "claim_kind": "level",
        "subject_id": fact.subject_id,
        "metric_id": fact.metric_id,
        "variant_id": fact.variant_id,
        "published_value": float(fact.value),
        "published_decimals": fact.decimals,
        "unit": fact.unit,
        "comparator": fact.comparator,
        "period_start": fact.period_start,
        "period_end": fact.period_end,
        "world": "sandbox",
    }


def table(found: Iterable[Judged]) -> str:
    """Return the matrix as Markdown: a row for each way of spoiling, a column for each verdict."""
    counts: dict[str, Counter[str]] = {}
    right: Counter[str] = Counter()
    for each in found:
        counts.setdefault(each.mutant.kind, Counter())[each.verdict] += 1
        right[each.mutant.kind] += each.is_right
    lines = [
        "| slip | claims | " + " | ".join(COLUMNS) + " | named rightly |",
        "|---|" + "---:|" * (len(COLUMNS) + 2),
    ]
    for kind, verdicts in counts.items():
        total = verdicts.total()
        cells = " | ".join(f"{verdicts[name]:,}" for name in COLUMNS)
        lines.append(f"| {kind} | {total:,} | {cells} | {100 * right[kind] / total:.1f} % |")
    return "\n".join(lines) + "\n"


def shown(page: str) -> str:
    """Return the matrix that a page shows."""
    return page.partition(f"{START}\n")[2].partition(END)[0]


def main() -> None:
    """Rewrite the matrix of docs/claims.md."""
    found = judged(current(Path(sys.argv[1])), FACTS_PER_VARIANT)
    before, _, after = PAGE.read_text("utf-8").partition(f"{START}\n")
    after = after.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{table(found)}{END}{after}", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
