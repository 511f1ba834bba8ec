"""The analyst guide as questions: reading the page, asking a snapshot, writing the answers back.

`python -m tests.documentation.guide SNAPSHOTS` rewrites the answers from the snapshot of a
default run in the folder SNAPSHOTS; the test holds the page against such a snapshot.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from orchestration.publishing.catalog import current
from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.reader import query

PAGE = Path(__file__).parents[2] / "docs" / "analyst-guide.md"
_QUESTION = re.compile(
    r"^### (?P<number>\d+)\. (?P<title>[^\n]+)\n(?P<text>.*?)"
    r"```sql\n(?P<sql>.*?)```\n\n(?P<answer>(?:\|[^\n]*\n)*)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Question:
    """A question of the page, its SQL, and the answer that the page shows."""

    number: int
    title: str
    sql: str
    answer: str


def questions(page: str) -> list[Question]:
    """Return the questions of a page, in its order."""
    return [
        Question(int(found["number"]), found["title"], found["sql"], found["answer"])
        for found in _QUESTION.finditer(page)
    ]


def answer(snapshot: Snapshot, sql: str) -> str:
    """Return what a snapshot answers, as a Markdown table."""
    rows = query(snapshot, sql)
    lines = ["| " + " | ".join(rows.column_names) + " |"]
    lines.append(
        "|" + "|".join("---:" if _is_number(kind) else "---" for kind in rows.schema.types) + "|"
    )
    lines += ["| " + " | ".join(map(_cell, row.values())) + " |" for row in rows.to_pylist()]
    return "\n".join(lines) + "\n"


def rewritten(page: str, snapshot: Snapshot) -> str:
    """Return the page with every answer as a snapshot gives it today."""

    def replace(found: re.Match[str]) -> str:
        shown = found[0].removesuffix(found["answer"]) if found["answer"] else found[0]
        return shown + answer(snapshot, found["sql"])

    return _QUESTION.sub(replace, page)


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    shown = rewritten(PAGE.read_text(encoding="utf-8"), current(Path(sys.argv[1])))
    PAGE.write_text(shown, encoding="utf-8")
