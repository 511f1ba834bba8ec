"""`corporate_actions`: dividends and splits by ex-date."""

import pyarrow as pa

from data_lake.tables.base import Table, field

CORPORATE_ACTIONS = Table(
    name="corporate_actions",
    grain="One row per symbol, ex-date and kind of action.",
    key=("ex_date", "symbol", "action_type"),
    date_column="ex_date",
    calendar=None,
    schema=pa.schema(
        [
            field("ex_date", pa.date32(), "First session without the entitlement"),
            field("symbol", pa.string(), "The vendor's symbol"),
            field("action_type", pa.string(), "dividend or split"),
            field("currency", pa.string(), "Currency of the dividend"),
            field(
                "dividend_amount",
                pa.float64(),
                "Cash per share, adjusted for later splits; null for splits",
                unit="currency of the symbol per share",
                nullable=True,
            ),
            field(
                "split_ratio",
                pa.float64(),
                "New shares for one old share; null for dividends",
                unit="ratio",
                nullable=True,
            ),
        ]
    ),
)
