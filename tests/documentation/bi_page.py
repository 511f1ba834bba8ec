"""docs/bi.md as commands, and questions to PostgreSQL as `psql` answers them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.settings import PROJECT_ROOT
from tests.publishing.postgres.server import PAGE, Server

_ANALYST = "postgresql://analyst:analyst-password@localhost:5432/hkflow"
_BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def command_blocks() -> list[str]:
    """Return the blocks of commands of the page, in its order."""
    return _BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def run_page(folder: Path, zones: Path, server: Server) -> str:
    """Run all commands of the page in one shell in a folder; return what they print.

    The zones are where the page has them, the commands are those of this checkout, and the port is
    the server's.
    """
    (folder / "data_lake").mkdir()
    (folder / "data_lake" / "zones").symlink_to(zones)
    programs = folder / "bin"
    programs.mkdir()
    command = programs / "hkflow"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchestration.cli "$@"\n')
    command.chmod(0o755)
    own = f"{programs}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {
        "PATH": own,
        "PYTHONPATH": str(PROJECT_ROOT),
        "HKFLOW_LAKE": str(folder / "data_lake" / "zones"),
        "DAGSTER_HOME": str(folder / "dagster"),
        "PAGER": "cat",
    }
    script = "\n".join(command_blocks()).replace("localhost:5432", f"127.0.0.1:{server.port}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def psql(server: Server, sql: str) -> list[list[str]]:
    """Return header and rows that `psql` prints for the analyst, as texts."""
    url = _ANALYST.replace("localhost:5432", f"127.0.0.1:{server.port}")
    done = subprocess.run(
        ["psql", url, "--csv", "-v", "ON_ERROR_STOP=1", "-c", sql],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(csv.reader(io.StringIO(done.stdout)))


def typed(rows: list[list[str]], like: pa.Table) -> list[list[Any]]:
    """Return printed rows as values of the types that the snapshot answers with."""
    assert rows[0] == like.column_names
    return [
        [_value(cell, kind) for cell, kind in zip(row, like.schema.types, strict=True)]
        for row in rows[1:]
    ]


def values(table: pa.Table) -> list[list[Any]]:
    """Return a snapshot's answer as rows of values, numbers that are no float as `Decimal`."""
    return [
        [Decimal(cell) if type(cell) is int else cell for cell in row.values()]
        for row in table.to_pylist()
    ]


def _value(cell: str, kind: pa.DataType) -> Any:
    if cell == "":
        return None
    if pa.types.is_boolean(kind):
        return cell == "t"
    if pa.types.is_date(kind):
        return dt.date.fromisoformat(cell)
    if pa.types.is_floating(kind):
        return float(cell)
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return Decimal(cell)
    return cell
