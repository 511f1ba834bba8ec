import dataclasses
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_lake.files import LakeLockedError
from data_lake.landing import Landing
from data_lake.store import LakeStore
from expectations.runner import SuiteError
from orchestration import as_of
from orchestration.defs import warehouse
from orchestration.extraction.run import extract
from orchestration.publishing import claims_engine
from orchestration.publishing.claims_engine import ENGINE
from orchestration.publishing.snapshot import current
from orchestration.sandbox.market import Market
from orchestration.sandbox.server import serve
from orchestration.sources import SOURCES, hkex_stock_connect
from orchestration.transport import open_transport
from orchestration.transport.sandbox import SandboxTransport

from .conftest import MODELS_ALONE, RANGE, House

SPOILT_DAY = dt.date(2025, 2, 6)
"""A session after the range that houses begin with."""


def test_run_publishes_every_mart_and_says_so(house):
    snapshot = current(house.zones.snapshots)
    assert snapshot.world == "sandbox"
    assert {mart.name for mart in snapshot.marts} >= {
        "fct_southbound_daily",
        "fct_etf_flow_daily",
        "fct_prices_daily",
        "fct_short_selling_daily",
        "dim_security",
        "dim_session",
    }
    assert all(mart.rows for mart in snapshot.marts)
    assert (house.zones.snapshots / "current" / "marts.duckdb").exists()


def test_claims_are_judged_and_never_by_synthetic_figures(house):
    told = json.loads(house.hkflow("verify", "--format", "json").stdout)
    assert len(told["claims"]) == 34
    assert not [row["claim_id"] for row in told["claims"] if row["is_synthetic"]]
    judged = [row for row in told["claims"] if row["verdict"] != "not checkable"]
    assert {row["evidence_grade"] for row in judged} <= {"published_secondary", "internal"}
    assert all(row["missing_evidence"] for row in told["claims"] if row not in judged)


def test_ledger_and_own_claims_go_through_the_same_sql(house):
    example = Path(__file__).resolve().parents[2] / "examples" / "claims.yml"
    told = json.loads(house.hkflow("verify", str(example), "--format", "json").stdout)
    assert {row["claim_id"]: row["verdict"] for row in told["claims"]}["N1"] == "confirmed"
    story = house.hkflow("verify", "--explain", "C12").stdout
    assert "transcription_suspected" in story
    assert "Step 1, as stated:" in story


def test_documentation_of_dbt_stands_beside_the_snapshot_and_names_no_place_of_the_machine(house):
    folder = current(house.zones.snapshots).path
    page = (folder / "dbt-docs.html").read_text(encoding="utf-8")
    assert "model.hkflow.fct_southbound_daily" in page
    assert "MANIFEST.JSON INLINE DATA" not in page
    assert str(house.zones.lake.parent) not in page
    assert str(Path(__file__).parents[2]) not in page
    assert 'href="dbt-docs.html"' in (folder / "report.html").read_text(encoding="utf-8")


def test_published_figures_are_marked_synthetic(house):
    answer = house.hkflow(
        "sql", "select count(*) n from fct_prices_daily where not is_synthetic", "--format", "json"
    )
    assert json.loads(answer.stdout) == [{"n": 0}]


def test_same_run_again_changes_no_file_and_publishes_nothing_new(house):
    files, snapshot = house.lake_files(), house.snapshot()
    again = house.run()
    assert again.exit_code == 0, again.output
    assert house.lake_files() == files
    assert house.snapshot() == snapshot


