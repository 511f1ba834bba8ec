"""Only Dagster objects: assets, checks, jobs, schedules, resources. Work is done elsewhere.

`extract` lands and loads one publisher per multi-asset, `warehouse` builds the dbt project,
`publish` audits and switches the snapshot, `automation` says when, `resources` with what.
"""
