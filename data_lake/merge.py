"""How versions of the same figure are put in order: the rule behind "revisions are rows".

Pure: tables in, table out. `data_lake.store` reads and writes the files.

A figure (a key) is published at a moment, in a file; corrections printed in a later file are
published at a later moment. The first body that speaks of a moment is known at that moment, so that
history fetched years later still answers as of its own day. A body of the same moment that says
something else (the same file, fetched again and found changed) is known from when it was fetched.
A body that repeats what its file said before adds nothing. A body that comes to the lake after a
later one takes the place that its time gives it, so that the order of loading leaves no trace; the
held rows must then be told apart by when their bodies were first seen.

The current version of a key is the one with the latest `published_at`, and of those the latest
`known_at`: a file that changes after its correction was printed does not undo the correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pyarrow as pa

    from data_lake.tables.base import Table

FETCHED_AT = "fetched_at"
"""Column of rows to be written: when their body was first fetched (UTC)."""

_NEVER_FIGURES = ("payload_sha256", "published_at", "known_at")

_MERGE = """
    with versions as (
        select
            {columns},
            case when known_at = published_at then coalesce(seen_at, known_at) else known_at end
                as ordered_at,
            0 as is_new
        from held left join first_seen using (payload_sha256)
        union all
        select {columns}, fetched_at, 1 from fresh
    ),
    changes as (
        select * from versions
        window moment as (
            partition by {key}, published_at order by ordered_at, is_new, payload_sha256
        )
        qualify lag(true) over moment is null
            or struct_pack({figures}) is distinct from lag(struct_pack({figures})) over moment
    ),
    dated as (
        select * replace (
            case
                when row_number() over moment = 1 then published_at
                else greatest(ordered_at, published_at + interval 1 microsecond)
            end as known_at
        )
        from changes
        window moment as (
            partition by {key}, published_at order by ordered_at, is_new, payload_sha256
        )
    )
    select {columns} from dated order by {key}, published_at, known_at
"""


def merge_versions(
    table: Table,
    held: pa.Table,
    new: pa.Table,
    first_seen: Mapping[str, dt.datetime] | None = None,
) -> pa.Table:
    """Return the held rows and the new ones as one ordered history of versions.

    `held` has the table's stored schema, `new` also `fetched_at`; the `known_at` of new rows is
    ignored and decided here. `first_seen` says by body (SHA-256) when it was first fetched: a held
    row known since its publication does not tell. It is needed only where a new body may be older
    than a held one. The result has the stored schema, sorted by key, `published_at` and `known_at`.
    Merging the same rows again returns `held`.
    """
    import duckdb
    import pyarrow as pa

    names = table.stored_schema.names
    figures = [name for name in names if name not in (*table.key, *_NEVER_FIGURES)]
    statement = _MERGE.format(
        columns=", ".join(names),
        key=", ".join(table.key),
        figures=", ".join(f"{name} := {name}" for name in figures),
    )
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("held", held)
        connection.register("fresh", new)
        connection.register("first_seen", pa.table(_seen_columns(first_seen or {})))
        merged = connection.execute(statement).to_arrow_table()
    return merged.cast(table.stored_schema)


def _seen_columns(first_seen: Mapping[str, dt.datetime]) -> dict[str, pa.Array]:
    import pyarrow as pa

    return {
        "payload_sha256": pa.array(first_seen.keys(), pa.string()),
        "seen_at": pa.array(first_seen.values(), pa.timestamp("us", "UTC")),
    }
