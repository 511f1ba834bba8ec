"""`etf_shares`: shares of a fund in issue, whose changes are what flows into the fund."""

import pyarrow as pa

from data_lake.tables.base import Table, field

ETF_SHARES = Table(
    name="etf_shares",
    grain="One row per fund and session of the exchange that lists the fund.",
    key=("share_date", "fund_symbol"),
    date_column="share_date",
    calendar=None,
    calendar_column="exchange_calendar",
    entity_column="fund_symbol",
    schema=pa.schema(
        [
            field("share_date", pa.date32(), "Session at whose end the shares were counted"),
            field("fund_symbol", pa.string(), "Fund, for example FXI or 3033.HK"),
            field("exchange_calendar", pa.string(), "Calendar of the fund's exchange: XNYS, XHKG"),
            field("currency", pa.string(), "Currency in which the fund is valued"),
            field("shares_outstanding", pa.float64(), "Shares in issue", unit="shares"),
        ]
    ),
    warnings=(
        "A creation of one session is often counted a session later: flows of two vendors differ "
        "by a day.",
        "A split of the fund's shares changes the count without any flow.",
    ),
)
