"""`security_valuations`: a vendor's price multiples and market value of Hong Kong securities."""

import pyarrow as pa

from data_lake.tables.base import Table, field

SECURITY_VALUATIONS = Table(
    name="security_valuations",
    grain="One row per Hong Kong session and security.",
    key=("trade_date", "security_code"),
    date_column="trade_date",
    calendar="XHKG",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session of the quote"),
            field("security_code", pa.string(), "Five-digit Hong Kong security code"),
            field("currency", pa.string(), "Currency of the price"),
            field("close_price", pa.float64(), "Last price", unit="currency of the security"),
            field(
                "pe_ratio",
                pa.float64(),
                "Price / earnings per share of the past year (市盈率); null after a loss",
                unit="ratio",
                nullable=True,
                vendor_term="市盈率",
            ),
            field(
                "pb_ratio",
                pa.float64(),
                "Price / book value per share (市净率); null where the book value is not positive",
                unit="ratio",
                nullable=True,
                vendor_term="市净率",
            ),
            field(
                "shares_in_issue",
                pa.int64(),
                "Shares in issue (总股本)",
                unit="shares",
                nullable=True,
                vendor_term="总股本",
            ),
            field(
                "market_cap_hkd_mn",
                pa.float64(),
                "Market capitalisation (总市值)",
                unit="HKD mn",
                nullable=True,
                vendor_term="总市值",
            ),
        ]
    ),
    warnings=(
        "The endpoint answers about now only: a session on which it was not asked has no row, and "
        "none can be had later.",
        "Multiples are the vendor's own; which year's earnings they use is not said.",
    ),
)
