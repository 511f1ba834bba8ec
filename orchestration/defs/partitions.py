"""The one partition definition of the lake: a month, one file per table."""

import dagster as dg

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
"""Tags with which Dagster runs a range of partitions as one."""

MONTHS = dg.MonthlyPartitionsDefinition(
    start_date="2014-11", fmt="%Y-%m", timezone="Asia/Hong_Kong", end_offset=1
)
