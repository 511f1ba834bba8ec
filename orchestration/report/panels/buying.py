"""Who is buying: southbound net buy by day, month and year, top accumulations, ETF flows."""

from __future__ import annotations

import datetime as dt

from orchestration.publishing.manifest import Snapshot
from orchestration.report import words
from orchestration.report.answers import Answer, Row, ask
from orchestration.report.panel import Panel, Stat
from orchestration.report.panels import buying_funds, buying_securities, buying_southbound

QUESTION = "Who is buying?"


def panel(snapshot: Snapshot) -> Panel:
    """Return the panel for a snapshot."""
    daily, monthly = ask(snapshot, "buying_daily"), ask(snapshot, "buying_monthly")
    securities, funds = ask(snapshot, "buying_securities"), ask(snapshot, "buying_etf")
    return Panel(
        key="buying",
        question=QUESTION,
        headline=headline(daily, monthly, securities, funds),
        stats=_stats(daily, monthly),
        figures=(
            *buying_southbound.by_session(daily),
            buying_southbound.by_month(monthly),
            buying_southbound.year_to_date(daily),
            *buying_securities.figures(securities),
            buying_funds.figure(funds),
        ),
        notes=(
            "Net buy is what investors of the mainland bought through southbound Stock Connect "
            "less what they sold, by trades. It is not the quota flow, which counts orders in RMB.",
        ),
        answers=(daily, monthly, securities, funds),
    )


def headline(daily: Answer, monthly: Answer, securities: Answer, funds: Answer) -> str:
    """Return the sentences that answer the question, from the newest session."""
    parts = [_southbound(daily), _sums(daily.rows, monthly.rows), _record(daily.rows, monthly.rows)]
    first = securities.rows[0] if securities.rows else None
    if first and first["estimated_flow_hkd_mn"] > 0:
        parts.append(
            f"Most accumulated over 20 sessions: {first['security_name']}, an estimated "
            f"{words.money(first['estimated_flow_hkd_mn'])}."
        )
    parts.append(_funds(funds.rows))
    return " ".join(part for part in parts if part)


def _southbound(daily: Answer) -> str:
    if not daily.rows:
        return f"Who is buying through Stock Connect cannot be said. {daily.reason}"
    last = daily.rows[0]
    verbs = ("sold", "bought") if last["net_buy_hkd_mn"] < 0 else ("bought", "sold")
    return (
        f"On {words.day(last['trade_date'])} mainland investors {verbs[0]} "
        f"{words.money(last['net_buy_hkd_mn'])} more in Hong Kong than they {verbs[1]}."
    )


def _sums(daily: list[Row], monthly: list[Row]) -> str:
    """Return what month and year come to, where every session of them so far is known."""
    if not daily:
        return ""
    last, day = daily[0], daily[0]["trade_date"]
    this = _month_of(monthly, day)
    so_far = "" if this and this["is_complete"] else " so far"
    known, missing = [], []
    for name, period in (("mtd", f"{day:%B}{so_far}"), ("ytd", f"{day:%Y} to date")):
        value = last[f"net_buy_{name}_hkd_mn"]
        if value is None or not last[f"is_{name}_complete"]:
            missing.append(period)
        else:
            known.append((value, period))
    sentence = _totals(known)
    if missing:
        sentence += f" No sum is given for {words.listed(missing)}: sessions are missing."
    return sentence.strip()


def _totals(known: list[tuple[float, str]]) -> str:
    if not known:
        return ""
    if len({value < 0 for value, _ in known}) == 1:
        sums = words.listed([f"{words.money(value)} in {period}" for value, period in known])
        return f"{words.capital(_kind(known[0][0]))} come to {sums}."
    sums = words.listed([f"{_kind(value)} of {words.money(value)} in {period}"
                         for value, period in known])  # fmt: skip
    return f"The sums are {sums}."


def _kind(value: float) -> str:
    return "net sales" if value < 0 else "net purchases"


def _record(daily: list[Row], monthly: list[Row]) -> str:
    """Return how long ago a complete month was as high, where it is worth saying."""
    this = _month_of(monthly, daily[0]["trade_date"]) if daily else None
    if not this or not this["is_complete"] or (this["highest_in_n_months"] or 0) < 3:
        return ""
    name = this["month_start"]
    return f"{name:%B} is the highest of the last {this['highest_in_n_months']} months."


def _month_of(monthly: list[Row], day: dt.date) -> Row | None:
    return next((row for row in monthly if row["month_start"] == day.replace(day=1)), None)


def _funds(rows: list[Row]) -> str:
    """Return what the funds of the newest whole week took in or lost together."""
    weeks = [row["week_start"] for row in rows if row["is_complete"]]
    if not weeks:
        return ""
    week = [row for row in rows if row["week_start"] == max(weeks) and row["is_complete"]]
    flow = sum(row["flow_usd_mn"] for row in week)
    names = words.listed([row["fund_symbol"] for row in week])
    verb = "lost" if flow < 0 else "took in"
    ending = words.day(max(row["week_end"] for row in week))
    return (
        f"In the week to {ending} the {'funds' if len(week) > 1 else 'fund'} {names} {verb} "
        f"{words.money(flow, 'USD')}."
    )


def _stats(daily: Answer, monthly: Answer) -> list[Stat]:
    if not daily.rows:
        return []
    last = daily.rows[0]
    found = [
        Stat("Net buy, session", words.signed(last["net_buy_hkd_mn"]), "HKD million"),
        Stat("20 sessions", words.signed(last["net_buy_20_sessions_hkd_mn"]), "HKD million"),
        Stat("Month to date", words.signed(last["net_buy_mtd_hkd_mn"]), "HKD million"),
        Stat("Year to date", words.signed(last["net_buy_ytd_hkd_mn"]), "HKD million"),
        Stat(
            "Share of turnover",
            words.number(last["turnover_share_hkex_pct"], 1),
            "%, on the exchange's basis: both sides of every trade",
        ),
    ]
    complete = [row for row in monthly.rows if row["is_complete"]]
    if complete:
        best = max(complete, key=lambda row: row["net_buy_hkd_mn"])
        note = f"HKD million, {words.month(best['month_start'])}"
        found.append(Stat("Highest month held", words.signed(best["net_buy_hkd_mn"]), note))
    return found
