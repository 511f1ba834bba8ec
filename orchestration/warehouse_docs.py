"""The project's documentation by dbt itself: one page with lineage, SQL and columns, no network.

It reads the file that a build has made; building is `orchestration.warehouse`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from orchestration.warehouse import (
    MANIFEST,
    WarehouseError,
    dbt_folders,
    environment,
    parsed_project,
)

_STATIC_PAGE = "static_index.html"
_PRIVATE = ("compiled_code", "compiled_path", "build_path", "root_path")
"""What a manifest says of the machine that built it; readers get the SQL as it was written."""


def write_docs(warehouse: Path, page: Path) -> Path:
    """Write dbt's static documentation of a built DuckDB file as one HTML page.

    Raises:
        WarehouseError: dbt could not write it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    manifest = parsed_project()
    folder = page.with_name(f"{page.stem}-target")
    folder.mkdir(parents=True)
    try:
        (folder / MANIFEST.name).write_text(json.dumps(_public_manifest()), encoding="utf-8")
        with environment({"HKFLOW_WAREHOUSE": str(warehouse)}):
            outcome = dbtRunner(manifest=manifest).invoke(
                ["-q", "docs", "generate", "--static", "--no-compile", "--target-path", str(folder)]
                + dbt_folders()
            )
        if not outcome.success:
            raise WarehouseError(f"dbt could not write its documentation: {outcome.exception}")
        (folder / _STATIC_PAGE).replace(page)
    finally:
        DuckDBConnectionManager.close_all_connections()
        shutil.rmtree(folder)
    return page


def _public_manifest() -> dict[str, object]:
    manifest = json.loads(MANIFEST.read_bytes())
    for node in manifest["nodes"].values():
        for name in _PRIVATE:
            node.pop(name, None)
    return manifest