def test_run_that_brings_nothing_new_pays_for_neither_dbt_nor_the_validation_library(house):
    code = (
        "import sys; from orchestration.cli import main;"
        f"main({['run', *RANGE]}, standalone_mode=False);"
        "sys.exit(', '.join({'dbt', 'great_expectations'} & sys.modules.keys()) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"HKFLOW_LAKE": str(house.root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Nothing new" in done.stdout


def test_lake_is_rebuilt_from_landing_alone(house):
    built = house.rows()
    shutil.rmtree(house.zones.lake)
    done = house.run("--transport", "archive")
    assert done.exit_code == 0, done.output
    rebuilt = house.rows()
    for name, rows in built.items():
        assert rebuilt[name].equals(rows), name


@pytest.fixture(scope="module")
def publishers():
    """The sandbox's server in place of all publishers."""
    with serve(Market(), "127.0.0.1", 0) as url:
        yield url


def test_http_gives_the_same_lake_as_the_sandbox(house, publishers, tmp_path):
    fetched = House(tmp_path)
    first, last = (dt.date.fromisoformat(day) for day in RANGE[1::2])
    with open_transport("http", base_url=publishers) as transport:
        for source in SOURCES:
            extract(source, first, last, transport, fetched.zones)
    found = fetched.rows()
    for name, rows in house.rows().items():
        assert found[name].equals(rows), name


def test_bad_payload_fails_the_run_keeps_the_old_snapshot_and_heals(
    house, publishers, tmp_path, monkeypatch
):
    spoilt, before = House(tmp_path / "spoilt"), house.snapshot()
    shutil.copytree(house.root, spoilt.root, symlinks=True)
    carried = []

    def carry_engine(staged, snapshot):
        carried.append(snapshot)
        claims_engine.carry_engine(staged, snapshot)

    monkeypatch.setattr(warehouse, "carry_engine", carry_engine)
    _land_spoilt(spoilt)
    day = ("--from", f"{SPOILT_DAY}", "--to", f"{SPOILT_DAY}", "--select", "hkex_stock_connect")
    failed = spoilt.hkflow("run", *day, **MODELS_ALONE)
    assert failed.exit_code == 1
    assert f"{SPOILT_DAY}.js" in failed.output and "quarantined" in failed.output
    assert spoilt.snapshot() == before
    assert "quarantined payloads: 1" in spoilt.hkflow("status").output

    over_http = ("--refetch", "--transport", "http")
    environment = {"HKFLOW_HTTP_BASE_URL": publishers, **MODELS_ALONE}
    healed = spoilt.hkflow("run", *day, *over_http, **environment)
    assert healed.exit_code == 0, healed.output
    newest = spoilt.snapshot()
    assert newest != before
    assert "quarantined payloads: 0 (and 1 whose" in spoilt.hkflow("status").output

    was, now = (spoilt.zones.snapshots / each for each in (before, newest))
    assert carried == [was], "the build went on"
    assert (now / ENGINE).read_bytes() == (was / ENGINE).read_bytes(), "the engine asks of all days"

    assert spoilt.hkflow("rollback").exit_code == 0
    assert spoilt.snapshot() == before
    nothing_new = spoilt.hkflow("run", *day, **MODELS_ALONE)
    assert nothing_new.exit_code == 0, nothing_new.output
    assert spoilt.snapshot() == before, "what was rolled back does not come back by itself"
    for shown in (nothing_new.output, spoilt.hkflow("status").output):
        assert f"{newest} was rolled back" in shown and "--undo" in shown
    assert spoilt.hkflow("rollback", "--undo").exit_code == 0
    assert spoilt.snapshot() == newest


def _land_spoilt(house):
    """Land the day's file as if the publisher had sent it with a turnover times 1,000."""
    [request] = hkex_stock_connect.requests([SPOILT_DAY])
    [payload] = SandboxTransport().fetch(request)
    head, block = payload.body.decode().split("SSE Southbound", 1)
    figure = re.search(r'"([\d,]+)\.(\d\d)"', block)
    big = f'"{int(figure[1].replace(",", "")) * 1000:,}.{figure[2]}"'
    block = block[: figure.start()] + big + block[figure.end() :]
    body = f"{head}SSE Southbound{block}".encode()
    landing = Landing(house.zones.landing)
    earlier = landing.fetches("hkex_stock_connect", "2025-02-05.js")[0]
    facts = dataclasses.asdict(earlier) | {"fingerprint": request.fingerprint, "url": request.url}
    at = facts.pop("fetched_at")
    facts.pop("sha256")
    sha256 = hashlib.sha256(body).hexdigest()
    landing.keep(request.source, request.key, body, sha256=sha256, fetched_at=at, facts=facts)


def test_real_data_is_refused_in_a_sandbox_lake(house, tmp_path):
    folder = tmp_path / "fred"
    folder.mkdir()
    (folder / "DEXHKUS.csv").write_text("observation_date,DEXHKUS\n2025-01-21,7.7853\n")
    done = house.run("--transport", "archive", "--archive", str(tmp_path), "--select", "fred")
    assert done.exit_code == 1
    assert "never mix" in done.output and "HKFLOW_LAKE" in done.output


def test_query_that_cannot_be_answered_is_one_sentence(house, tmp_path):
    wrong = house.hkflow("sql", "select nonsense from fct_southbound_daily")
    assert wrong.exit_code == 1
    assert "nonsense" in wrong.output and "Traceback" not in wrong.output
    nothing = House(tmp_path).hkflow("sql", "select 1")
    assert nothing.exit_code == 1
    assert "`hkflow run` makes one" in nothing.output


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "csv", "QUERY"),
        ("QUERY", "--format", "csv"),
        ("--format", "csv", "--", "QUERY"),
        ("--format=csv", "QUERY"),
    ],
)
def test_query_may_begin_with_a_comment(house, words):
    query = "--of all days\nselect 1 as one"
    done = house.hkflow("sql", *(query if word == "QUERY" else word for word in words))
    assert done.stdout == "one\n1\n", done.output


