"""SOURCES: every publisher endpoint the warehouse reads, in the order of a run.

One file per endpoint, each ending in its `SOURCE`. Sources know how to ask and how to read; they do
no IO and know neither transports nor Dagster.
"""

from orchestration.sources import (
    fred,
    hkex_quotation_sheet,
    hkex_stock_connect,
    kraneshares_kweb,
    yahoo_chart,
)
from orchestration.sources.base import Source

SOURCES: tuple[Source, ...] = (
    hkex_stock_connect.SOURCE,
    hkex_quotation_sheet.SOURCE,
    yahoo_chart.SOURCE,
    kraneshares_kweb.SOURCE,
    fred.SOURCE,
)
