"""How every chart looks: type, axes, gutters, and colours by role.

Colours are custom properties of the page's style, so that one drawing serves light and dark.
"""

from __future__ import annotations

from typing import Any

INK, MUTED, RULE = "var(--ink)", "var(--muted)", "var(--rule)"
INFLOW, OUTFLOW = "var(--inflow)", "var(--outflow)"
SERIES = ("var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)")
DASHES = ([1, 0], [8, 3], [3, 3], [8, 3, 2, 3])
VALUE_GUTTER, NAME_GUTTER = 52, 172
"""Room for labels left of a chart, in pixels: the same everywhere, so that charts line up."""

CONFIG: dict[str, Any] = {
    "aria": False,  # each chart is one image with words, and a table beside it
    "background": "transparent",
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": RULE,
        "gridOpacity": 0.6,
        "labelFontSize": 12,
        "labelOverlap": True,
    },
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False, "tickCount": 5},
    "legend": {"labelColor": INK, "labelFontSize": 12, "orient": "top", "title": None},
}
