"""The lake: its contract (`tables/`), its only doors (`store`, `landing`) and its zones.

Nothing in this package knows a publisher, Dagster, dbt or Great Expectations; everything else may
import it. No other package may write Parquet into `zones/lake` or bytes into `zones/landing`.
"""
