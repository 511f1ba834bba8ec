"""Writing a snapshot's report: ask, assemble, one file. The order of the panels is settled here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.publishing.companions import DOCS
from orchestration.publishing.dictionary import DICTIONARY
from orchestration.publishing.errors import PublishError
from orchestration.publishing.manifest import DATABASE, MANIFEST, Snapshot
from orchestration.report import REPORT, words
from orchestration.report.answers import ask
from orchestration.report.page import Edition, page
from orchestration.report.panel import Panel
from orchestration.report.panels import buying, claimed, dear, overheated, trusted

_PANELS = {
    "buying": buying,
    "dear": dear,
    "overheated": overheated,
    "claimed": claimed,
    "trusted": trusted,
}
_BESIDE = {
    "Data dictionary": DICTIONARY,
    "Lineage and columns (dbt docs)": DOCS,
    "Database": DATABASE,
    "Manifest": MANIFEST,
}
_SYNTHETIC = (
    "The sandbox invented the market of this page; names and codes are real, the figures say "
    "nothing about any market. Only the claims under 4 and what their documents print are real."
)


def write_report(snapshot: Snapshot, path: Path | None = None) -> Path:
    """Write the report of a snapshot, by default as `report.html` in its folder.

    Raises:
        NoSnapshot: the snapshot's database is gone or cannot be opened.
        OSError: the file cannot be written.
    """
    target = path or snapshot.path / REPORT
    target.write_text(report(snapshot, target.parent), encoding="utf-8")
    return target


def report(snapshot: Snapshot, folder: Path) -> str:
    """Return the page of a snapshot as it is to stand in a folder, which its links start from.

    Raises:
        NoSnapshot: the snapshot's database is gone or cannot be opened.
    """
    panels = [_panel(snapshot, key, module) for key, module in _PANELS.items()]
    return page(_edition(snapshot, panels, folder), panels, _publishers(snapshot))


def _panel(snapshot: Snapshot, key: str, module: Any) -> Panel:
    """Return a panel; a fault of the report must not keep audited figures from their readers."""
    try:
        return module.panel(snapshot)
    except PublishError:
        raise
    except Exception as error:
        headline = f"This cannot be answered: the report failed ({type(error).__name__}: {error})."
        return Panel(key, module.QUESTION, headline)


def _edition(snapshot: Snapshot, panels: list[Panel], folder: Path) -> Edition:
    is_beside = folder == snapshot.path
    links = {
        name: file
        for name, file in _BESIDE.items()
        # the manifest is written last, after everything that it has the hash of
        if is_beside and (file == MANIFEST or (snapshot.path / file).is_file())
    }
    return Edition(
        snapshot_id=snapshot.id,
        published=f"{words.day(snapshot.created_at.date())}, {snapshot.created_at:%H:%M} UTC",
        last_day=_last_day(panels),
        code_version=str(snapshot.facts.get("code_version", "unknown")),
        as_of=str(snapshot.facts.get("as_of", "")),
        banner=_SYNTHETIC if snapshot.world == "sandbox" else "",
        links=links,
    )


def _last_day(panels: list[Panel]) -> str:
    firsts = [answer.rows[0] for panel in panels for answer in panel.answers if answer.rows]
    days = [row["trade_date"] for row in firsts if "trade_date" in row]
    return words.day(max(days)) if days else "no session"


def _publishers(snapshot: Snapshot) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in ask(snapshot, "publishers").rows:
        found.setdefault(row["model"], []).append(row["source"])
    return found