@pytest.mark.parametrize(
    "words", [("--fromat", "csv", "select 1"), ("--format=csv\n", "select 1"), ("--a\nb", "--c\nd")]
)
def test_a_wrong_option_is_still_one(house, words):
    assert house.hkflow("sql", *words).exit_code == 2


@pytest.mark.parametrize("style", ["table", "csv", "json", "parquet"])
def test_results_come_in_every_format(house, tmp_path, style):
    output = tmp_path / "result"
    query = "select trade_date, channel, net_buy_hkd_mn from fct_southbound_daily order by 1, 2"
    done = house.hkflow("sql", query, "--format", style, "--output", str(output))
    assert done.exit_code == 0, done.output
    assert output.stat().st_size > 100
    if style == "csv":
        assert output.read_text().splitlines()[0] == "trade_date,channel,net_buy_hkd_mn"


def test_a_file_gets_the_format_that_its_suffix_names(house, tmp_path):
    output = tmp_path / "flows.parquet"
    done = house.hkflow("sql", "select * from fct_southbound_daily", "--output", str(output))
    assert done.exit_code == 0, done.output
    assert pq.read_table(output).num_rows > 0


def test_a_file_of_a_format_that_is_not_written_is_refused_before_it_is(house, tmp_path):
    done = house.hkflow("sql", "select 1", "--output", str(tmp_path / "flows.xlsx"))
    assert done.exit_code == 2
    assert "flows.xlsx" in done.output and ".parquet" in done.output
    assert not list(tmp_path.iterdir())


def test_answers_from_the_sandbox_say_that_they_are_synthetic(house):
    done = house.hkflow("sql", "select 1 as one", "--format", "csv")
    assert done.stdout == "one\n1\n"
    assert "SYNTHETIC" in done.stderr


def test_a_moment_is_answered_apart_from_what_readers_get(house):
    before = house.snapshot()
    query = "select max(trade_date) as last from fct_southbound_daily"
    words = ("--as-of", "2025-01-22T20:00+08:00", "--format", "json")
    answer = house.hkflow("sql", query, *words, **MODELS_ALONE)
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == [{"last": "2025-01-22"}]
    assert house.snapshot() == before
    built = house.hkflow("run", "--as-of", "2025-01-22T20:00+08:00", **MODELS_ALONE)
    assert built.exit_code == 0 and "as_of" in built.output


