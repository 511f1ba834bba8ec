"""`short_selling`: shares sold short in a session, and the publisher's later corrections."""

import pyarrow as pa

from data_lake.tables.base import Table, field

SHORT_SELLING = Table(
    name="short_selling",
    grain="One row per Hong Kong session, counter and published version of its short selling.",
    key=("trade_date", "security_code"),
    date_column="trade_date",
    calendar="XHKG",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session in which the shares were sold"),
            field("security_code", pa.string(), "Five-digit code of the counter"),
            field("security_name", pa.string(), "Short name as printed by the publisher"),
            field("is_hkd_counter", pa.bool_(), "False when the counter trades in RMB or USD"),
            field("short_shares", pa.int64(), "Shares sold short", unit="shares"),
            field(
                "short_turnover_amount",
                pa.int64(),
                "Value sold short",
                unit="currency of the counter",
            ),
            field(
                "total_shares",
                pa.int64(),
                "All shares traded, as printed beside the short sales; null in adjustments",
                unit="shares",
                nullable=True,
            ),
            field(
                "total_turnover_amount",
                pa.int64(),
                "All value traded, as printed beside the short sales; null in adjustments",
                unit="currency of the counter",
                nullable=True,
            ),
            field(
                "is_adjustment",
                pa.bool_(),
                "True for a row of the next session's 'previous day's adjusted' section",
            ),
        ]
    ),
    warnings=(
        "A counter that is absent had no short sale recorded; suspension looks the same.",
        "Corrections of a session are published with the next session and are later versions.",
        "Short turnover is daily trading; it is not the open short position of the SFC.",
    ),
)
