"""`quotations`: the exchange's own daily prices and turnover, unadjusted, for every counter."""

import pyarrow as pa

from data_lake.tables.base import Table, field

PRICE = pa.decimal128(12, 3)
TRADED = "currency of the counter"

QUOTATIONS = Table(
    name="quotations",
    grain="One row per Hong Kong session and counter (security code).",
    key=("trade_date", "security_code"),
    date_column="trade_date",
    calendar="XHKG",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session"),
            field("security_code", pa.string(), "Five-digit code of the counter"),
            field("security_name", pa.string(), "Short name as printed by the publisher"),
            field("currency", pa.string(), "Trading currency of the counter: HKD, CNY or USD"),
            field(
                "previous_close", PRICE, "Close of the session before", unit=TRADED, nullable=True
            ),
            field("close_price", PRICE, "Closing price, unadjusted", unit=TRADED, nullable=True),
            field("high_price", PRICE, "Highest price, unadjusted", unit=TRADED, nullable=True),
            field("low_price", PRICE, "Lowest price, unadjusted", unit=TRADED, nullable=True),
            field("traded_shares", pa.int64(), "Shares traded", unit="shares", nullable=True),
            field("turnover_amount", pa.int64(), "Value traded", unit=TRADED, nullable=True),
            field(
                "is_suspended", pa.bool_(), "True when trading was suspended or halted that session"
            ),
        ]
    ),
    warnings=(
        "Prices are as traded: neither splits nor dividends are adjusted.",
        "A suspended counter has a row without prices; there is no opening price in this file.",
        "RMB counters (8xxxx) are rows of their own; sum volumes over counters, never prices.",
    ),
)
