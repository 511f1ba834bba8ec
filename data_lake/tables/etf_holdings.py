"""`etf_holdings`: what an exchange-traded fund holds, line by line, as its issuer publishes it."""

import pyarrow as pa

from data_lake.tables.base import Table, field

ETF_HOLDINGS = Table(
    name="etf_holdings",
    grain="One row per fund, as-of date and line of the issuer's holdings file.",
    key=("holding_date", "fund_symbol", "line_number"),
    date_column="holding_date",
    calendar="XNYS",
    schema=pa.schema(
        [
            field("holding_date", pa.date32(), "As-of date printed in the file"),
            field("fund_symbol", pa.string(), "Fund, for example KWEB"),
            field("line_number", pa.int16(), "Rank printed by the issuer"),
            field("holding_name", pa.string(), "Name of the position as printed"),
            field("ticker", pa.string(), "Issuer's ticker, without padding", nullable=True),
            field("identifier", pa.string(), "ISIN or other identifier", nullable=True),
            field("weight_pct", pa.float64(), "Share of net assets", unit="percent points"),
            field("shares_held", pa.float64(), "Shares or units held", unit="shares"),
            field("market_value_usd", pa.float64(), "Market value", unit="USD"),
        ]
    ),
    warnings=("The last line is the fund's cash; market values add up to net assets.",),
)
