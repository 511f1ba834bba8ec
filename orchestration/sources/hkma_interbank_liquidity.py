"""HKMA daily figures of interbank liquidity: base rate, overnight and one-month HIBOR.

Where: https://api.hkma.gov.hk/public/market-data-and-statistics/daily-monetary-statistics/.
Licence: the government's open data terms, free reuse with attribution.
When: published in the evening of the day.
Units: percent a year.
Oddities: dates are in `end_of_date` here and in `end_of_day` elsewhere. A null is no observation:
there is no fixing on some days with figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from orchestration.sources._hkma_envelope import API, Dataset, month_requests, reference_rates
from orchestration.sources.base import Payload, Request, Source

NAME = "hkma_interbank_liquidity"
DATASETS = (
    Dataset(
        path="daily-monetary-statistics/daily-figures-interbank-liquidity",
        date_field="end_of_date",
        series={
            "disc_win_base_rate": ("HKMA_BASE_RATE", "percent"),
            "hibor_overnight": ("HIBOR_OVERNIGHT", "percent"),
            "hibor_fixing_1m": ("HIBOR_1M", "percent"),
        },
    ),
)


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per month that holds any of the sessions."""
    return month_requests(NAME, DATASETS, sessions)


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `reference_rates` of one month.

    Raises:
        ParseError: as `_hkma_envelope.reference_rates`.
    """
    return {"reference_rates": reference_rates(NAME, DATASETS, payload)}


SOURCE = Source(
    name=NAME,
    tables=("reference_rates",),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(hours=3),
    revision_window=dt.timedelta(days=7),
    evidence_grade="official",
    license="Open data of the Hong Kong government: free reuse with attribution",
    home=API + "daily-monetary-statistics/",
)
