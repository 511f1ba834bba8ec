"""The five panels of the report, in the order they are read; one module each."""
