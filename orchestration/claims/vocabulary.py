"""The words a file of claims may use: the measures of a snapshot and the units of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

KINDS = (
    "change",
    "conversion",
    "flow",
    "level",
    "qualitative",
    "rank",
    "ratio",
    "relative",
    "since",
)
COMPARATORS = ("equal", "more_than", "less_than", "about", "rank", "since", "qualitative")
RELATIONS = (
    "part_of",
    "conversion_of",
    "multiple_of",
    "rank_in",
    "same_series_as",
    "measured_from",
    "dated_by",
    "sector_of",
    "cause_of",
)
WORLDS = ("real", "sandbox")
_ALSO = {
    "change": {"percent", "ratio"},
    "relative": {"percent", "ratio"},
    "ratio": {"percent", "ratio"},
    "rank": {"count"},
    "since": {"count"},
}
"""Dimensions that a kind of claim may use whatever its measure is counted in."""


@dataclass(frozen=True)
class Unit:
    """A unit of the ledger."""

    code: str
    dimension: str
    label: str
    chinese_label: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """Measures, each with its variants and the code of their unit, and the units by code."""

    metrics: Mapping[str, Mapping[str, str]]
    units: Mapping[str, Unit]

    @cached_property
    def metric_names(self) -> tuple[str, ...]:
        """Return the measures in alphabetical order."""
        return tuple(sorted(self.metrics))

    @cached_property
    def unit_names(self) -> tuple[str, ...]:
        """Return the codes of the units in alphabetical order."""
        return tuple(sorted(self.units))

    @cached_property
    def _by_any_name(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for unit in self.units.values():
            names.setdefault(unit.chinese_label.lower(), unit.code)
        names |= {unit.label.lower(): unit.code for unit in self.units.values()}
        return names | {code.lower(): code for code in self.units}

    def unit_code(self, word: str) -> str | None:
        """Return the code of a unit named by code or label, or None."""
        return self._by_any_name.get(word.lower())

    def units_for(self, metric: str, variant: str | None, kind: str) -> tuple[str, ...]:
        """Return the units that a figure of a measure may be published in.

        Counts do not convert into each other: only the measure's own unit will do. A measure that
        no data settles takes any unit, and every measure can be claimed of a day (date).
        """
        variants = self.metrics[metric]
        own = {variants[variant]} if variant else set(variants.values())
        dimensions = {self.units[code].dimension for code in own if code in self.units}
        if "none" in dimensions:
            return self.unit_names
        allowed = (dimensions - {"count"}) | _ALSO.get(kind, set()) | {"date"}
        return tuple(
            code for code in self.unit_names if self.units[code].dimension in allowed or code in own
        )
