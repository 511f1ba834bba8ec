"""HKMA Monthly Statistical Bulletin: daily exchange rates and the three-month HIBOR, a month late.

Where: https://api.hkma.gov.hk/public/market-data-and-statistics/monthly-statistical-bulletin/.
Licence: the government's open data terms, free reuse with attribution.
When: published monthly, a day's figures 17 to 45 days after it; 45 days is what is counted on, so
that no figure is known before it was out.
Units: HKD per unit of foreign currency; percent a year.
Oddities: dates are in `end_of_day` here and in `end_of_date` elsewhere. A month that is not out yet
is an empty answer, and so no rows. A null is no observation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from orchestration.sources._hkma_envelope import API, Dataset, month_requests, reference_rates
from orchestration.sources.base import Payload, Request, Source

NAME = "hkma_monthly_bulletin"
DATASETS = (
    Dataset(
        path="monthly-statistical-bulletin/er-ir/er-eeri-daily",
        date_field="end_of_day",
        series={"usd": ("USDHKD", "HKD per USD"), "cny": ("CNYHKD", "HKD per CNY")},
    ),
    Dataset(
        path="monthly-statistical-bulletin/er-ir/hk-interbank-ir-daily",
        date_field="end_of_day",
        series={"ir_3m": ("HIBOR_3M", "percent")},
        segment="hibor.fixing",
    ),
)


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per dataset and month that holds any of the sessions."""
    return month_requests(NAME, DATASETS, sessions)


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `reference_rates` of one month of one dataset.

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
    publish_lag=dt.timedelta(days=45),
    revision_window=dt.timedelta(days=45),
    evidence_grade="official",
    license="Open data of the Hong Kong government: free reuse with attribution",
    home=API + "monthly-statistical-bulletin/",
)
