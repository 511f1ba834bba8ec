"""The rules that stand beside columns: each is held, a broken one told by column and name."""

from __future__ import annotations

import shutil

import pytest
import yaml

from orchestration import warehouse
from orchestration.warehouse import DATABASE, PROJECT

RULES = {
    "filled": {"not_null": True},
    "positive": {"low": 0},
    "small": {"high": 10},
    "kind": {"values": ["SSE", "SZSE"]},
    "count": {"values": [1, 2]},
    "figure": {"null_reason": "reason"},
}
GOOD = {
    "filled": "1",
    "positive": "0.0",
    "small": "cast(10 as double)",
    "kind": "'SSE'",
    "count": "1",
    "figure": "cast(null as double)",
    "reason": "'no_quote'",
}
NULLS = {"positive": "null::double", "small": "null::double", "kind": "null", "count": "null::int"}
BROKEN = [
    ("filled", "not_null", {"filled": "null::int"}),
    ("positive", "low", {"positive": "-0.5"}),
    ("positive", "low", {"positive": "'nan'::double"}),
    ("positive", "low", {"positive": "'inf'::double"}),
    ("small", "high", {"small": "10.5"}),
    ("small", "high", {"small": "'nan'::double"}),
    ("small", "high", {"small": "'-inf'::double"}),
    ("kind", "values", {"kind": "'sse'"}),
    ("count", "values", {"count": "3"}),
    ("figure", "null_reason", {"reason": "null::varchar"}),
    ("figure", "null_reason", {"figure": "1.5"}),
]


CASES = {
    "values": ({}, RULES),
    "nulls": (NULLS, RULES),
    "unknown": ({}, {"filled": {"maximum": 1}}),
    **{f"broken_{n}": (changes, RULES) for n, (_, _, changes) in enumerate(BROKEN)},
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """Build a project with a model of one row for each case, and return what is told of each."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project = tmp_path_factory.mktemp("project")
    macros = [f"macros/{name}.sql" for name in ("carried", "column_rules", "metrics")]
    for each in (*macros, "tests/generic/columns_hold.sql"):
        (project / each).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / each, project / each)
    shutil.copy(PROJECT / "profiles.yml", project / "profiles.yml")
    settings = {"name": "hkflow", "profile": "hkflow", "version": "1.0.0"}
    (project / "dbt_project.yml").write_text(yaml.safe_dump(settings), "utf-8")
    write_models(project / "models")
    folders = ["--project-dir", str(project), "--profiles-dir", str(project), "--log-level", "none"]
    file = project / DATABASE
    try:
        with warehouse.environment({"HKFLOW_WAREHOUSE": str(file)}):
            outcome = dbtRunner().invoke(["-q", "build", *folders])
    finally:
        DuckDBConnectionManager.close_all_connections()
    assert outcome.result is not None, outcome.exception
    tests = [each for each in outcome.result.results if each.node.resource_type == "test"]
    return {
        each.node.file_key_name.split(".")[1]: warehouse.failures(file, [each]) for each in tests
    }


def write_models(folder) -> None:
    folder.mkdir()
    declared = []
    for name, (changes, rules) in CASES.items():
        row = ", ".join(f"{value} as {column}" for column, value in (GOOD | changes).items())
        (folder / f"{name}.sql").write_text(f"select {row}", "utf-8")
        columns = [
            {"name": column, "config": {"meta": {"rules": rule}}} for column, rule in rules.items()
        ]
        declared.append({"name": name, "data_tests": ["columns_hold"], "columns": columns})
    (folder / "cases.yml").write_text(yaml.safe_dump({"models": declared}), "utf-8")


@pytest.mark.parametrize("case", ["values", "nulls"])
def test_a_row_within_the_rules_passes_and_only_not_null_asks_for_a_value(failures, case) -> None:
    assert failures[case] == ""


@pytest.mark.parametrize(("number", "broken"), list(enumerate(BROKEN)))
def test_a_broken_rule_is_told_by_column_and_name(failures, number, broken) -> None:
    column, rule, _ = broken
    expected = f"(first: column_name={column}, broken_rule={rule}, rows_against_it=1)"
    assert expected in failures[f"broken_{number}"]


def test_a_rule_that_nobody_knows_is_refused(failures) -> None:
    assert "filled has the rule maximum, which is none of" in failures["unknown"]
