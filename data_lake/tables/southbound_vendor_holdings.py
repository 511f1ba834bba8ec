"""`southbound_vendor_holdings`: southbound holdings per security, valued by a data vendor."""

import datetime as dt

import pyarrow as pa

from data_lake.tables.base import Table, field

VALUE = pa.decimal128(22, 4)


def _change(name: str, description: str, vendor_term: str) -> pa.Field:
    return field(name, VALUE, description, unit="HKD", nullable=True, vendor_term=vendor_term)


SOUTHBOUND_VENDOR_HOLDINGS = Table(
    name="southbound_vendor_holdings",
    grain="One row per holding date (Stock Connect session) and security held through southbound.",
    key=("holding_date", "security_code"),
    date_column="holding_date",
    calendar="CONNECT",
    records_begin=dt.date(2017, 3, 17),
    schema=pa.schema(
        [
            field("holding_date", pa.date32(), "Day at whose end the shares were held"),
            field("security_code", pa.string(), "Five-digit Hong Kong security code"),
            field("security_name", pa.string(), "Short name, in Chinese where there is one"),
            field(
                "held_shares",
                pa.int64(),
                "Shares held through both channels",
                unit="shares",
                vendor_term="持股数量",
            ),
            field(
                "held_value_hkd",
                VALUE,
                "Held shares x closing price",
                unit="HKD",
                vendor_term="持股市值",
            ),
            field("close_price", pa.decimal128(12, 3), "Closing price, unadjusted", unit="HKD"),
            field(
                "held_pct_issued",
                pa.float64(),
                "Share of the issued shares, as the settlement system prints it",
                unit="percent points",
                nullable=True,
                vendor_term="持股数量占比",
            ),
            field(
                "share_change",
                pa.int64(),
                "Change of held shares since the session before, as counted on each day",
                unit="shares",
                nullable=True,
                vendor_term="持股数量变化",
            ),
            _change(
                "share_change_value_hkd",
                "Change of shares x average price: flow-like, no price move in it",
                "今日增持资金",
            ),
            _change(
                "value_change_1d_hkd",
                "Change of held value in one session, price move included: not a flow",
                "持股市值变化-1日",
            ),
            _change(
                "value_change_5d_hkd",
                "Change of held value in five sessions, price move included: not a flow",
                "持股市值变化-5日",
            ),
            _change(
                "value_change_10d_hkd",
                "Change of held value in ten sessions, price move included: not a flow",
                "持股市值变化-10日",
            ),
        ]
    ),
    warnings=(
        "share_change_value_hkd and value_change_*_hkd may differ in sign on one day; published "
        "'increases' may be either.",
        "Settlement-based: trades of a session show two sessions later.",
        "On a split's date share_change holds the split, share_change_value_hkd does not.",
        "One figure for both channels: the vendor repeats the same rows under each.",
    ),
)
