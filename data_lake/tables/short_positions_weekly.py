"""`short_positions_weekly`: open short positions reported to the SFC, per week and security."""

import datetime as dt

import pyarrow as pa

from data_lake.tables.base import Table, field

SHORT_POSITIONS_WEEKLY = Table(
    name="short_positions_weekly",
    grain="One row per reporting date (last Hong Kong session of a week) and security.",
    key=("position_date", "security_code"),
    date_column="position_date",
    calendar="XHKG_WEEK_END",
    records_begin=dt.date(2012, 8, 31),
    schema=pa.schema(
        [
            field("position_date", pa.date32(), "Reporting date: last session of the week"),
            field("security_code", pa.string(), "Five-digit Hong Kong security code"),
            field("security_name", pa.string(), "Short name as printed by the publisher"),
            field(
                "short_position_shares",
                pa.int64(),
                "Shares sold short and not yet bought back, of reporters above the threshold",
                unit="shares",
            ),
            field(
                "short_position_hkd",
                pa.int64(),
                "Value of the position; null where printed as n.a., rounded where the file holds "
                "scientific notation",
                unit="HKD",
                nullable=True,
            ),
        ]
    ),
    warnings=(
        "Published one week after the reporting date.",
        "Only positions of at least HKD 30 mn or 0.02 % of the class are reported, the lower of "
        "the two; all stocks since 2017-03-15, so levels shift there.",
        "A stock of open positions, not the short selling of a day. Not adjusted for splits.",
    ),
)
