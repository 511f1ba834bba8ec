"""TABLES: every table of the lake by name, the lake's table of contents."""

from data_lake.tables.base import Table
from data_lake.tables.corporate_actions import CORPORATE_ACTIONS
from data_lake.tables.daily_bars import DAILY_BARS
from data_lake.tables.etf_holdings import ETF_HOLDINGS
from data_lake.tables.etf_nav import ETF_NAV
from data_lake.tables.etf_shares import ETF_SHARES
from data_lake.tables.exchange_calendar import EXCHANGE_CALENDAR
from data_lake.tables.index_valuations import INDEX_VALUATIONS
from data_lake.tables.quotations import QUOTATIONS
from data_lake.tables.reference_rates import REFERENCE_RATES
from data_lake.tables.security_valuations import SECURITY_VALUATIONS
from data_lake.tables.short_positions_weekly import SHORT_POSITIONS_WEEKLY
from data_lake.tables.short_selling import SHORT_SELLING
from data_lake.tables.southbound_daily import SOUTHBOUND_DAILY
from data_lake.tables.southbound_holdings import SOUTHBOUND_HOLDINGS
from data_lake.tables.southbound_top10 import SOUTHBOUND_TOP10
from data_lake.tables.southbound_vendor_daily import SOUTHBOUND_VENDOR_DAILY
from data_lake.tables.southbound_vendor_holdings import SOUTHBOUND_VENDOR_HOLDINGS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SOUTHBOUND_DAILY,
        SOUTHBOUND_TOP10,
        QUOTATIONS,
        SHORT_SELLING,
        DAILY_BARS,
        CORPORATE_ACTIONS,
        ETF_HOLDINGS,
        ETF_NAV,
        REFERENCE_RATES,
        SOUTHBOUND_HOLDINGS,
        SHORT_POSITIONS_WEEKLY,
        EXCHANGE_CALENDAR,
        SOUTHBOUND_VENDOR_DAILY,
        SOUTHBOUND_VENDOR_HOLDINGS,
        ETF_SHARES,
        INDEX_VALUATIONS,
        SECURITY_VALUATIONS,
    )
}
