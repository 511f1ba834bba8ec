"""Where the exchange's published calendar and the warehouse's own disagree.

Pure: rows in, disagreements out. It decides nothing; `orchestration.calendar` rules, and a person
adds an override where the exchange is right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration import calendar


@dataclass(frozen=True)
class Disagreement:
    """One statement about a day on which the two calendars differ.

    `statement` names the column of `exchange_calendar`. `explanation` is the reason of a dated
    override of that day (a typhoon, say), or empty where nothing explains the difference.
    """

    trade_date: dt.date
    statement: str
    published: bool
    ours: bool
    explanation: str


def compare(rows: Iterable[Mapping[str, Any]]) -> list[Disagreement]:
    """Return every disagreement between rows of `exchange_calendar` and our calendar, by date.

    Compared are Hong Kong's sessions and half days, and from its first day on southbound Stock
    Connect's. Northbound and mainland openings have no calendar of their own here.
    """
    reasons = {row["trade_date"]: row["reason"] for row in calendar.overrides()}
    found = []
    for row in sorted(rows, key=lambda row: row["trade_date"]):
        day = row["trade_date"]
        explanation = reasons.get(day.isoformat(), "")
        for statement, ours in _ours(day).items():
            if row[statement] != ours:
                found.append(Disagreement(day, statement, row[statement], ours, explanation))
    return found


def _ours(day: dt.date) -> dict[str, bool]:
    statements = {
        "is_hong_kong_open": calendar.is_session("XHKG", day),
        "is_hong_kong_half_day": day in calendar.half_days("XHKG"),
    }
    if day >= calendar.CONNECT_START:
        statements["is_southbound_open"] = calendar.is_session("CONNECT", day)
        statements["is_southbound_half_day"] = day in calendar.half_days("CONNECT")
    return statements
