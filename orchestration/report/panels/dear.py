"""Is it dear: price-earnings ratios and their percentiles, recovery from the low, risk premium."""

from __future__ import annotations

from orchestration.publishing.manifest import Snapshot
from orchestration.report import words
from orchestration.report.answers import Answer, Row, ask
from orchestration.report.panel import Panel, Stat
from orchestration.report.panels import dear_figures

QUESTION = "Is it dear?"
_WINDOWS = {
    "pe_percentile_10y": "10 years",
    "pe_percentile_5y": "5 years",
    "pe_percentile_3y": "3 years",
}


def panel(snapshot: Snapshot) -> Panel:
    """Return the panel for a snapshot."""
    history, positions = ask(snapshot, "dear_history"), ask(snapshot, "dear_positions")
    rows = [placed(row) for row in positions.rows]
    return Panel(
        key="dear",
        question=QUESTION,
        headline=headline(positions),
        stats=_stats(rows),
        figures=(
            dear_figures.over_time(
                history,
                "pe_ttm",
                "dear-pe",
                "Price-earnings ratio of the indices",
                "Times trailing earnings; the axis does not start at zero",
            ),
            dear_figures.over_time(
                history,
                "erp_us10y_pct",
                "dear-erp",
                "Equity risk premium of the indices",
                "Earnings yield less the 10-year US Treasury yield, percentage points",
                (0,),
            ),
            dear_figures.places(positions, rows),
            dear_figures.recovery(positions, rows),
        ),
        notes=_notes(rows),
        answers=(positions, history),
    )


def headline(positions: Answer) -> str:
    """Return the sentences that answer the question, from the newest session."""
    row = _main(positions.rows)
    if not row or row["pe_ttm"] is None:
        reason = positions.reason or "No index has a price-earnings ratio on the newest session."
        return f"Whether it is dear cannot be said. {reason}"
    row = placed(row)
    parts = [_ratio(row)]
    if row["erp_us10y_pct"] is not None:
        side = "more" if row["erp_us10y_pct"] >= 0 else "less"
        points = words.number(abs(row["erp_us10y_pct"]), 2)
        parts.append(
            f"Its earnings yield {points} percentage points {side} than a 10-year US Treasury."
        )
    if row["recovery_from_intraday_low_pct"] is not None:
        parts.append(
            f"It stands {words.number(row['recovery_from_intraday_low_pct'], 1)} % above its low "
            f"of {words.day(row['intraday_low_date'])}."
        )
    return " ".join(parts)


def placed(row: Row) -> Row:
    """Return a row with its percentile over the longest window that has one, else over the lake."""
    name = dear_figures.INDEX_NAMES.get(row["subject_id"]) or row["subject_name"]
    for field, window in _WINDOWS.items():
        if row[field] is not None:
            return {**row, "name": name, "place": row[field], "window": f"the last {window}"}
    held = row["pe_observations"]
    window = f"{held:,} sessions held" if held else ""
    return {**row, "name": name, "place": row["pe_percentile_lake"], "window": window}


def _ratio(row: Row) -> str:
    """Return the ratio and what it means, which is said only of a history of years."""
    article = "the " if row["subject_id"] in dear_figures.INDEX_NAMES else ""
    sentence = f"At {words.number(row['pe_ttm'], 1)} times earnings {article}{row['name']}"
    if row["place"] is None:
        return f"{sentence} has no percentile yet."
    share = words.whole(row["place"])
    if any(row[field] is not None for field in _WINDOWS):
        window = row["window"]
        return f"{sentence} {_range(row['place'])}: {share} % of {window} was as low or lower."
    return (
        f"{sentence} {_range(row['place'])}, as low or lower on {share} % of the "
        f"{row['pe_observations']:,} sessions held since {words.day(row['pe_first_date'])}; that "
        "is too short a past to call it dear or cheap."
    )


def _range(place: float) -> str:
    if place >= 80:
        return "is near the top of its range"
    if place >= 50:
        return "is in the upper half of its range"
    return "is in the lower half of its range" if place > 20 else "is near the bottom of its range"


def _main(rows: list[Row]) -> Row | None:
    """Return the row of the Hang Seng Index, else of any index."""
    indices = [row for row in rows if row["subject_kind"] == "index"]
    return min(indices, key=lambda row: row["subject_id"] != "^HSI", default=None)


def _stats(rows: list[Row]) -> list[Stat]:
    found = []
    for row in sorted(rows, key=lambda row: row["subject_id"] != "^HSI"):
        if row["subject_kind"] != "index" or row["pe_ttm"] is None:
            continue
        note = f"times earnings; percentile {words.whole(row['place'])} of {row['window']}"
        found.append(Stat(f"{row['name']}, P/E", words.number(row["pe_ttm"], 2), note))
        found.append(
            Stat(
                f"{row['name']}, risk premium",
                words.signed(row["erp_us10y_pct"]),
                "percentage points over the 10-year US Treasury",
            )
        )
    return found


def _notes(rows: list[Row]) -> list[str]:
    notes = [
        "The ratio of an index is its owner's, that of a security a vendor's. A loss has no ratio. "
        "Recovery is from the lowest price of 250 sessions, the basis of the press."
    ]
    if rows and all(row[field] is None for row in rows for field in _WINDOWS):
        notes.append(
            "Percentiles of 3, 5 and 10 years are not given: they need ratios on 80 % of the "
            "sessions of their window, and the lake is shorter. Shown instead is the place among "
            "the sessions held, which is not a long-run percentile."
        )
    return notes
