"""Publishing writes the report beside the marts, and the command names it."""

import pytest
from click.testing import CliRunner

from orchestration.cli_report import report
from orchestration.publishing.manifest import damaged_files
from orchestration.publishing.snapshot import current, publish
from orchestration.report import REPORT
from orchestration.report.write import write_report
from orchestration.settings import settings
from tests.publishing.staging import judge, stage, suites

FACTS = {"world": "sandbox", "code_version": "0.1.0+test"}


@pytest.fixture
def zones(tmp_path, monkeypatch):
    monkeypatch.setenv("HKFLOW_LAKE", str(tmp_path))
    settings.cache_clear()
    yield settings().zones
    settings.cache_clear()


def put(zones, **options):
    staged = stage(zones.root / "staged.duckdb", 1)
    return publish(staged, zones.snapshots, suites(zones.root / "suites"), FACTS, judge, **options)


def invoke(*arguments):
    return CliRunner().invoke(report, arguments)


def test_the_report_is_part_of_the_snapshot_and_of_its_manifest(zones):
    snapshot = put(zones, report=write_report)
    assert REPORT in snapshot.files and not damaged_files(current(zones.snapshots))
    page = (snapshot.path / REPORT).read_text(encoding="utf-8")
    assert snapshot.id in page and "Data dictionary" in page


def test_the_command_names_the_report_of_the_current_snapshot(zones):
    put(zones, report=write_report)
    done = invoke()
    assert done.exit_code == 0
    assert done.output.strip() == str(current(zones.snapshots).path / REPORT)


def test_the_command_says_what_to_do_without_a_report_or_a_snapshot(zones, tmp_path):
    done = invoke()
    assert done.exit_code == 1 and done.output.startswith("Error: ")
    put(zones)
    done = invoke()
    assert done.exit_code == 1 and "hkflow report --output report.html" in done.output
    written = invoke("--output", str(tmp_path / "own.html"))
    assert written.exit_code == 0 and (tmp_path / "own.html").stat().st_size > 1000


def test_the_command_says_where_it_cannot_write(zones, tmp_path):
    put(zones)
    done = invoke("--output", str(tmp_path / "absent" / "own.html"))
    assert done.exit_code == 1 and "cannot write" in done.output
