"""`etf_nav`: net asset value of a fund, or its closing premium where only that is published."""

import pyarrow as pa

from data_lake.tables.base import Table, field

ETF_NAV = Table(
    name="etf_nav",
    grain="One row per fund and valuation date.",
    key=("nav_date", "fund_symbol"),
    date_column="nav_date",
    calendar=None,
    schema=pa.schema(
        [
            field("nav_date", pa.date32(), "Valuation date"),
            field("fund_symbol", pa.string(), "Fund, for example KWEB"),
            field("currency", pa.string(), "Currency of the fund"),
            field(
                "nav_per_share",
                pa.float64(),
                "Net asset value per share; null where the issuer publishes the premium only",
                unit="currency of the fund",
                nullable=True,
            ),
            field(
                "premium_ratio",
                pa.float64(),
                "Closing price / NAV - 1; null where the issuer publishes the NAV",
                unit="ratio",
                nullable=True,
            ),
        ]
    ),
    warnings=("With a premium only, NAV = closing price / (1 + premium_ratio).",),
)
