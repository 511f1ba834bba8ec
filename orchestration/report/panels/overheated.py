"""Is it overheated: the composite with its components, relative strength, short selling."""

from __future__ import annotations

from typing import Literal

from orchestration.publishing.manifest import Snapshot
from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row, ask
from orchestration.report.panel import Chart, Column, Figure, Grid, Panel, Stat
from orchestration.report.panels import overheated_components, overheated_securities

QUESTION = "Is it overheated?"
OVERSOLD, OVERBOUGHT = 30, 70
"""Conventional levels of relative strength, drawn as lines; the states come from the mart."""


def panel(snapshot: Snapshot) -> Panel:
    """Return the panel for a snapshot."""
    daily, components = ask(snapshot, "heat_daily"), ask(snapshot, "heat_components")
    securities = ask(snapshot, "heat_securities")
    return Panel(
        key="overheated",
        question=QUESTION,
        headline=headline(daily, components, securities),
        stats=_stats(daily),
        figures=(
            _line(
                daily,
                "composite_score",
                "heat-composite",
                "Composite score",
                "0 fear, 50 neutral, 100 greed",
                (50,),
                (0, 100),
                place="wide",
            ),
            overheated_components.figure(components),
            _line(
                daily,
                "hstech_rsi14_wilder",
                "heat-rsi",
                "Relative strength of Hang Seng TECH",
                f"RSI of 14 bars (Wilder), 0 to 100; {OVERBOUGHT} and above is called overbought, "
                f"{OVERSOLD} and below oversold",
                (OVERSOLD, OVERBOUGHT),
                (0, 100),
            ),
            _line(
                daily,
                "short_turnover_ratio_market_pct",
                "heat-short",
                "Short ratio of the market",
                "Turnover sold short, % of turnover; the axis does not start at zero",
            ),
            overheated_securities.figure(securities),
        ),
        notes=(
            "The composite is the weighted mean of what its components have: each is the place of "
            "the day's value among those of up to 750 sessions before. Weights version: "
            f"{daily.rows[0]['weights_version'] if daily.rows else words.ABSENT}.",
        ),
        answers=(daily, components, securities),
    )


def headline(daily: Answer, components: Answer, securities: Answer) -> str:
    """Return the sentence that answers the question, from the newest session."""
    if not daily.rows:
        return f"Whether it is overheated cannot be said. {daily.reason}"
    last = daily.rows[0]
    parts = [_composite(last, components)]
    if last["hstech_rsi14_wilder"] is not None:
        strength = words.number(last["hstech_rsi14_wilder"], 1)
        parts.append(
            f"The relative strength of Hang Seng TECH is {strength}, "
            f"{_state(last['hstech_rsi14_wilder'])}."
        )
    if last["short_turnover_ratio_market_pct"] is not None:
        ratio = words.number(last["short_turnover_ratio_market_pct"], 1)
        parts.append(f"Short sales were {ratio} % of turnover.")
    return " ".join([*parts, _stretched(securities)]).strip()


def _composite(last: Row, components: Answer) -> str:
    day = words.day(last["trade_date"])
    if last["composite_score"] is None:
        reason = words.text(last["score_missing_reason"])
        return f"Sentiment has no score on {day} ({reason})."
    of = f" of {len(components.rows)}" if components.rows else ""
    return (
        f"Sentiment stood at {words.number(last['composite_score'], 1)} on {day}, on a scale from "
        f"0 (fear) to 100 (greed): {words.text(last['composite_band'])}, by "
        f"{last['component_count']}{of} components."
    )


def _state(strength: float) -> str:
    if strength >= OVERBOUGHT:
        return "which is called overbought"
    if strength <= OVERSOLD:
        return "which is called oversold"
    return "neither overbought nor oversold"


def _stretched(securities: Answer) -> str:
    if not securities.rows:
        return ""
    hot = [row["security_name"] for row in securities.rows if row["momentum_state"] == "overbought"]
    cold = sum(row["momentum_state"] == "oversold" for row in securities.rows)
    named = f" ({words.listed(hot)})" if 0 < len(hot) <= 3 else ""
    return (
        f"Of {words.count(len(securities.rows), 'stock')} followed, {len(hot) or 'none'} "
        f"{'is' if len(hot) <= 1 else 'are'} overbought{named} and {cold or 'none'} oversold."
    )


def _stats(daily: Answer) -> list[Stat]:
    if not daily.rows:
        return []
    last = daily.rows[0]
    return [
        Stat("Composite score", words.number(last["composite_score"], 1),
             f"0 to 100; {words.text(last['composite_band'])}"),
        Stat("Since 6 May 2024", words.signed(last["score_minus_may_2024_peak"]),
             "points of the composite"),
        Stat("Since 7 October 2024", words.signed(last["score_minus_oct_2024_peak"]),
             "points of the composite"),
        Stat("RSI of Hang Seng TECH", words.number(last["hstech_rsi14_wilder"], 1),
             "14 bars, 0 to 100"),
        Stat("Short ratio", words.number(last["short_turnover_ratio_market_pct"], 1),
             "% of the market's turnover"),
    ]  # fmt: skip


def _line(
    daily: Answer,
    field: str,
    key: str,
    title: str,
    unit: str,
    levels: tuple[float, ...] = (),
    domain: tuple[float, float] | None = None,
    place: Literal["wide", "left"] = "left",
) -> Figure:
    rows: list[Row] = [
        {"day": row["trade_date"], "value": row[field], "band": words.text(row["composite_band"])}
        for row in reversed(daily.rows)
        if row[field] is not None
    ]
    if not rows:
        reason = daily.reason or "No session held has it yet; its window is longer than the lake."
        return Figure(key, title, unit, reason=reason, place=place)
    tips: tuple[charts.Tip, ...] = (charts.DAY, charts.Tip("value", title, ".1f"))
    if field == "composite_score":
        tips = (*tips, charts.Tip("band", "Band"))
    high = max(rows, key=lambda row: row["value"])
    chart = Chart(
        charts.lines_over_time("value", tips, levels=levels, domain=domain),
        rows,
        ("day", "value", "band"),
        f"{title} over {words.count(len(rows), 'session')}: "
        f"{words.number(rows[-1]['value'], 1)} on {words.day(rows[-1]['day'])}; highest "
        f"{words.number(high['value'], 1)} on {words.day(high['day'])}.",
    )
    columns = [
        Column("trade_date", "Session", words.short_day, is_number=False),
        Column(field, title, words.one_decimal),
    ]
    if field == "composite_score":
        columns.append(Column("composite_band", "Band", words.text, is_number=False))
    grid = Grid(f"{title}, newest first.", tuple(columns), daily.rows)
    return Figure(key, title, unit, (chart,), grid, place=place)
