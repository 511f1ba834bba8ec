"""The laws of the house: every source has all its rooms, and no room grows too large."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from data_lake.tables import TABLES
from expectations.runner import SUITES, load_suite
from orchestration.sandbox import RENDERERS
from orchestration.sources import SOURCES

ROOT = Path(__file__).resolve().parents[2]
STAGING = ROOT / "dbt_project" / "models" / "staging"
FEEDS = [(source.name, table) for source in SOURCES for table in source.tables]
PYTHON = [
    path
    for room in ("orchestration", "data_lake", "expectations")
    for path in (ROOT / room).rglob("*.py")
]
SQL = list((ROOT / "dbt_project" / "models").rglob("*.sql"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_every_source_has_file_renderer_sample_and_test(source):
    assert (ROOT / "orchestration" / "sources" / f"{source}.py").exists()
    assert (ROOT / "orchestration" / "sandbox" / f"{source}.py").exists(), "renderer missing"
    assert source in RENDERERS, "renderer not registered"
    assert any((ROOT / "tests" / "samples" / source).iterdir()), "sample missing"
    assert (ROOT / "tests" / "sources" / f"test_{source}.py").exists(), "test missing"


@pytest.mark.parametrize(("source", "table"), FEEDS)
def test_every_feed_has_table_suite_and_staging_model(source, table):
    assert table in TABLES, "table file missing or not registered"
    assert (SUITES / "lake" / f"{table}.json").exists(), "suite missing"
    assert (STAGING / source / f"stg_{source}__{table}.sql").exists(), "staging model missing"


def test_every_table_is_fed_by_a_source():
    assert set(TABLES) == {table for _, table in FEEDS}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_source_card_names_terms_and_time(source):
    module = sys.modules[f"orchestration.sources.{source.name}"]
    card = (module.__doc__ or "").lower()
    for words in (("http",), ("licence", "terms"), ("publish", "publication", "when:")):
        assert any(word in card for word in words), f"the source card says nothing of {words}"
    assert source.license and source.home.startswith("https://")


@pytest.mark.parametrize("suite", sorted(SUITES.rglob("*.json")), ids=lambda path: path.stem)
def test_every_suite_loads_completely_and_gives_its_reasons(suite):
    written = json.loads(suite.read_text(encoding="utf-8"))
    assert len(load_suite(suite).expectations) == len(written["expectations"])
    ranges = [item for item in written["expectations"] if "between" in item["type"]]
    assert all(item.get("notes") for item in ranges), "a threshold without its reason"


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_python_modules_are_small_and_say_what_lives_in_them(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 260, "outgrew its room; split it"
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "no module docstring"


@pytest.mark.parametrize("path", SQL, ids=name_of)
def test_models_are_small(path):
    assert path.read_text(encoding="utf-8").count("\n") <= 130


def test_only_the_doors_write_parquet():
    writers = {
        name_of(path)
        for path in PYTHON
        if any(call in path.read_text(encoding="utf-8") for call in ("write_table(", "to_parquet("))
    }
    assert writers <= {
        "data_lake/store.py",
        "orchestration/extraction/audit.py",
        "orchestration/printing.py",
        "orchestration/publishing/build.py",
        "orchestration/warehouse.py",
    }


def test_imports_go_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["settings"])
def test_only_settings_reads_the_environment(name):
    readers = {
        name_of(path)
        for path in PYTHON
        if "os.environ" in path.read_text(encoding="utf-8") or "getenv(" in path.read_text()
    }
    assert readers <= {
        f"orchestration/{name}.py",
        "orchestration/warehouse.py",
        "expectations/runner.py",
        "orchestration/runs.py",
    }