def test_a_moment_before_every_figure_is_answered_and_said_to_be_empty(house, monkeypatch):
    made = current(house.zones.snapshots)
    empty = tuple(
        dataclasses.replace(mart, rows=0 if mart.schema in ("inflows", "valuations") else mart.rows)
        for mart in made.marts
    )
    for marts, is_said in ((empty, True), (made.marts, False)):
        answer = dataclasses.replace(made, marts=marts)
        monkeypatch.setattr(as_of, "snapshot_as_of", lambda *_, answer=answer: answer)
        done = house.hkflow("sql", "select 1", "--as-of", "2020-01-02T20:00+08:00")
        assert done.exit_code == 0
        assert (
            "no figure of the lake was known at 2020-01-02T20:00+08:00" in done.stderr
        ) == is_said


@pytest.mark.parametrize("time", ["yesterday", "2025-01-22T20:00", "2999-01-01T00:00+08:00"])
def test_a_moment_that_is_none_is_refused(house, time):
    done = house.hkflow("sql", "select 1", "--as-of", time)
    assert done.exit_code == 2
    assert time in done.output


def test_a_wrong_setting_is_one_sentence_and_exit_code_2(tmp_path):
    done = House(tmp_path).hkflow("status", HKFLOW_TRANSPORT="nonsense")
    assert done.exit_code == 2
    assert "HKFLOW_TRANSPORT" in done.output


@pytest.mark.parametrize("words", [("status",), ("run",), ("sql", "select 1"), ("rollback",)])
def test_a_lake_that_is_a_file_is_one_sentence_and_exit_code_2(tmp_path, words):
    (tmp_path / "file").touch()
    done = House(tmp_path / "file").hkflow(*words)
    assert done.exit_code == 2
    assert "HKFLOW_LAKE" in done.output and "is a file; name a folder" in done.output


def test_a_lake_that_cannot_be_written_is_one_sentence_and_exit_code_1():
    if not Path("/proc/self").exists():
        pytest.skip("needs a folder that nobody may write to")
    done = House(Path("/proc/hkflow")).run()
    assert done.exit_code == 1
    assert done.output.startswith("Error: /proc/hkflow") and done.output.count("\n") == 1


def test_a_lake_that_cannot_be_read_is_one_sentence_and_exit_code_1(house, monkeypatch):
    def refused(store, table):
        raise PermissionError(13, "Permission denied", str(store.root / table.name))

    monkeypatch.setattr(LakeStore, "months", refused)
    done = house.hkflow("status")
    assert done.exit_code == 1
    assert "Permission denied" in done.output and "HKFLOW_LAKE" in done.output


@pytest.mark.parametrize("error", [SuiteError, LakeLockedError])
@pytest.mark.parametrize("words", [("run",), ("sql", "select 1")])
def test_marts_as_of_a_moment_that_cannot_be_built_are_one_sentence(
    house, monkeypatch, words, error
):
    def broken(*_, **__):
        raise error("the suite cannot be read, or the lake is locked")

    monkeypatch.setattr(as_of, "write_lineage", broken)
    done = house.hkflow(*words, "--as-of", "2025-01-23T20:00+08:00")
    assert done.exit_code == 1
    assert done.output == "Error: the suite cannot be read, or the lake is locked\n"


def test_text_in_brackets_is_shown_as_it_is(house):
    shown = house.hkflow("sql", "select '[/x]' as \"[red]\", '[abc]' as b")
    assert "[/x]" in shown.output and "[abc]" in shown.output and "[red]" in shown.output


def test_two_columns_of_one_name_are_refused(house):
    done = house.hkflow("sql", "select 1 as a, 2 as b, 3 as a")
    assert done.exit_code == 1
    assert "two columns are called a" in done.output
