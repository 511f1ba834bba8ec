"""The one partition definition of the lake: a month, one file per table."""

import dagster as dg

MONTHS = dg.MonthlyPartitionsDefinition(
    start_date="2014-11", fmt="%Y-%m", timezone="Asia/Hong_Kong", end_offset=1
)
