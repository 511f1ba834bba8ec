"""True facts, each spoilt in one way: what the claims engine must see through.

Here lives only the spoiling, and what a right verdict on it is. A mutant that happens to say
something true, of the stated or of another variant, is no mutant and is left out.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.claims.facts import Fact, Truth, changed, printed

SCALED_DIMENSIONS = ("money", "price", "shares", "percent", "points", "rate", "ratio")
"""A count has no unit to be mistaken in."""
CURRENCIES = ("hkd", "cny", "usd")
LONGEST_WEEKEND = dt.timedelta(days=4)
UNIT, DATE = "unit error suspected", "date error suspected"


@dataclass(frozen=True)
class Mutant:
    """A fact as it is printed after one slip; `verdicts` are those that name the slip."""

    kind: str
    fact: Fact
    verdicts: tuple[str, ...]
    variant_id: str | None = None
    """The variant that must be named, where the slip is in the measure."""


@dataclass(frozen=True)
class World:
    """What spoiling needs to know: the truth, dimensions of units, days with a figure."""

    truth: Truth
    dimensions: Mapping[str, str]
    units: Mapping[tuple[str, str], str]
    """Unit of each metric and variant."""
    days: Mapping[tuple[str, str, str], list[dt.date]]
    """Days on which a metric, variant and subject has a figure, in order."""
    subjects: Mapping[tuple[str, str, dt.date, dt.date], list[str]]
    """Subjects that have a figure of a metric, variant and period."""


Spoiler = Callable[[Fact, World], Iterator[Mutant]]


def _scale(fact: Fact, world: World) -> Iterator[Mutant]:
    if world.dimensions[fact.unit] in SCALED_DIMENSIONS:
        for power in (-2, -1, 1, 2):
            value = fact.value.scaleb(power)
            value = value.quantize(Decimal(1)) if power > fact.decimals else value
            yield Mutant(f"x 10^{power:+d}", replace(fact, value=value), (UNIT,))


def _currency(fact: Fact, _world: World) -> Iterator[Mutant]:
    stated, _, rest = fact.unit.partition("_")
    if stated in CURRENCIES and not rest.startswith("per_") and fact.currency == stated.upper():
        for other in CURRENCIES:
            if other != stated:
                unit = f"{other}_{rest}" if rest else other
                yield Mutant("other currency", replace(fact, unit=unit), (UNIT,))


def _year(fact: Fact, _world: World) -> Iterator[Mutant]:
    for years in (-1, 1):
        start, end = (_shifted(day, years) for day in (fact.period_start, fact.period_end))
        moved = replace(fact, period_start=start, period_end=end)
        yield Mutant(f"year {years:+d}", moved, (DATE,))


def _session(fact: Fact, world: World) -> Iterator[Mutant]:
    days = world.days[fact.metric_id, fact.variant_id, fact.subject_id]
    if fact.period_start != fact.period_end or fact.period_end not in days:
        return
    position = days.index(fact.period_end)
    for step in (-1, 1):
        if (
            0 <= position + step < len(days)
            and abs(days[position + step] - fact.period_end).days < 5
        ):
            day = days[position + step]
            moved = replace(fact, period_start=day, period_end=day)
            yield Mutant(f"session {step:+d}", moved, (DATE,))


def _digit(fact: Fact, _world: World) -> Iterator[Mutant]:
    digits = list(fact.value.as_tuple().digits)
    if len(digits) >= 3:
        place = len(digits) // 2
        digits[place] = (digits[place] + 3) % 10
        sign, _, exponent = fact.value.as_tuple()
        spoilt = Decimal((sign, tuple(digits), exponent))
        yield Mutant("one digit", replace(fact, value=spoilt), ("refuted",))


def _sign(fact: Fact, _world: World) -> Iterator[Mutant]:
    yield Mutant("sign", replace(fact, value=-fact.value), ("refuted",))


def _variant(fact: Fact, world: World) -> Iterator[Mutant]:
    for name, values in sorted(world.truth.others(fact).items()):
        same_unit = world.units.get((fact.metric_id, name)) == fact.unit
        if same_unit and len(values) == 1 and values[0] and len(digits_of(values[0])) >= 3:
            spoilt = replace(fact, value=printed(values[0]))
            yield Mutant("other variant", spoilt, ("confirmed",), name)


def _subject(fact: Fact, world: World) -> Iterator[Mutant]:
    key = (fact.metric_id, fact.variant_id, fact.period_start, fact.period_end)
    others = [name for name in world.subjects[key] if name != fact.subject_id]
    if others:
        chosen = others[int(abs(fact.value) * 1000) % len(others)]
        yield Mutant("other subject", replace(fact, subject_id=chosen), ("refuted",))


def _comparator(fact: Fact, _world: World) -> Iterator[Mutant]:
    beyond = fact.value + abs(fact.value) / 10
    spoilt = replace(changed(fact, beyond), comparator="more_than")
    if spoilt.value > fact.value:
        yield Mutant("comparator", spoilt, ("refuted",))


SPOILERS: tuple[Spoiler, ...] = (
    _scale,
    _currency,
    _year,
    _session,
    _digit,
    _sign,
    _variant,
    _subject,
    _comparator,
)


def mutants(fact: Fact, world: World) -> Iterator[Mutant]:
    """Return every mutant of a fact that says nothing true."""
    for spoil in SPOILERS:
        for mutant in spoil(fact, world):
            said_by = world.truth.variants_that_say(mutant.fact)
            if mutant.kind == "other currency":
                said_by = set()
            if mutant.variant_id is not None:
                said_by = said_by - {mutant.variant_id}
            if not said_by:
                yield mutant


def digits_of(value: float) -> str:
    """Return the significant digits of a value as it is printed."""
    return "".join(map(str, printed(value).as_tuple().digits)).strip("0")


def _shifted(day: dt.date, years: int) -> dt.date:
    year = day.year + years
    return day.replace(year=year, day=min(day.day, months.monthrange(year, day.month)[1]))
