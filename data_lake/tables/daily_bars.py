"""`daily_bars`: daily open, high, low, close and volume of indices, funds, FX pairs and stocks."""

import pyarrow as pa

from data_lake.tables.base import Table, field

QUOTED = "currency of the symbol"

DAILY_BARS = Table(
    name="daily_bars",
    grain="One row per symbol and session of the symbol's own calendar.",
    key=("trade_date", "symbol"),
    date_column="trade_date",
    calendar=None,
    calendar_column="exchange_calendar",
    entity_column="symbol",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Session, as a date in the exchange's time zone"),
            field("symbol", pa.string(), "The vendor's symbol, for example 0700.HK or KWEB"),
            field("exchange_calendar", pa.string(), "Calendar: XHKG, XSHG, XNYS or WEEKDAY"),
            field("currency", pa.string(), "Currency of the prices"),
            field("open_price", pa.float64(), "Opening price", unit=QUOTED, nullable=True),
            field("high_price", pa.float64(), "Highest price", unit=QUOTED, nullable=True),
            field("low_price", pa.float64(), "Lowest price", unit=QUOTED, nullable=True),
            field("close_price", pa.float64(), "Closing price", unit=QUOTED, nullable=True),
            field(
                "adjusted_close_price",
                pa.float64(),
                "Close adjusted for splits and dividends as of the day it was fetched",
                unit=QUOTED,
                nullable=True,
            ),
            field("volume_shares", pa.int64(), "Shares traded", unit="shares", nullable=True),
            field(
                "missing_price_reason",
                pa.string(),
                "Why the bar holds no price: null when it does; flat_bar_without_volume or no_data",
                nullable=True,
            ),
        ]
    ),
    warnings=(
        "Prices are adjusted for splits up to the day of fetching, dividends only in the adjusted "
        "close, which therefore changes with every dividend and is a revision-prone figure.",
        "Bars with volume 0 and open = high = low = close are the vendor's stand-in for a missing "
        "session (usual on Hong Kong half days): prices are null and the reason says so.",
    ),
)
