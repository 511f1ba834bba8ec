"""What was claimed: verdicts on published figures, the kind of error, the reading suggested."""

from __future__ import annotations

from collections import Counter

from orchestration.publishing.manifest import Snapshot
from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row, ask
from orchestration.report.panel import Chart, Column, Figure, Grid, Panel

QUESTION = "What was claimed?"
VERDICTS = ("refuted", "unit error suspected", "date error suspected", "confirmed", "not checkable")
_TITLE, _UNIT = "Verdicts", "Number of claims"
_NAMED = (
    Column("claim_id", "Claim", words.plain, is_number=False),
    Column("statement", "Statement", words.plain, is_number=False, is_prose=True),
    Column("published", "Published", words.plain, is_number=False),
)
_CHECKED = (
    *_NAMED,
    Column("verdict", "Verdict", words.text, is_number=False),
    Column("meant", "Probably meant", words.plain, is_number=False),
    Column("evidence", "Evidence", words.plain, is_number=False, is_prose=True),
    Column("remarks", "Remarks", words.plain, is_number=False, is_prose=True),
)
_OPEN = (
    *_NAMED,
    Column("remarks", "Why not", words.plain, is_number=False, is_prose=True),
    Column("missing_evidence", "What would settle it", words.plain, is_number=False, is_prose=True),
)


def panel(snapshot: Snapshot) -> Panel:
    """Return the panel for a snapshot."""
    answer = ask(snapshot, "claims_verdicts")
    rows = sorted((_readable(row) for row in answer.rows), key=_rank)
    open_ones = [row for row in rows if row["verdict"] == VERDICTS[-1]]
    checked = [row for row in rows if row not in open_ones]
    grids = (
        Grid("Claims that were checked, doubtful ones first.", _CHECKED, checked, is_open=True),
        Grid("Claims that cannot be checked.", _OPEN, open_ones, summary="Not checkable"),
    )
    return Panel(
        key="claimed",
        question=QUESTION,
        headline=headline(answer),
        figures=(_figure(answer),),
        grids=tuple(grid for grid in grids if grid.rows),
        notes=(
            "Synthetic figures never confirm or refute a claim about the world. "
            "The whole reasoning of a verdict: hkflow verify --explain with the claim's number.",
        ),
        answers=(answer,),
    )


def headline(answer: Answer) -> str:
    """Return the sentence that answers the question."""
    if not answer.rows:
        return f"No claim has been checked in this snapshot. {answer.reason}"
    counted = Counter(row["verdict"] for row in answer.rows)
    total = words.count(len(answer.rows), "claim")
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
        "published": words.quantity(row["published_value"], row["published_unit"]),
        "meant": _meant(row),
        "evidence": _evidence(row),
        "remarks": words.listed([words.text(code) for code in codes]),
    }


def _meant(row: Row) -> str:
    start, end = row["suggested_period_start"], row["suggested_period_end"]
    days = dict.fromkeys(words.short_day(day) for day in (start or end, end or start) if day)
    return words.quantity(row["suggested_value"], row["suggested_unit"]) or " to ".join(days)


def _evidence(row: Row) -> str:
    grade = words.text(row["evidence_grade"])
    if grade == "internal":
        return "what the document says elsewhere"
    found = words.quantity(row["warehouse_value"], row["warehouse_unit"])
    return f"{found}, {grade}" if found else grade


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
