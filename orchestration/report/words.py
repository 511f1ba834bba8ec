"""Numbers, money and days as the report writes them: with units and a true minus sign."""

from __future__ import annotations

import datetime as dt
from typing import Any

ABSENT = "–"
"""What stands in a cell whose figure cannot be known."""
_MINUS = "−"


def number(value: Any, decimals: int = 2, signed: bool = False) -> str:
    """Return a number with separators of thousands, or a dash where there is none."""
    if value is None:
        return ABSENT
    rounded = round(float(value), decimals) + 0.0  # without the zero that has a sign
    text = f"{abs(rounded):,.{decimals}f}"
    if rounded < 0:
        return _MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def signed(value: Any) -> str:
    """Return a number of two decimals with its sign."""
    return number(value, 2, signed=True)


def one_decimal(value: Any) -> str:
    """Return a number of one decimal."""
    return number(value, 1)


def two_decimals(value: Any) -> str:
    """Return a number of two decimals."""
    return number(value, 2)


def whole(value: Any) -> str:
    """Return a number without decimals."""
    return number(value, 0)


def money(value_mn: Any, currency: str = "HKD") -> str:
    """Return an amount of millions without its sign: `HKD 1.23 billion` or `HKD 45.6 million`."""
    amount = abs(float(value_mn))
    if round(amount, 1) >= 1000:
        return f"{currency} {amount / 1000:,.2f} billion"
    return f"{currency} {amount:,.1f} million"


def day(value: dt.date | None) -> str:
    """Return a day in words: `28 February 2025`."""
    return f"{value.day} {value:%B %Y}" if value else ABSENT


def short_day(value: dt.date | None) -> str:
    """Return a day as `2025-02-28`, the form that sorts."""
    return value.isoformat() if value else ABSENT


def moment(value: dt.datetime | None) -> str:
    """Return a time as `2025-02-28 10:30`."""
    return f"{value:%Y-%m-%d %H:%M}" if value else ABSENT


def month(value: dt.date | None) -> str:
    """Return a month in words: `February 2025`."""
    return f"{value:%B %Y}" if value else ABSENT


def text(value: Any) -> str:
    """Return a text, with words in place of underscores, or a dash."""
    return str(value).replace("_", " ") if value not in (None, "") else ABSENT


def unit(code: str) -> str:
    """Return the code of a unit as it is printed: `hkd_bn` as `HKD bn`."""
    what, _, rest = code.partition("_")
    if what == "shares" and rest:
        return f"{text(rest)} shares"
    if what not in ("hkd", "cny", "usd"):
        return text(code)
    return f"{what.upper()} {text(rest)}" if rest else what.upper()


def quantity(value: float | None, code: str | None) -> str:
    """Return a figure with all its digits and its unit; empty where there is none."""
    if value is None:
        return ""
    digits = f"{value:,.12g}".replace("-", _MINUS)
    match code:
        case "flag":
            return "yes" if value else "no"
        case "rank":
            return f"rank {digits}"
        case "pct":
            return f"{digits} %"
        case _:
            return f"{digits} {unit(code)}" if code else digits


def plain(value: Any) -> str:
    """Return a text as it is, or a dash."""
    return str(value) if value not in (None, "") else ABSENT


def count(amount: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 session`, `2 sessions`."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """Return items as a sentence lists them: `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def capital(sentence: str) -> str:
    """Return a sentence that begins with a capital letter."""
    return sentence[:1].upper() + sentence[1:]
