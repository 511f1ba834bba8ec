"""SOURCES: every publisher endpoint the warehouse reads, in the order of a run.

One file per endpoint, each ending in its `SOURCE`. Sources know how to ask and how to read; they do
no IO and know neither transports nor Dagster.
"""

from orchestration.sources import (
    csop_nav,
    eastmoney_southbound,
    fred,
    hkex_calendar,
    hkex_ccass_southbound,
    hkex_quotation_sheet,
    hkex_stock_connect,
    hkma_interbank_liquidity,
    hkma_monthly_bulletin,
    hsi_bulletin,
    ishares_fund,
    kraneshares_kweb,
    sfc_short_positions,
    tencent_quote,
    yahoo_chart,
)
from orchestration.sources.base import Source

SOURCES: tuple[Source, ...] = (
    hkex_stock_connect.SOURCE,
    hkex_quotation_sheet.SOURCE,
    yahoo_chart.SOURCE,
    kraneshares_kweb.SOURCE,
    fred.SOURCE,
    hkex_ccass_southbound.SOURCE,
    sfc_short_positions.SOURCE,
    hkex_calendar.SOURCE,
    eastmoney_southbound.SOURCE,
    ishares_fund.SOURCE,
    csop_nav.SOURCE,
    hsi_bulletin.SOURCE,
    tencent_quote.SOURCE,
    hkma_monthly_bulletin.SOURCE,
    hkma_interbank_liquidity.SOURCE,
)


def feeds(table: str) -> tuple[Source, ...]:
    """Return the sources that feed a lake table, in the order of a run."""
    return tuple(source for source in SOURCES if table in source.tables)
