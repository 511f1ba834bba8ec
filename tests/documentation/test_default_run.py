"""What the documents show is what a default run gives: guide, README, BI page, notebook, claims.

HKFLOW_TESTS_ZONES names the zones of a finished default run, which is then not made again.
"""

import os
import re
import runpy
import shutil
from pathlib import Path

import pytest

from data_lake.zones import Zones
from orchestration.publishing.catalog import current
from orchestration.publishing.postgres.publish import publish
from orchestration.publishing.reader import query
from orchestration.settings import settings
from tests.acceptance.conftest import MODELS_ALONE, House, dagster_home
from tests.claims import matrix
from tests.claims.mutations import DATE, UNIT
from tests.documentation.bi_page import command_blocks, psql, run_page, typed, values
from tests.documentation.guide import PAGE, answer, questions
from tests.publishing.postgres.conftest import house as database
from tests.publishing.postgres.conftest import server

__all__ = ["dagster_home", "database", "server"]
ROOT = Path(__file__).parents[2]
QUESTIONS = questions(PAGE.read_text("utf-8"))
README_QUERIES = re.findall(
    r'hkflow sql "(.*?)"', (ROOT / "README.md").read_text("utf-8"), re.DOTALL
)


@pytest.fixture(scope="module")
def zones(tmp_path_factory):
    """The zones of the default run, as `make run` leaves them."""
    if finished := os.environ.get("HKFLOW_TESTS_ZONES"):
        return Zones(Path(finished))
    made = House(tmp_path_factory.mktemp("zones"))
    done = made.hkflow("run", **MODELS_ALONE)
    assert done.exit_code == 0, done.output
    return made.zones


@pytest.fixture(scope="module")
def snapshot(zones):
    return current(zones.snapshots)


def test_guide_has_its_questions_in_order():
    assert [question.number for question in QUESTIONS] == list(range(1, 30))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)
def test_question_is_answered_as_the_page_shows(snapshot, question):
    found = answer(snapshot, question.sql)
    assert len(found.splitlines()) > 2, "no rows"
    assert found == question.answer


@pytest.mark.parametrize("statement", README_QUERIES)
def test_query_of_the_readme_returns_rows(snapshot, statement):
    assert query(snapshot, statement).num_rows


def test_psql_answers_every_question_as_the_snapshot_does(snapshot, database, server):
    done = publish(snapshot, database.publisher)
    assert not any("no primary key" in note for note in done.notes)
    for question in QUESTIONS:
        ours = query(snapshot, question.sql)
        assert typed(psql(server, question.sql), ours) == values(ours), question.number


def test_every_mart_in_postgres_has_its_key_and_every_column_its_comment(
    snapshot, database, server
):
    publish(snapshot, database.publisher)
    unkeyed = database.ask(
        "SELECT c.relname::text FROM pg_class c WHERE c.relkind = 'r' "
        "AND c.relnamespace = 'hkflow'::regnamespace AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')"
    )
    undescribed = database.ask(
        "SELECT attrelid::regclass::text, attname::text FROM pg_attribute a JOIN pg_class c "
        "ON c.oid = a.attrelid WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
        "AND c.relnamespace = 'hkflow'::regnamespace "
        "AND coalesce(col_description(attrelid, attnum), '') = ''"
    )
    assert (unkeyed, undescribed) == ([], [])
    [(chinese,)] = database.ask(
        "SELECT col_description('hkflow.fct_southbound_daily'::regclass, attnum) "
        "FROM pg_attribute WHERE attrelid = 'hkflow.fct_southbound_daily'::regclass "
        "AND attname = 'net_buy_hkd_mn'"
    )
    assert "HKD million" in chinese
    assert "净买额" in chinese


def test_commands_of_the_bi_page_run_in_order_in_a_clean_place(zones, database, server, tmp_path):
    if shutil.which("duckdb") is None:
        pytest.skip("the DuckDB command line is not installed (pip install duckdb-cli)")
    shown = run_page(tmp_path, zones.root, server)
    assert len(command_blocks()) == 4
    assert shown.count("2025-02-28") >= 2, "both doors show the last session"
    assert "published snapshot" in shown
    assert "净买额" in shown
    assert "sandbox" in shown


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.py")), ids=lambda p: p.stem
)
def test_notebook_runs_and_its_sentences_hold_the_figures_of_the_snapshot(
    zones, snapshot, notebook, monkeypatch
):
    pytest.importorskip("marimo")
    pytest.importorskip("polars")
    monkeypatch.setenv("HKFLOW_LAKE", str(zones.root))
    settings.cache_clear()
    try:
        _, defined = runpy.run_path(str(notebook))["app"].run()
    finally:
        settings.cache_clear()
    day = query(
        snapshot,
        "SELECT trade_date, net_buy_hkd_mn, net_buy_ytd_hkd_mn FROM fct_southbound_daily "
        "WHERE channel = 'ALL' ORDER BY trade_date DESC LIMIT 1",
    ).to_pylist()[0]
    for figure in (day["trade_date"], *(f"{day[name]:+,.0f}" for name in list(day)[1:])):
        assert str(figure) in defined["buying"]
    score = query(
        snapshot,
        "SELECT round(composite_score, 1) AS score, composite_band FROM mart_sentiment_daily "
        "WHERE composite_score IS NOT NULL ORDER BY trade_date DESC LIMIT 1",
    ).to_pylist()[0]
    assert f"is {score['score']:.1f} of 100 ({score['composite_band']})" in defined["heated"]
    assert "times earnings" in defined["dear"]


@pytest.fixture(scope="module")
def judged(snapshot):
    return matrix.judged(snapshot, matrix.FACTS_PER_VARIANT)


def share_named(judged, is_chosen):
    chosen = [each.is_right for each in judged if is_chosen(each.mutant)]
    assert len(chosen) >= 100
    return sum(chosen) / len(chosen)


def test_every_fact_of_at_least_500_is_confirmed(judged):
    facts = [each for each in judged if each.mutant.kind == matrix.UNMODIFIED]
    assert len(facts) >= 500
    assert [each for each in facts if each.verdict != "confirmed"] == []


def test_no_mutant_is_confirmed_as_if_it_were_true(judged):
    assert [each for each in judged if each.is_false_confirmation] == []


@pytest.mark.parametrize(("verdict", "least"), [(UNIT, 0.95), (DATE, 0.95)], ids=["unit", "date"])
def test_slips_of_unit_and_day_are_called_so(judged, verdict, least):
    assert share_named(judged, lambda mutant: verdict in mutant.verdicts) >= least


def test_another_variant_is_confirmed_under_its_own_name(judged):
    assert share_named(judged, lambda mutant: mutant.variant_id is not None) >= 0.90


def test_the_page_shows_this_matrix(judged):
    assert matrix.shown(matrix.PAGE.read_text("utf-8")) == matrix.table(judged)
