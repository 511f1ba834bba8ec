"""PostgreSQL for BI: the marts of a snapshot in a schema of a server, switched as one.

`publish` is the way in. Knows PostgreSQL and snapshots; neither Dagster nor the command line.
"""
