"""What a panel is made of: a question, a computed sentence, figures, tables, and their SQL.

Plain values; how they look is `blocks` and `page`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestration.report.answers import Answer, Row


@dataclass(frozen=True)
class Column:
    """A column of a table: the field, its heading with the unit, and how a value is written.

    Prose may break into lines, other values stay on one.
    """

    field: str
    label: str
    show: Callable[[Any], str] = str
    is_number: bool = True
    is_prose: bool = False


@dataclass(frozen=True)
class Grid:
    """A table. `caption` says what a row is; `is_open` shows it without being asked.

    Otherwise `summary` is what a reader opens it by.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    is_open: bool = False
    summary: str = "Table"


@dataclass(frozen=True)
class Chart:
    """A chart: its Vega-Lite specification without data, the data, and what it shows in words.

    `label` tells several charts of one figure apart. `fields` are the columns that the page needs.
    """

    spec: dict[str, Any]
    rows: Sequence[Row]
    fields: tuple[str, ...]
    summary: str
    label: str = ""


@dataclass(frozen=True)
class Figure:
    """Charts under one heading, with their figures as a table; or the `reason` there are none.

    On a wide screen a figure is as wide as the page, or `half` of it; `right` is a tall one that
    stands beside several on the `left`.
    """

    key: str
    title: str
    unit: str
    charts: tuple[Chart, ...] = ()
    grid: Grid | None = None
    note: str = ""
    reason: str = ""
    place: Literal["wide", "half", "left", "right"] = "wide"


@dataclass(frozen=True)
class Stat:
    """One number that stands out, with its unit and what it is."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """One question and its answer. `headline` is computed from the rows of `answers`."""

    key: str
    question: str
    headline: str
    stats: Sequence[Stat] = ()
    figures: Sequence[Figure] = ()
    grids: Sequence[Grid] = ()
    notes: Sequence[str] = ()
    answers: Sequence[Answer] = field(default_factory=tuple)
