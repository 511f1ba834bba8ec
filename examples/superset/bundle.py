"""Superset's import format: one database, datasets, charts and a dashboard as YAML in a ZIP file.

Pure functions of the plan and the marts; talking to servers is `provision.py`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_NAMES = uuid.UUID("1d9b7f0e-7b0b-4c8e-9a55-6f3c4b0a7e21")
_VERSION = {"version": "1.0.0"}
_KINDS = {
    "bar": "echarts_timeseries_bar",
    "line": "echarts_timeseries_line",
    "table": "table",
}
_CHARTS_A_ROW, _COLUMNS_OF_THE_GRID, _HEIGHT = 2, 12, 50
_SYNTHETIC = (
    "**Synthetic data.** The sandbox invented these figures; they say nothing of any market."
)


@dataclass(frozen=True)
class Mart:
    """A mart's name and its columns: name, type in PostgreSQL, description with its unit."""

    name: str
    columns: tuple[tuple[str, str, str], ...]


def bundle(plan: dict[str, Any], marts: list[Mart], dsn: str, world: str) -> bytes:
    """Return the ZIP file that Superset's import of assets takes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _files(plan, marts, dsn, world):
            archive.writestr(f"hkflow/{path}", yaml.safe_dump(content, sort_keys=False))
    return sink.getvalue()


def _files(
    plan: dict[str, Any], marts: list[Mart], dsn: str, world: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    now = dt.datetime.now(dt.UTC).isoformat()
    yield "metadata.yaml", _VERSION | {"type": "assets", "timestamp": now}
    yield "databases/hkflow.yaml", _database(dsn)
    for mart in marts:
        yield f"datasets/hkflow/{mart.name}.yaml", _dataset(mart, plan)
    for number, chart in enumerate(plan["charts"], start=1):
        yield f"charts/chart_{number}.yaml", _chart(chart)
    yield "dashboards/hkflow.yaml", _dashboard(plan, world)


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{kind}/{name}"))


def _database(dsn: str) -> dict[str, Any]:
    return _VERSION | {
        "database_name": "HK Flow",
        "sqlalchemy_uri": dsn.replace("postgresql://", "postgresql+psycopg2://", 1),
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {"schemas_allowed_for_csv_upload": []},
        "uuid": _id("database", "hkflow"),
    }


def _dataset(mart: Mart, plan: dict[str, Any]) -> dict[str, Any]:
    charts = [chart for chart in plan["charts"] if chart["mart"] == mart.name]
    times = [chart["time"] for chart in charts if "time" in chart]
    return _VERSION | {
        "table_name": mart.name,
        "schema": "hkflow",
        "main_dttm_col": times[0] if times else None,
        "uuid": _id("dataset", mart.name),
        "database_uuid": _id("database", "hkflow"),
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "columns": [
            {
                "column_name": name,
                "type": kind.upper(),
                "is_dttm": kind == "date" or kind.startswith("timestamp"),
                "groupby": True,
                "filterable": True,
                "description": about,
            }
            for name, kind, about in mart.columns
        ],
    }


def _chart(chart: dict[str, Any]) -> dict[str, Any]:
    figures = [
        {"expressionType": "SQL", "sqlExpression": sql, "label": label, "optionName": label}
        for label, sql in chart["figures"].items()
    ]
    by = [chart["by"]] if "by" in chart else []
    query: dict[str, Any] = {
        "columns": [*_axis(chart), *by],
        "metrics": figures,
        "extras": {"where": f"({chart['filter']})" if "filter" in chart else ""},
        "orderby": [],
        "row_limit": 50_000,
        "granularity": chart.get("time"),
    }
    params = {
        "viz_type": _KINDS[chart["kind"]],
        "metrics": figures,
        "groupby": by,
        "row_limit": 50_000,
        "adhoc_filters": _filters(chart),
        "stack": "Stack" if by and chart["kind"] == "bar" else None,
        "show_legend": bool(by),
        "rich_tooltip": True,
        "y_axis_format": "SMART_NUMBER",
        "query_mode": "aggregate",
    }
    if "time" in chart:
        params |= {"x_axis": chart["time"], "x_axis_time_format": "%Y-%m-%d"}
    context = {
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [query],
        "form_data": params,
        "result_format": "json",
        "result_type": "full",
    }
    return _VERSION | {
        "slice_name": chart["title"],
        "viz_type": _KINDS[chart["kind"]],
        "params": params,
        "query_context": json.dumps(context),
        "cache_timeout": None,
        "uuid": _id("chart", chart["title"]),
        "dataset_uuid": _id("dataset", chart["mart"]),
    }


def _axis(chart: dict[str, Any]) -> list[dict[str, Any]]:
    if "time" not in chart:
        return []
    name = chart["time"]
    return [
        {"columnType": "BASE_AXIS", "expressionType": "SQL", "sqlExpression": name, "label": name}
    ]


def _filters(chart: dict[str, Any]) -> list[dict[str, Any]]:
    if "filter" not in chart:
        return []
    return [{"expressionType": "SQL", "sqlExpression": chart["filter"], "clause": "WHERE"}]


def _dashboard(plan: dict[str, Any], world: str) -> dict[str, Any]:
    is_synthetic = world == "sandbox"
    return _VERSION | {
        "dashboard_title": plan["title"] + (" (synthetic)" if is_synthetic else ""),
        "slug": plan["slug"],
        "uuid": _id("dashboard", plan["slug"]),
        "position": _position(plan, is_synthetic),
        "metadata": {"color_scheme": "supersetColors", "cross_filters_enabled": True},
        "published": True,
    }


def _position(plan: dict[str, Any], is_synthetic: bool) -> dict[str, Any]:
    """Return the layout: a banner where figures are synthetic, then two charts a row."""
    found: dict[str, Any] = {"DASHBOARD_VERSION_KEY": "v2"}
    rows = []
    if is_synthetic:
        note = {"code": _SYNTHETIC, "width": _COLUMNS_OF_THE_GRID, "height": 10}
        found["BANNER"] = {"type": "MARKDOWN", "id": "BANNER", "children": [], "meta": note}
        rows.append(["BANNER"])
    names = []
    for number, chart in enumerate(plan["charts"], start=1):
        name = f"CHART-{number}"
        meta = {
            "chartId": number,
            "uuid": _id("chart", chart["title"]),
            "sliceName": chart["title"],
            "width": _COLUMNS_OF_THE_GRID // _CHARTS_A_ROW,
            "height": _HEIGHT,
        }
        found[name] = {"type": "CHART", "id": name, "children": [], "meta": meta}
        names.append(name)
    rows += [names[at : at + _CHARTS_A_ROW] for at in range(0, len(names), _CHARTS_A_ROW)]
    for number, children in enumerate(rows, start=1):
        row = f"ROW-{number}"
        meta = {"background": "BACKGROUND_TRANSPARENT"}
        found[row] = {"type": "ROW", "id": row, "children": children, "meta": meta}
    grid = [f"ROW-{number}" for number in range(1, len(rows) + 1)]
    found["GRID_ID"] = {"type": "GRID", "id": "GRID_ID", "children": grid}
    found["ROOT_ID"] = {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]}
    return found
