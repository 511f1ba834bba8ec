"""From a publisher's bytes to rows in the lake: collect, prepare, audit, write. No Dagster.

`collect` decides what to ask for and keeps every answer; `prepare` parses, dates and sorts out
rows; `audit` runs the suites and separates bad payloads; `run` puts them together for one source.
"""
