"""What was claimed: verdicts on published figures, the kind of error, the reading suggested."""

from __future__ import annotations

from collections import Counter
from typing import Any

from orchestration.publishing.manifest import Snapshot
from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row, ask
from orchestration.report.panel import Chart, Column, Figure, Grid, Panel

QUESTION = "What was claimed?"
VERDICTS = ("refuted", "unit error suspected", "date error suspected", "confirmed", "not checkable")
_TITLE, _UNIT = "Verdicts", "Number of published figures"
_COLUMNS = (
    Column("claim_id", "Claim", words.plain, is_number=False),
    Column("statement", "Statement", words.plain, is_number=False, is_prose=True),
    Column("published", "Published", words.plain, is_number=False),
    Column("verdict", "Verdict", words.text, is_number=False),
    Column("error", "Kind of error", words.plain, is_number=False, is_prose=True),
    Column("suggested", "Suggested reading", words.plain, is_number=False, is_prose=True),
    Column("missing_evidence", "What would settle it", words.plain, is_number=False, is_prose=True),
)


def panel(snapshot: Snapshot) -> Panel:
    """Return the panel for a snapshot."""
    answer = ask(snapshot, "claims_verdicts")
    rows = sorted((_readable(row) for row in answer.rows), key=_rank)
    grids = (Grid("Published figures, doubtful ones first.", _COLUMNS, rows, is_open=True),)
    return Panel(
        key="claimed",
        question=QUESTION,
        headline=headline(answer),
        figures=(_figure(answer),),
        grids=grids if rows else (),
        notes=(
            "Synthetic figures never confirm or refute a claim about the world; what cannot be "
            "checked says what would settle it.",
        ),
        answers=(answer,),
    )


def headline(answer: Answer) -> str:
    """Return the sentence that answers the question."""
    if not answer.rows:
        return f"No published figure has been checked in this snapshot. {answer.reason}"
    counted = Counter(row["verdict"] for row in answer.rows)
    total = words.count(len(answer.rows), "published figure")
    checked = [
        f"{counted[verdict]} {_phrase(verdict, counted[verdict])}"
        for verdict in VERDICTS[:-1]
        if counted[verdict]
    ]
    open_ones = counted["not checkable"]
    if not checked:
        reading = "cannot be checked" if open_ones == 1 else "can be checked"
        return (
            f"Of {total}, {'it' if open_ones == 1 else 'none'} {reading} with what the lake holds."
        )
    sentence = f"Of {total}, {words.listed(checked)}"
    if open_ones:
        sentence += f"; {open_ones} cannot be checked with what the lake holds"
    return f"{sentence}."


def _phrase(verdict: str, amount: int) -> str:
    be, have = ("is", "seems to have") if amount == 1 else ("are", "seem to have")
    return {
        "confirmed": f"{be} confirmed",
        "refuted": f"{be} refuted",
        "unit error suspected": f"{have} a wrong unit",
        "date error suspected": f"{have} a wrong date",
    }[verdict]


def _rank(row: Row) -> tuple[int, str]:
    known = row["verdict"] in VERDICTS
    return (VERDICTS.index(row["verdict"]) if known else len(VERDICTS), row["claim_id"])


def _readable(row: Row) -> Row:
    codes = [code.strip() for code in (row["reason_codes"] or "").split(",") if code.strip()]
    return {
        **row,
        "published": _quantity(row["published_value"], row["published_unit"]),
        "error": words.listed([words.text(code) for code in codes]),
        "suggested": _suggested(row),
    }


def _suggested(row: Row) -> str:
    parts = []
    if row["suggested_value"] is not None:
        parts.append(_quantity(row["suggested_value"], row["suggested_unit"]))
    start, end = row["suggested_period_start"], row["suggested_period_end"]
    if start or end:
        days = [words.short_day(day) for day in dict.fromkeys((start or end, end or start))]
        parts.append(" to ".join(days))
    return ", ".join(parts)


def _quantity(value: Any, unit: str | None) -> str:
    if value is None:
        return ""
    decimals = 0 if float(value).is_integer() else 2
    return f"{words.number(value, decimals)} {words.unit(unit) if unit else ''}".strip()


def _figure(answer: Answer) -> Figure:
    if not answer.rows:
        return Figure("claims-verdicts", _TITLE, _UNIT, reason=answer.reason)
    counted = Counter(row["verdict"] for row in answer.rows)
    rows = [
        {"verdict": words.capital(verdict), "figures": counted[verdict]} for verdict in VERDICTS
    ]
    tips = (charts.Tip("verdict", "Verdict"), charts.Tip("figures", "Figures", ".0f"))
    chart = Chart(
        charts.ranked("figures", "verdict", tips, len(rows), step=1),
        rows,
        ("verdict", "figures"),
        "Bars: " + "; ".join(f"{row['verdict']} {row['figures']}" for row in rows) + ".",
    )
    columns = (
        Column("verdict", "Verdict", words.plain, is_number=False),
        Column("figures", "Figures", words.whole),
    )
    return Figure("claims-verdicts", _TITLE, _UNIT, (chart,), Grid("Verdicts.", columns, rows))
