"""`southbound_daily`: what mainland money bought and sold in Hong Kong, a session and a channel."""

import pyarrow as pa

from data_lake.tables.base import Table, field

MONEY = pa.decimal128(18, 2)

SOUTHBOUND_DAILY = Table(
    name="southbound_daily",
    grain="One row per Stock Connect southbound session and channel (SSE, SZSE).",
    key=("trade_date", "channel"),
    date_column="trade_date",
    calendar="CONNECT",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session of the trades"),
            field("channel", pa.string(), "SSE (Shanghai) or SZSE (Shenzhen)"),
            field(
                "buy_turnover_hkd_mn",
                MONEY,
                "Value bought",
                unit="HKD mn",
                vendor_term="买入成交额",
            ),
            field(
                "sell_turnover_hkd_mn",
                MONEY,
                "Value sold",
                unit="HKD mn",
                vendor_term="卖出成交额",
            ),
            field(
                "total_turnover_hkd_mn",
                MONEY,
                "Value bought plus value sold",
                unit="HKD mn",
                vendor_term="成交总额",
            ),
            field("buy_trades", pa.int64(), "Number of buy trades", unit="trades"),
            field("sell_trades", pa.int64(), "Number of sell trades", unit="trades"),
            field("total_trades", pa.int64(), "Number of trades", unit="trades"),
            field(
                "etf_turnover_hkd_mn",
                MONEY,
                "Part of total turnover in ETFs; null before ETFs were included (July 2022)",
                unit="HKD mn",
                nullable=True,
            ),
        ]
    ),
    warnings=(
        "The publisher prints 0.00 on days when Hong Kong trades and the mainland does not; such "
        "rows are dropped, so a missing row means closed or not published, never a zero flow.",
        "Net buy (buy - sell, HKD) is not the quota flow (quota - balance, RMB).",
    ),
)
