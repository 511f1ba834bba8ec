"""Facts of a sandbox snapshot, written down as a publisher would print them.

Here lives what is true: drawn from the long form by plain queries, never through the engine. How
facts are spoilt is `mutations.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb

from orchestration.publishing.manifest import Snapshot

SIGNIFICANT_DIGITS = 6
"""As many as publishers print of a sum in millions: enough that few figures are alike."""
_DRAW = """
    select metric_id, variant_id, subject_id, period_start, period_end, value, unit, currency
    from snapshot.core.mart_metric_observations
    where value is not null and period_start is not null and value <> 0
    qualify row_number() over (
        partition by metric_id, variant_id
        order by hash(subject_id, period_start, period_end, observation_window, window_length)
    ) <= {per_variant}
    order by all
"""
_ALL = """
    select metric_id, variant_id, subject_id, period_start, period_end, value
    from snapshot.core.mart_metric_observations
    where value is not null and period_start is not null
        and metric_id in (select unnest(?)) and subject_id in (select unnest(?))
"""

Key = tuple[str, str, dt.date, dt.date]
"""Metric, subject, first and last day."""


@dataclass(frozen=True)
class Fact:
    """One printed figure; `value` is in `unit`, with the decimals it is printed with."""

    metric_id: str
    variant_id: str
    subject_id: str
    period_start: dt.date
    period_end: dt.date
    value: Decimal
    unit: str
    currency: str | None
    comparator: str = "equal"

    @property
    def decimals(self) -> int:
        """Return how many digits are printed behind the point."""
        exponent = self.value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    @property
    def key(self) -> Key:
        """Return what the figure is about, whatever the variant of the measure."""
        return (self.metric_id, self.subject_id, self.period_start, self.period_end)


def printed(value: float) -> Decimal:
    """Return a value rounded half up to the digits that are printed."""
    exact = Decimal(repr(value))
    places = SIGNIFICANT_DIGITS - 1 - exact.adjusted()
    return exact.quantize(Decimal(1).scaleb(-max(0, min(places, 8))), rounding="ROUND_HALF_UP")


def facts(snapshot: Snapshot, per_variant: int) -> list[Fact]:
    """Return up to so many facts of every variant of every measure, none of them zero."""
    with _opened(snapshot) as connection:
        rows = connection.execute(_DRAW.format(per_variant=per_variant)).fetchall()
    found = [Fact(*row[:5], printed(row[5]), *row[6:]) for row in rows]
    return [fact for fact in found if fact.value]


@dataclass(frozen=True)
class Truth:
    """Every figure of the measures and subjects at hand, by what it is about."""

    values: dict[Key, dict[str, list[float]]]

    def variants_that_say(self, fact: Fact) -> set[str]:
        """Return the variants of the measure that hold the printed figure for the same key."""
        half = Decimal(5).scaleb(-fact.decimals - 1)
        return {
            variant
            for variant, values in self.values.get(fact.key, {}).items()
            if any(abs(Decimal(repr(value)) - fact.value) <= half for value in values)
        }

    def others(self, fact: Fact) -> dict[str, list[float]]:
        """Return the figures of the measure's other variants for the same key."""
        found = self.values.get(fact.key, {})
        return {name: values for name, values in found.items() if name != fact.variant_id}


def truth(snapshot: Snapshot, wanted: Iterable[Fact]) -> Truth:
    """Return the figures that facts and their mutants may meet."""
    chosen = list(wanted)
    values: dict[Key, dict[str, list[float]]] = {}
    with _opened(snapshot) as connection:
        rows = connection.execute(
            _ALL,
            [
                sorted({fact.metric_id for fact in chosen}),
                sorted({fact.subject_id for fact in chosen}),
            ],
        )
        while found := rows.fetchmany(100_000):
            for metric, variant, subject, start, end, value in found:
                variants = values.setdefault((metric, subject, start, end), {})
                variants.setdefault(variant, []).append(value)
    return Truth(values)


def changed(fact: Fact, value: Decimal | float) -> Fact:
    """Return the fact with another value, printed with as many decimals."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return replace(
        fact, value=exact.quantize(Decimal(1).scaleb(-fact.decimals), rounding="ROUND_HALF_UP")
    )


def _opened(snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"ATTACH '{snapshot.database}' AS snapshot (READ_ONLY)")
    return connection
