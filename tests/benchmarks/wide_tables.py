"""Rows of the lake's wide tables, some sessions at a time, from the arrays of the boards.

All rows are marked synthetic. Nothing is simulated or written here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from data_lake.tables import TABLES
from orchestration import calendar
from orchestration.sources import SOURCES
from tests.benchmarks.wide_boards import (
    SETTLEMENT_SESSIONS,
    Boards,
    Figures,
    session_after,
)

_LAGS = {source.name: source.publish_lag for source in SOURCES}
_UTC = pa.timestamp("us", "UTC")


def quotations(found: Boards, at: slice) -> pa.Table:
    """Return every counter's sessions."""
    figures = {name: values[at].ravel() for name, values in found.figures.items()}
    traded = figures["is_traded"]
    columns = {
        "security_name": _of_counter(found.names, found, at),
        "currency": _of_counter(found.currencies, found, at),
        "previous_close": _thousandths(figures["previous_close"], traded),
        "close_price": _thousandths(figures["close"], traded),
        "high_price": _thousandths(figures["high"], traded),
        "low_price": _thousandths(figures["low"], traded),
        "traded_shares": pa.array(figures["volume"], mask=~traded),
        "turnover_amount": pa.array(figures["turnover"], mask=~traded),
        "is_suspended": pa.array(~traded),
    }
    every = np.ones(found.figures["close"][at].shape, dtype=bool)
    return _rows("quotations", "hkex_quotation_sheet", found, at, every, columns)


def short_selling(found: Boards, at: slice) -> pa.Table:
    """Return what was printed the same evening, and corrections printed a session later."""
    figures = {name: values[at] for name, values in found.figures.items()}
    printed = figures["first_short_shares"] > 0
    corrected = figures["short_shares"] != figures["first_short_shares"]
    corrected[[day == found.days[-1] for day in found.days[at]]] = False
    versions = []
    for keep, prefix, is_adjustment in ((printed, "first_", False), (corrected, "", True)):
        count = int(keep.sum())
        no_totals = np.full(count, is_adjustment)
        columns = {
            "security_name": _of_counter(found.names, found, at).filter(pa.array(keep.ravel())),
            "is_hkd_counter": pa.array(
                np.broadcast_to(np.array(found.currencies) == "HKD", keep.shape)[keep]
            ),
            "short_shares": pa.array(figures[f"{prefix}short_shares"][keep]),
            "short_turnover_amount": pa.array(figures[f"{prefix}short_turnover"][keep]),
            "total_shares": pa.array(figures["volume"][keep], mask=no_totals),
            "total_turnover_amount": pa.array(figures["turnover"][keep], mask=no_totals),
            "is_adjustment": pa.repeat(is_adjustment, count),
        }
        versions.append(
            _rows(
                "short_selling",
                "hkex_quotation_sheet",
                found,
                at,
                keep,
                columns,
                sessions_later=int(is_adjustment),
            )
        )
    ordering = [(name, "ascending") for name in ("trade_date", "security_code", "known_at")]
    return pa.concat_tables(versions).sort_by(ordering)


def daily_bars(found: Boards, at: slice) -> pa.Table:
    """Return the vendor's bars of the counters that are made up."""
    figures = {name: values[at] for name, values in found.figures.items()}
    keep = np.broadcast_to(~found.is_own, figures["close"].shape)
    half, traded = figures["is_half_day"][keep], figures["is_traded"][keep]
    missing = half | ~traded
    columns: dict[str, pa.Array] = {
        f"{side}_price": pa.array((figures[side] / 1000 / figures["factor"])[keep], mask=missing)
        for side in ("open", "high", "low", "close")
    }
    volume = np.rint(figures["volume"] * figures["factor"]).astype(np.int64)
    reasons = pa.array(np.where(half, "flat_bar_without_volume", "no_data"), mask=~missing)
    columns |= {
        "symbol": _of_counter([f"{code[1:]}.HK" for code in found.codes], found, at).filter(
            pa.array(keep.ravel())
        ),
        "exchange_calendar": pa.repeat("XHKG", len(half)),
        "currency": pa.repeat("HKD", len(half)),
        "adjusted_close_price": pa.array(figures["adjusted_close"][keep], mask=missing),
        "volume_shares": pa.array(volume[keep], mask=missing),
        "missing_price_reason": reasons,
    }
    return _rows("daily_bars", "yahoo_chart", found, at, keep, columns)


