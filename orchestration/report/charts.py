"""Building blocks of the charts, in Altair: bars and lines over time, ranked bars and dots.

A specification names its data and holds none. What is drawn is each panel's matter. Altair is
loaded by the first chart, so that a snapshot without a figure does not pay for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from orchestration.report import chart_style as style

if TYPE_CHECKING:
    import altair as alt

_ROWS = "rows"
_TICKS = "max(3, floor(width / 110))"
_LEGEND = "width < 330 ? 2 : 4"  # names side by side: two on a phone
_WINDOW = [{"name": "window_start", "value": 0}, {"name": "window_end", "value": 0}]
_INSIDE = "datum.day_end > window_start && datum.day < window_end"


class Tip(NamedTuple):
    """A line of a tooltip. `form` is a number format, empty for texts, `day` for days."""

    field: str
    title: str
    form: str = ""


DAY = Tip("day", "Day", "day")


@cache
def bars_over_time(field: str, tips: tuple[Tip, ...], height: int = 180) -> dict[str, Any]:
    """Return bars from `day` to `day_end`, above zero in one colour and below in another."""
    import altair as alt

    bars = _rows().mark_bar(clip=True).encode(
        x=_time_axis(),
        x2="day_end",
        y=_value_axis(field, zero=True),
        y2=alt.datum(0),
        color=_by_sign(field),
        tooltip=_tooltip(tips),
    )  # fmt: skip
    return _over_time(bars + _level(0), height)


@cache
def lines_over_time(
    field: str,
    tips: tuple[Tip, ...],
    series: tuple[str, ...] = (),
    levels: tuple[float, ...] = (),
    domain: tuple[float, float] | None = None,
    detail: str = "",
) -> dict[str, Any]:
    """Return one line, or one for each name in `series` (column `series`).

    `levels` are drawn across. A line breaks where the column `detail` changes. Without a `domain`
    the axis takes the range of the days shown, and does not start at zero.
    """
    import altair as alt

    base = _rows().encode(
        x=_time_axis(), y=_value_axis(field, domain=domain), tooltip=_tooltip(tips)
    )
    line = base.mark_line(clip=True, strokeWidth=1.8, color=style.SERIES[0])
    if series:
        line = line.encode(
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(series), range=list(style.SERIES[: len(series)])),
                legend=alt.Legend(
                    symbolType="stroke", symbolStrokeWidth=3, columns=alt.ExprRef(_LEGEND)
                ),
            ),
            strokeDash=alt.StrokeDash(
                "series:N",
                scale=alt.Scale(domain=list(series), range=list(style.DASHES[: len(series)])),
            ),
        )
    if detail:
        line = line.encode(detail=f"{detail}:N")
    touch = base.mark_point(opacity=0, size=90, filled=True, clip=True)
    return _over_time(alt.layer(*[_level(each, True) for each in levels], line, touch), 180)


@cache
def ranked(
    field: str,
    label: str,
    tips: tuple[Tip, ...],
    rows: int,
    domain: tuple[float, float] | None = None,
    is_dot: bool = False,
    step: float = 0,
) -> dict[str, Any]:
    """Return one horizontal bar, or dot, for each row in the order given, with its name.

    `step` is the least distance of two ticks: 1 for counts.
    """
    import altair as alt

    gutter = style.NAME_GUTTER
    names = alt.Axis(
        title=None, labelLimit=gutter - 6, labelColor=style.INK, ticks=False, domain=False,
        minExtent=gutter, maxExtent=gutter, labelOverlap=False,
    )  # fmt: skip
    values = alt.Axis(
        title=None, format=",~f", grid=True, tickCount=4, tickMinStep=step, orient="top"
    )
    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=True)
    chart = _rows().encode(
        y=alt.Y(f"{label}:N", sort=None, axis=names),
        x=alt.X(f"{field}:Q", scale=scale, axis=values),
        tooltip=_tooltip(tips),
    )
    if is_dot:
        drawn = chart.mark_circle(size=80, color=style.SERIES[0], opacity=1)
    else:
        drawn = chart.mark_bar(height={"band": 0.7}).encode(color=_by_sign(field))
    return _finished(drawn, 20 * rows)


@cache
def overview(field: str) -> dict[str, Any]:
    """Return the small chart whose brush sets the window of all charts over time."""
    import altair as alt

    look = alt.BrushConfig(fill=style.INK, fillOpacity=0.12, stroke=style.MUTED)
    axis = alt.Axis(title=None, tickCount=alt.ExprRef(_TICKS), format="%b %Y")
    line = {"color": style.SERIES[0], "strokeWidth": 1}
    area = _rows().mark_area(color=style.SERIES[0], opacity=0.45, line=line).encode(
        x=alt.X("day:T", axis=axis, scale=alt.Scale(nice=False)),
        y=alt.Y(f"{field}:Q", axis=None),
    )  # fmt: skip
    brush = alt.selection_interval(name="brush", encodings=["x"], mark=look)
    return _finished(area.add_params(brush), 56)


def _rows() -> alt.Chart:
    import altair as alt

    return alt.Chart(alt.NamedData(_ROWS))


def _time_axis() -> alt.X:
    """Return the axis of days, which every chart over time shares and the page's window sets."""
    import altair as alt

    scale = alt.Scale(
        domainMin=alt.ExprRef("window_start"), domainMax=alt.ExprRef("window_end"), nice=False
    )
    form = "window_end - window_start < 8e9 ? '%-d %b' : '%b %Y'"
    axis = alt.Axis(
        title=None, tickCount=alt.ExprRef(_TICKS), labelExpr=f"timeFormat(datum.value, {form})"
    )
    return alt.X("day:T", scale=scale, axis=axis)


def _value_axis(field: str, zero: bool = False, domain: tuple[float, float] | None = None) -> alt.Y:
    import altair as alt

    gutter = style.VALUE_GUTTER
    axis = alt.Axis(title=None, format=",~f", minExtent=gutter, maxExtent=gutter)
    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=zero)
    return alt.Y(f"{field}:Q", scale=scale, axis=axis)


def _by_sign(field: str) -> Any:
    import altair as alt

    below = f"datum['{field}'] < 0"
    return alt.condition(below, alt.value(style.OUTFLOW), alt.value(style.INFLOW))


def _level(level: float, is_dashed: bool = False) -> alt.Chart:
    import altair as alt

    rule = alt.Chart(alt.InlineData([{}])).mark_rule(
        color=style.MUTED, strokeDash=[4, 4] if is_dashed else [1, 0], strokeWidth=1
    )
    return rule.encode(y=alt.datum(level))


def _tooltip(tips: Sequence[Tip]) -> list[Any]:
    import altair as alt

    kinds = {"": "N", "day": "T"}
    forms: dict[str, Any] = {"": alt.Undefined, "day": "%-d %b %Y"}
    return [
        alt.Tooltip(f"{tip.field}:{kinds.get(tip.form, 'Q')}", title=tip.title,
                    format=forms.get(tip.form, tip.form))
        for tip in tips
    ]  # fmt: skip


def _over_time(chart: Any, height: int) -> dict[str, Any]:
    spec = _finished(chart, height)
    return {**spec, "params": _WINDOW, "transform": [{"filter": _INSIDE}]}


def _finished(chart: Any, height: int) -> dict[str, Any]:
    """Return the specification; what all charts share is added here, which Altair checks slowly."""
    spec = chart.to_dict()
    spec.pop("$schema")
    return {**spec, "width": "container", "height": height, "config": style.CONFIG}
