"""`exchange_calendar`: the exchange's own list of trading days, one row per weekday."""

import pyarrow as pa

from data_lake.tables.base import Table, field

EXCHANGE_CALENDAR = Table(
    name="exchange_calendar",
    grain="One row per weekday of a published year, open or closed.",
    key=("trade_date",),
    date_column="trade_date",
    calendar=None,
    schema=pa.schema(
        [
            field("trade_date", pa.date32(), "Weekday, Monday to Friday"),
            field(
                "is_hong_kong_open", pa.bool_(), "True when Hong Kong trades, half days included"
            ),
            field("is_hong_kong_half_day", pa.bool_(), "True when Hong Kong closes at noon"),
            field("is_mainland_open", pa.bool_(), "True when Shanghai and Shenzhen trade"),
            field("is_northbound_open", pa.bool_(), "True when Stock Connect northbound trades"),
            field(
                "is_southbound_open",
                pa.bool_(),
                "True when Stock Connect southbound trades, half days included",
            ),
            field("is_southbound_half_day", pa.bool_(), "True when southbound closes at noon"),
        ]
    ),
    warnings=(
        "Published before the year begins: closures for typhoons and rainstorms are not in it.",
        "Used to check the warehouse's own calendar, which decides what a session is.",
    ),
)
