"""`southbound_holdings`: shares held by mainland investors through Stock Connect, per security."""

import datetime as dt

import pyarrow as pa

from data_lake.tables.base import Table, field

SOUTHBOUND_HOLDINGS = Table(
    name="southbound_holdings",
    grain="One row per holding date (Hong Kong session) and security held through southbound.",
    key=("holding_date", "security_code"),
    date_column="holding_date",
    calendar="XHKG",
    records_begin=dt.date(2017, 3, 17),
    schema=pa.schema(
        [
            field("holding_date", pa.date32(), "Day at whose end the shares were held in CCASS"),
            field("security_code", pa.string(), "Five-digit Hong Kong security code"),
            field("security_name", pa.string(), "Full name as printed by the publisher"),
            field(
                "held_shares",
                pa.int64(),
                "Shares held in the settlement system through both channels",
                unit="shares",
                vendor_term="持股量",
            ),
            field(
                "held_pct_issued",
                pa.float64(),
                "Share of the issued shares, two decimals; null where printed empty",
                unit="percent points",
                nullable=True,
                vendor_term="佔已發行股份百分比",
            ),
            field(
                "implied_trade_date",
                pa.date32(),
                "Session whose trades settled on the holding date: two sessions before it",
            ),
        ]
    ),
    warnings=(
        "Settlement-based: compare a change of holding with the flow of implied_trade_date, never "
        "with the flow of the holding date itself.",
        "The denominator of held_pct_issued may be stale after a corporate action.",
        "Shares are as counted that day: a split or consolidation changes them without a trade.",
        "A security that left the programme stays listed while shares of it are held.",
    ),
)