def southbound_holdings(found: Boards, at: slice) -> pa.Table:
    """Return what is held of the made-up counters that are eligible."""
    shares = found.figures["held_shares"][at]
    keep = np.broadcast_to(~found.is_own & found.is_southbound, shares.shape)
    sessions = np.nonzero(keep)[0]
    traded_on = pa.array(
        [session_after(day, -SETTLEMENT_SESSIONS) for day in found.days[at]], pa.date32()
    )
    names = _of_counter(found.names, found, at)
    columns = {
        "security_name": names.filter(pa.array(keep.ravel())),
        "held_shares": pa.array(shares[keep]),
        "held_pct_issued": pa.nulls(len(sessions), pa.float64()),
        "implied_trade_date": traded_on.take(pa.array(sessions)),
    }
    return _rows("southbound_holdings", "hkex_ccass_southbound", found, at, keep, columns)


def corporate_actions(found: Boards) -> pa.Table:
    """Return the dividends and splits of the counters that are made up, all days at once."""
    actions: list[dict[str, Any]] = [
        {"ex_date": each.ex_date, "symbol": f"{code[1:]}.HK", "dividend_amount": each.amount}
        for code, paid in found.dividends.items()
        for each in paid
    ] + [
        {"ex_date": each.ex_date, "symbol": f"{code[1:]}.HK", "split_ratio": float(each.numerator)}
        for code, splits in found.splits.items()
        for each in splits
        if found.days[0] <= each.ex_date <= found.days[-1]
    ]
    for action in actions:
        published = calendar.session_close("XHKG", action["ex_date"]) + _LAGS["yahoo_chart"]
        action |= {
            "action_type": "split" if "split_ratio" in action else "dividend",
            "currency": "HKD",
            "source": "yahoo_chart",
            "payload_sha256": _sha256("yahoo_chart", action["ex_date"]),
            "published_at": published,
            "known_at": published,
            "evidence_grade": "synthetic",
            "is_synthetic": True,
        }
    rows = pa.Table.from_pylist(actions, schema=TABLES["corporate_actions"].stored_schema)
    return rows.sort_by([("ex_date", "ascending"), ("symbol", "ascending")])


def _rows(
    name: str,
    source: str,
    found: Boards,
    at: slice,
    keep: Figures,
    columns: dict[str, pa.Array],
    sessions_later: int = 0,
) -> pa.Table:
    """Return a table's rows: key, provenance and the columns given, of those rows alone."""
    table = TABLES[name]
    sessions, counters = (pa.array(positions) for positions in np.nonzero(keep))
    days = found.days[at]
    printed = [session_after(day, sessions_later) for day in days]
    moments = [calendar.session_close("XHKG", day) + _LAGS[source] for day in printed]
    count = len(sessions)
    published = pa.array(moments, _UTC).take(sessions)
    known: dict[str, pa.Array] = {
        table.date_column: pa.array(days, pa.date32()).take(sessions),
        "security_code": pa.array(found.codes).take(counters),
        "source": pa.repeat(source, count),
        "payload_sha256": pa.array([_sha256(source, day) for day in printed]).take(sessions),
        "published_at": published,
        "known_at": published,
        "evidence_grade": pa.repeat("synthetic", count),
        "is_synthetic": pa.repeat(True, count),
    }
    known |= columns
    schema = table.stored_schema
    return pa.Table.from_arrays([known[each.name] for each in schema], schema=schema)


def _of_counter(values: Sequence[str], found: Boards, at: slice) -> pa.Array:
    """Return a counter's text on each session."""
    positions = np.tile(np.arange(len(values)), len(found.days[at]))
    return pa.array(values).take(pa.array(positions))


def _thousandths(values: Figures, is_known: Figures) -> pa.Array:
    """Return whole thousandths as decimals with three places, which Arrow cannot cast to."""
    words = np.zeros((len(values), 2), dtype=np.int64)
    words[:, 0] = values
    valid = pa.py_buffer(np.packbits(is_known, bitorder="little").tobytes())
    return pa.Array.from_buffers(
        pa.decimal128(12, 3), len(values), [valid, pa.py_buffer(words.tobytes())]
    )


def _sha256(source: str, day: dt.date) -> str:
    return hashlib.sha256(f"{source} {day}".encode()).hexdigest()
