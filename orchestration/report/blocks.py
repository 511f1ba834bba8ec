"""HTML of the parts of a panel: numbers that stand out, figures, tables, SQL. No figures are made.

Every text is escaped here; whoever calls hands over plain values.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from orchestration.report.answers import Answer
from orchestration.report.panel import Chart, Column, Figure, Grid, Stat

ROWS_OF_A_TABLE = 260
"""Rows of a chart's table: a year of sessions; the SQL beside it gives all of them."""


def stats(items: Sequence[Stat]) -> str:
    """Return the numbers that stand out, as a list of terms."""
    if not items:
        return ""
    cells = "".join(
        f"<div><dt>{escape(item.label)}</dt><dd><span>{escape(item.value)}</span>"
        f"{f'<small>{escape(item.note)}</small>' if item.note else ''}</dd></div>"
        for item in items
    )
    return f'<dl class="stats">{cells}</dl>'


def figure(item: Figure) -> str:
    """Return a figure: heading, unit, charts, note and table; or why there is nothing to draw."""
    head = f'<h3 id="{item.key}">{escape(item.title)}</h3><p class="unit">{escape(item.unit)}</p>'
    kind = f"figure {item.place}"
    if item.reason:
        body = f'<p class="absent"><strong>Not shown.</strong> {escape(item.reason)}</p>'
        return f'<section class="{kind}" aria-labelledby="{item.key}">{head}{body}</section>'
    drawn = "".join(_chart(item.key, n, chart) for n, chart in enumerate(item.charts))
    note = f'<p class="note">{escape(item.note)}</p>' if item.note else ""
    table = grid(item.grid) if item.grid else ""
    return (
        f'<section class="{kind}" aria-labelledby="{item.key}">{head}{drawn}{note}{table}</section>'
    )


def grid(item: Grid) -> str:
    """Return a table that scrolls sideways by itself, behind a summary unless it `is_open`."""
    shown = item.rows[:ROWS_OF_A_TABLE]
    head = "".join(
        f'<th scope="col"{_class(column)}>{escape(column.label)}</th>' for column in item.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<{'td' if n else 'th scope=row'}{_class(column)}>"
            f"{escape(column.show(row.get(column.field)))}</{'td' if n else 'th'}>"
            for n, column in enumerate(item.columns)
        )
        + "</tr>"
        for row in shown
    )
    caption = escape(item.caption)
    if len(shown) < len(item.rows):
        caption += f" The first {len(shown):,} of {len(item.rows):,} rows; the SQL gives all."
    table = (
        f'<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        "</table></div>"
    )
    if item.is_open:
        return table
    return f"<details><summary>{escape(item.summary)}</summary>{table}</details>"


def queries(answers: Sequence[Answer], publishers: Mapping[str, Sequence[str]]) -> str:
    """Return the statements behind a panel, the tables they read, and who published those."""
    marts = list(dict.fromkeys(mart for answer in answers for mart in answer.marts))
    tables = ", ".join(f"<code>{escape(mart)}</code>" for mart in marts)
    names = sorted({name for mart in marts for name in publishers.get(mart, ())})
    published = "; ".join(escape(name) for name in names) or "not named in this snapshot"
    statements = "".join(
        f'<pre tabindex="0" aria-label="SQL {escape(answer.name)}"><code>-- {escape(answer.name)}\n'
        f"{escape(answer.sql)}</code></pre>"
        for answer in answers
    )
    return (
        '<details class="sql"><summary>SQL and sources</summary>'
        f"<p>Tables: {tables}.</p><p>Published by: {published}.</p>"
        "<p>Run a statement again with <code>hkflow sql</code>.</p>"
        f"{statements}</details>"
    )


def _chart(key: str, position: int, chart: Chart) -> str:
    label = f'<p class="chart-label">{escape(chart.label)}</p>' if chart.label else ""
    data = {
        "spec": chart.spec,
        "fields": chart.fields,
        "rows": [[_json(row.get(name)) for name in chart.fields] for row in chart.rows],
    }
    # a script ends at its first "</", and other tags in it have a meaning too, whatever its type
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'{label}<div class="chart" id="{key}-{position}" role="img" '
        f'aria-label="{escape(chart.summary)}"></div>'
        f'<script type="application/json" data-for="{key}-{position}">{body}</script>'
    )


def _json(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return round(value, 4) if isinstance(value, float) else value


def _class(column: Column) -> str:
    if column.is_prose:
        return " class=prose"
    return " class=n" if column.is_number else ""
