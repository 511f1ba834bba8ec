"""`southbound_vendor_daily`: southbound totals as a data vendor republishes them."""

import pyarrow as pa

from data_lake.tables.base import Table, field

MONEY = pa.decimal128(18, 2)


def _money(name: str, description: str, unit: str, vendor_term: str) -> pa.Field:
    return field(name, MONEY, description, unit=unit, nullable=True, vendor_term=vendor_term)


SOUTHBOUND_VENDOR_DAILY = Table(
    name="southbound_vendor_daily",
    grain="One row per Stock Connect southbound session and channel (SSE, SZSE, ALL).",
    key=("trade_date", "channel"),
    date_column="trade_date",
    calendar="CONNECT",
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Hong Kong session of the trades"),
            field("channel", pa.string(), "SSE (Shanghai), SZSE (Shenzhen) or ALL (both)"),
            _money("buy_turnover_hkd_mn", "Value bought", "HKD mn", "买入成交额"),
            _money("sell_turnover_hkd_mn", "Value sold", "HKD mn", "卖出成交额"),
            _money("net_buy_hkd_mn", "Value bought less value sold", "HKD mn", "成交净买额"),
            _money("total_turnover_hkd_mn", "Value bought plus sold", "HKD mn", "成交总额"),
            _money(
                "quota_flow_cny_mn",
                "Daily quota used, unfilled buy orders included",
                "CNY mn",
                "当日资金流入",
            ),
            _money("quota_balance_cny_mn", "Daily quota left", "CNY mn", "当日余额"),
            _money(
                "cumulative_net_buy_hkd_mn",
                "Net buying since the channel opened: a stock, never a day's flow",
                "HKD mn",
                "历史累计净买额",
            ),
            field(
                "total_trades",
                pa.int64(),
                "Number of trades",
                unit="trades",
                nullable=True,
                vendor_term="成交笔数",
            ),
        ]
    ),
    warnings=(
        "A republisher's figures: a second opinion on southbound_daily, never its replacement.",
        "Net buy (HKD) and quota flow (RMB, unfilled orders included) are two measures.",
        "Cumulative net buy is a level: its change from session to session is the net buy.",
        "Fields are null until settled in the evening; a row without any figure is left out.",
    ),
)
