"""Verdicts for people and for programs: a table, Markdown, JSON or CSV. No verdict is made here."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from orchestration.claims.coverage import (
    coverage,
    coverage_by_document,
    coverage_sentences,
)

Row = Mapping[str, Any]
HEADINGS = ("claim", "statement", "published", "evidence", "grade", "verdict", "reasons")
STYLES = {
    "confirmed": "green",
    "refuted": "red",
    "unit error suspected": "yellow",
    "date error suspected": "yellow",
    "not checkable": "dim",
}
MAX_GRID_ROWS = 300
"""A longer grid is written without borders: drawing one takes longer than the check itself."""


def as_json(rows: Sequence[Row], broken: Sequence[Row], snapshot: Mapping[str, str]) -> str:
    """Return everything: verdicts, rules that failed, coverage of all and of each document."""
    content = {
        "snapshot": dict(snapshot),
        "claims": [_finite(row) for row in rows],
        "failed_rules": [_finite(row) for row in broken],
        "coverage": coverage(rows),
        "coverage_by_document": coverage_by_document(rows),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=str, allow_nan=False) + "\n"


def as_csv(rows: Sequence[Row]) -> str:
    """Return the verdicts, every column, as CSV that a spreadsheet can open safely."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    columns = list(rows[0]) if rows else []
    writer.writerow(columns)
    writer.writerows([_safe(row[name]) for name in columns] for row in rows)
    return sink.getvalue()


def as_markdown(rows: Sequence[Row], broken: Sequence[Row]) -> str:
    """Return a Markdown table of the verdicts, the rules that failed and the coverage."""
    lines = [_markdown_line(HEADINGS), _markdown_line("---" for _ in HEADINGS)]
    lines += [_markdown_line(cells(row)) for row in rows]
    if broken:
        lines += ["", "Rules that failed:", ""]
        lines += [f"- {_one_line(text)}" for text in rule_sentences(broken)]
    lines += ["", *coverage_sentences(coverage(rows))]
    return "\n".join(lines) + "\n"


def as_table(rows: Sequence[Row], broken: Sequence[Row], width: int | None) -> str:
    """Return a grid for the terminal; one of more than 300 rows is plain lines."""
    sink = io.StringIO()
    console = Console(file=sink, width=width, highlight=False, force_terminal=width is None)
    if len(rows) > MAX_GRID_ROWS:
        sink.writelines(f"{'  '.join(cells(row))}\n" for row in rows)
    else:
        grid = Grid(*HEADINGS)
        for row in rows:
            style = STYLES.get(str(row["verdict"]))
            grid.add_row(*(escape(cell) for cell in cells(row)), style=style)
        console.print(grid)
    for text in rule_sentences(broken[:MAX_GRID_ROWS]):
        console.print(text, markup=False, soft_wrap=True)
    for line in coverage_sentences(coverage(rows)):
        console.print(line, markup=False, soft_wrap=True)
    return sink.getvalue()


def cells(row: Row) -> tuple[str, ...]:
    """Return what a person sees of a verdict, under HEADINGS."""
    return (
        str(row["claim_id"]),
        str(row["statement"] or ""),
        figure(row["published_value"], row["published_unit"]),
        figure(row["warehouse_value"], row["warehouse_unit"]),
        "" if row["evidence_grade"] in (None, "none") else str(row["evidence_grade"]),
        str(row["verdict"]),
        str(row["reason_codes"] or "").replace(",", ", "),
    )


def rule_sentences(broken: Sequence[Row]) -> list[str]:
    """Return one sentence per consistency rule that failed."""
    return [
        f"{row['rule_id']} {row['severity']} ({row['claim_ids']}): {row['message']}"
        for row in {
            (row["rule_id"], row["claim_ids"], row["message"]): row for row in broken
        }.values()
    ]


def figure(value: float | None, unit: str | None) -> str:
    """Return a figure with its unit: 22.623 hkd_bn."""
    if value is None:
        return ""
    return f"{value:,.12g} {unit or ''}".strip()


def _finite(row: Row) -> dict[str, Any]:
    """JSON has no word for infinite and undefined numbers: they become null."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in row.items()
    }


def _markdown_line(texts: Any) -> str:
    return "| " + " | ".join(_one_line(text).replace("|", "\\|") for text in texts) + " |"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _safe(value: Any) -> Any:
    """Keep a spreadsheet from running a text cell as a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
