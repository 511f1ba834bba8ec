"""Everything that moves data: sources, transports, the sandbox, publishing and the Dagster room."""
