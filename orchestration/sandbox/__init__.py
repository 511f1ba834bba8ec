"""A simulated market that answers as the publishers do: one renderer per endpoint.

Here lives the explicit registry. A renderer module is named after its source and has
`render(market, request)`, the `HOSTS` that the HTTP server answers as for it, and `route`, which
rebuilds a request from an HTTP request line.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from orchestration.sandbox import (
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
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request

MODULES: tuple[ModuleType, ...] = (
    hkex_stock_connect,
    hkex_quotation_sheet,
    yahoo_chart,
    kraneshares_kweb,
    fred,
    hkex_ccass_southbound,
    sfc_short_positions,
    hkex_calendar,
    eastmoney_southbound,
    ishares_fund,
    csop_nav,
    hsi_bulletin,
    tencent_quote,
    hkma_monthly_bulletin,
    hkma_interbank_liquidity,
)
"""Every renderer module."""
RENDERERS: dict[str, Callable[[Market, Request], Answer]] = {
    module.__name__.rpartition(".")[2]: module.render for module in MODULES
}
"""Who answers for which source."""
