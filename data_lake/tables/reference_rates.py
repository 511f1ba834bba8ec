"""`reference_rates`: exchange rates, policy rates and bond yields from central banks."""

import pyarrow as pa

from data_lake.tables.base import Table, field

REFERENCE_RATES = Table(
    name="reference_rates",
    grain="One row per rate series of a publisher and observation date.",
    key=("rate_date", "series", "publisher_series"),
    date_column="rate_date",
    calendar=None,
    schema=pa.schema(
        [
            field("rate_date", pa.date32(), "Observation date"),
            field(
                "series",
                pa.string(),
                "Our name, e.g. USDHKD, USDCNY, CNYHKD, US_POLICY_RATE, US_10Y, HIBOR_1M",
            ),
            field("publisher_series", pa.string(), "The publisher's name, for example DEXHKUS"),
            field("unit", pa.string(), "HKD per USD, CNY per USD, HKD per CNY or percent"),
            field("rate_value", pa.float64(), "The observation", unit="as in column unit"),
        ]
    ),
    warnings=("Days without an observation (US holidays) have no row.",),
)
