"""The page around the panels: head, banner, navigation, footer; style and scripts written inside.

The file fetches nothing: its own policy forbids it, and the chart libraries are part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import vl_convert

from orchestration.report import blocks
from orchestration.report.panel import Panel

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "script-src 'unsafe-inline' 'unsafe-eval'"  # Vega compiles expressions; nothing is loaded
)
_LIBRARY = "window.vegaEmbed = vegaEmbed;"


@dataclass(frozen=True)
class Edition:
    """Which snapshot the page tells of. `links` are files beside it, by what they are.

    `as_of` is the moment as known at which it was built, empty for the newest knowledge.
    """

    snapshot_id: str
    published: str
    last_day: str
    code_version: str
    as_of: str
    banner: str
    links: Mapping[str, str]


def page(edition: Edition, panels: Sequence[Panel], publishers: Mapping[str, Sequence[str]]) -> str:
    """Return the whole page."""
    sections = "\n".join(_section(n, panel, publishers) for n, panel in enumerate(panels, 1))
    has_charts = any(figure.charts for panel in panels for figure in panel.figures)
    scripts = _scripts() if has_charts else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>HK Flow: {escape(edition.last_day)}</title>
<style>{_asset("report.css")}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the answers</a>
{_header(edition, panels)}
{_window() if has_charts else ""}
<main id="content">
{sections}
</main>
{_footer(edition)}
{scripts}
</body>
</html>
"""


def _header(edition: Edition, panels: Sequence[Panel]) -> str:
    links = "".join(
        f'<li><a href="#{panel.key}">{escape(panel.question)}</a></li>' for panel in panels
    )
    banner = (
        f'<p class="banner" role="note"><strong>Synthetic data.</strong> {escape(edition.banner)}'
        "</p>"
        if edition.banner
        else ""
    )
    return f"""<header>
{banner}
<div class="title"><div><p class="brand">HK Flow</p>
<h1>Capital flows into Hong Kong tech stocks</h1>
<p class="edition">Sessions up to {escape(edition.last_day)}{_as_known(edition)}</p></div>
<button type="button" id="theme" hidden>Dark</button></div>
<nav aria-label="Questions"><ol>{links}</ol></nav>
</header>"""


def _as_known(edition: Edition) -> str:
    return f", as known at {escape(edition.as_of)}" if edition.as_of else ""


def _window() -> str:
    presets = "".join(
        f'<button type="button" data-months="{months}">{label}</button>'
        for label, months in (("3 months", 3), ("6 months", 6), ("1 year", 12), ("All", 0))
    )
    return f"""<form class="window" aria-label="Days that the charts show" hidden>
<div class="presets" role="group" aria-label="Days to show">{presets}</div>
<label>From <input type="date" id="window-start"></label>
<label>To <input type="date" id="window-end"></label>
</form>"""


def _section(position: int, panel: Panel, publishers: Mapping[str, Sequence[str]]) -> str:
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in panel.notes)
    figures = "".join(blocks.figure(figure) for figure in panel.figures)
    grids = "".join(blocks.grid(grid) for grid in panel.grids)
    return f"""<section class="panel" id="{panel.key}" aria-labelledby="{panel.key}-question">
<h2 id="{panel.key}-question"><span>{position}</span> {escape(panel.question)}</h2>
<p class="headline">{_unbroken(panel.headline)}</p>
{blocks.stats(panel.stats)}
<div class="figures">{figures}</div>
{grids}
{notes}
{blocks.queries(panel.answers, publishers)}
</section>"""


def _unbroken(sentence: str) -> str:
    """Return a sentence in which a number stays on one line with its currency or per cent."""
    kept = sentence.replace(" %", "\u00a0%")
    for currency in ("HKD ", "USD "):
        kept = kept.replace(currency, currency.strip() + "\u00a0")
    return escape(kept)


def _footer(edition: Edition) -> str:
    links = "".join(
        f'<li><a href="{escape(target)}">{escape(name)}</a></li>'
        for name, target in edition.links.items()
    )
    return f"""<footer>
<p>Snapshot {escape(edition.snapshot_id)}, written {escape(edition.published)}, code
{escape(edition.code_version)}. Days are dates in Hong Kong unless a fund's market is meant; a
figure that cannot be known is a dash, never zero.</p>
<ul>{links}</ul>
</footer>"""


@cache
def _scripts() -> str:
    bundle = vl_convert.javascript_bundle(_LIBRARY)
    return "\n".join(f"<script>{each}</script>" for each in (bundle, _asset("report.js")))


def _asset(name: str) -> str:
    return files("orchestration.report").joinpath("assets", name).read_text(encoding="utf-8")
