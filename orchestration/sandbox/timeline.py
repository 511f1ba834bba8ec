"""The sandbox's days: sessions of each calendar from the first day on, as lists and as indices.

Weekdays are the common clock: world-wide factors move on them, and every exchange reads what has
happened since its own last session. No prices here.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from orchestration import calendar
from orchestration.sandbox.ticks import Integers

FIRST_DAY = calendar.CONNECT_START
"""First day of the sandbox world."""


class Axis:
    """The sessions of one calendar, and the position of each."""

    def __init__(self, name: str, first: dt.date) -> None:
        self.days = [day for day in calendar.all_sessions(name) if day >= first]
        self.position = {day: index for index, day in enumerate(self.days)}
        self.ordinals = np.array([day.toordinal() for day in self.days], dtype=np.int64)

    def __len__(self) -> int:
        """Return the number of sessions."""
        return len(self.days)

    def span(self, first: dt.date, last: dt.date) -> range:
        """Return the positions of the sessions from first to last, both included."""
        start, stop = np.searchsorted(self.ordinals, [first.toordinal(), last.toordinal() + 1])
        return range(int(start), int(stop))

    def latest(self, other: Axis) -> Integers:
        """Return, for every session of another axis, the position of the latest one here.

        The first position stands in where there is none yet.
        """
        return np.maximum(np.searchsorted(self.ordinals, other.ordinals, side="right") - 1, 0)

    def on_or_after(self, day: dt.date) -> int:
        """Return the position of the first session on or after a day (the length if none is)."""
        return int(np.searchsorted(self.ordinals, day.toordinal()))


class Timeline:
    """The four axes of the sandbox, the half days of Hong Kong and its sessions with Connect."""

    def __init__(self, first: dt.date = FIRST_DAY) -> None:
        self.weekdays = Axis("WEEKDAY", first)
        self.hong_kong = Axis("XHKG", first)
        self.shanghai = Axis("XSHG", first)
        self.new_york = Axis("XNYS", first)
        connect = frozenset(calendar.all_sessions("CONNECT"))
        half = calendar.half_days("XHKG")
        self.is_half_day = np.array([day in half for day in self.hong_kong.days], dtype=bool)
        self.is_connect = np.array([day in connect for day in self.hong_kong.days], dtype=bool)
