"""`southbound_top10`: the ten most traded securities of each southbound channel."""

import pyarrow as pa

from data_lake.tables.base import Table, field

SOUTHBOUND_TOP10 = Table(
    name="southbound_top10",
    grain="One row per Stock Connect southbound session, channel and rank (1 to 10).",
    key=("trade_date", "channel", "rank"),
    date_column="trade_date",
    calendar="CONNECT",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session of the trades"),
            field("channel", pa.string(), "SSE (Shanghai) or SZSE (Shenzhen)"),
            field("rank", pa.int8(), "Rank by total turnover within the channel, 1 is the largest"),
            field("security_code", pa.string(), "Five-digit Hong Kong security code"),
            field("security_name", pa.string(), "Short name as printed by the publisher"),
            field("buy_turnover_hkd", pa.int64(), "Value bought", unit="HKD"),
            field("sell_turnover_hkd", pa.int64(), "Value sold", unit="HKD"),
            field("total_turnover_hkd", pa.int64(), "Value bought plus value sold", unit="HKD"),
        ]
    ),
    warnings=(
        "Censored: a security that is absent was traded too, only less than the tenth.",
        "Amounts are in HKD, while the channel totals of the same file are in HKD mn.",
    ),
)
