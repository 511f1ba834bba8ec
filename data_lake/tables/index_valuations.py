"""`index_valuations`: level, price-earnings ratio and dividend yield of Hong Kong indices."""

import pyarrow as pa

from data_lake.tables.base import Table, field

POINTS = "index points"

INDEX_VALUATIONS = Table(
    name="index_valuations",
    grain="One row per Hong Kong session and index.",
    key=("trade_date", "index_symbol"),
    date_column="trade_date",
    calendar="XHKG",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session"),
            field("index_symbol", pa.string(), "Vendor's symbol: ^HSI, ^HSCE or HSTECH.HK"),
            field("index_name", pa.string(), "English name as printed by the publisher"),
            field("currency", pa.string(), "Currency of the index"),
            field("close_level", pa.float64(), "Closing level", unit=POINTS),
            field("high_level", pa.float64(), "Highest level of the session", unit=POINTS),
            field("low_level", pa.float64(), "Lowest level of the session", unit=POINTS),
            field("point_change", pa.float64(), "Close less the close before", unit=POINTS),
            field("change_pct", pa.float64(), "The same as a share of the close before", unit="%"),
            field(
                "dividend_yield_pct",
                pa.float64(),
                "Dividends of the past year / level; null where printed as none",
                unit="%",
                nullable=True,
            ),
            field(
                "pe_ratio",
                pa.float64(),
                "Level / earnings of the past year; null where printed as none",
                unit="ratio",
                nullable=True,
            ),
            field(
                "index_turnover_mn",
                pa.float64(),
                "Turnover of the constituents; null where printed as none",
                unit="mn of the index's currency",
                nullable=True,
            ),
        ]
    ),
    warnings=("The publisher gives no price-to-book ratio of an index.",),
)
