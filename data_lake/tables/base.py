"""What a lake table is: its Arrow schema, its key, its grain, its calendar and its warnings.

Here lives the vocabulary (`Table`, `field`, the provenance columns). The tables themselves are one
file each beside this one. No reading or writing: that is `data_lake.store`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

EVIDENCE_GRADES = ("official", "vendor", "published_secondary", "synthetic")
"""How far a row can be trusted, best first."""


def field(
    name: str,
    arrow_type: pa.DataType,
    description: str,
    *,
    unit: str = "",
    nullable: bool = False,
    vendor_term: str = "",
) -> pa.Field:
    """Return a schema field that carries its description, unit and the Chinese vendor term."""
    metadata = {"description": description, "unit": unit, "vendor_term": vendor_term}
    return pa.field(
        name, arrow_type, nullable=nullable, metadata={k: v for k, v in metadata.items() if v}
    )


PROVENANCE = pa.schema(
    [
        field("source", pa.string(), "Registered name of the publisher endpoint the row came from"),
        field("payload_sha256", pa.string(), "SHA-256 of the landed body the row was read from"),
        field(
            "published_at",
            pa.timestamp("us", tz="UTC"),
            "When the publisher is taken to have published the file this figure stands in",
        ),
        field("known_at", pa.timestamp("us", tz="UTC"), "When this figure could first be known"),
        field("evidence_grade", pa.string(), "official, vendor, published_secondary or synthetic"),
        field("is_synthetic", pa.bool_(), "True when the sandbox invented the figure"),
    ]
)
"""Columns that `data_lake.store` expects on every row, after the table's own columns."""


@dataclass(frozen=True)
class Table:
    """One lake table.

    `schema` holds the table's own columns (key first), each with description and unit.
    `key` names the business key; together with `known_at` it is unique.
    `grain` is one sentence that begins "One row per".
    `date_column` decides the month file a row lives in, and the session it belongs to.
    `calendar` names the sessions that must have a row (`XHKG`, `CONNECT`, `XNYS`); None where rows
    come when they come. `calendar_column`, where set, names a column that holds the calendar of
    each row instead, and `entity_column` the entity whose gaps are then counted apart.
    `records_begin` is the first date that any publisher has; no earlier session is missing.
    `warnings` are oddities that a reader of the table must know.
    """

    name: str
    schema: pa.Schema
    key: tuple[str, ...]
    grain: str
    date_column: str
    calendar: str | None
    warnings: tuple[str, ...] = ()
    calendar_column: str | None = None
    entity_column: str | None = None
    records_begin: dt.date = dt.date.min

    def __post_init__(self) -> None:
        """Refuse a table that contradicts itself.

        Raises:
            ValueError: a key, date, calendar or entity column is not in the schema, a key column
                is nullable, or the grain does not begin "One row per".
        """
        named = [*self.key, self.date_column, self.calendar_column, self.entity_column]
        for column in [name for name in named if name]:
            if column not in self.schema.names:
                raise ValueError(f"{self.name}: {column} is not a column")
        if any(self.schema.field(column).nullable for column in self.key):
            raise ValueError(f"{self.name}: key columns must not be nullable")
        if not self.grain.startswith("One row per"):
            raise ValueError(f"{self.name}: the grain must begin 'One row per'")

    @property
    def stored_schema(self) -> pa.Schema:
        """Return the schema of the Parquet files: the table's columns, then provenance."""
        return pa.schema([*self.schema, *PROVENANCE])
