"""Staged files as dbt would leave them, and a judge that needs no library, for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

FACTS = {"world": "sandbox", "run_id": "r-1", "code_version": "abc", "lake_state": {"rows": 3}}


def stage(path: Path, generation: int, *, close: float = 470.0) -> Path:
    """Write a staged file whose two marts both carry a generation number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"""
            CREATE SCHEMA inflows; CREATE SCHEMA valuations; CREATE SCHEMA staging;
            CREATE TABLE staging.stg_private AS SELECT 1 AS x;
            CREATE TABLE inflows.fct_flow AS
                SELECT DATE '2025-02-18' - i::INT AS trade_date, {generation} AS generation,
                       (i * 1.5)::DECIMAL(18, 2) AS net_hkd_mn
                FROM range(500) AS t(i) ORDER BY hash(i);
            CREATE TABLE valuations.fct_price AS
                SELECT '00700' AS security_code, {close}::DOUBLE AS close_price,
                       {generation} AS generation;
            CREATE TABLE valuations.fct_empty (trade_date DATE, value DOUBLE);
            CREATE VIEW valuations.v_other AS SELECT 1 AS x;
            COMMENT ON TABLE inflows.fct_flow IS 'One row per day; the desk''s flow';
            COMMENT ON COLUMN inflows.fct_flow.net_hkd_mn IS 'Bought minus sold';
            """
        )
    return path


def suites(folder: Path) -> Path:
    """Write the suite files that the judge below does not read."""
    folder.mkdir(parents=True, exist_ok=True)
    for mart in ("fct_flow", "fct_price", "fct_empty"):
        (folder / f"{mart}.json").write_text("{}")
    return folder


@dataclass(frozen=True)
class Failed:
    expectation: str
    column: str
    message: str
    unexpected_rows: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Judgement:
    critical: list[Failed] = field(default_factory=list)
    warnings: list[Failed] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.critical

    @property
    def reason(self) -> str:
        return self.critical[0].message if self.critical else "all expectations hold"


def judge(rows: pa.Table, _suite: Path) -> Judgement:
    """Refuse a negative price; warn of one above 1,000."""
    if "close_price" not in rows.column_names:
        return Judgement()
    lowest, highest = pc.min(rows["close_price"]).as_py(), pc.max(rows["close_price"]).as_py()
    if lowest < 0:
        message = f"close_price: 1 of 1 rows break between, first {lowest}"
        return Judgement(critical=[Failed("between", "close_price", message)])
    if highest > 1000:
        return Judgement(warnings=[Failed("between", "close_price", f"{highest} is a lot")])
    return Judgement()
