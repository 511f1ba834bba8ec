"""What the documents show is what a default run gives: guide, README, matrix of the claims."""

import re
from pathlib import Path

import pytest

from orchestration.publishing.catalog import current
from orchestration.publishing.reader import query
from tests.acceptance.conftest import MODELS_ALONE, House, dagster_home
from tests.claims import matrix
from tests.claims.mutations import DATE, UNIT
from tests.documentation.guide import PAGE, answer, questions

__all__ = ["dagster_home"]
README = Path(__file__).parents[2] / "README.md"
QUESTIONS = questions(PAGE.read_text("utf-8"))
README_QUERIES = re.findall(r'hkflow sql "(.*?)"', README.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """The snapshot of the default run, as `make run` publishes it."""
    house = House(tmp_path_factory.mktemp("zones"))
    done = house.hkflow("run", **MODELS_ALONE)
    assert done.exit_code == 0, done.output
    return current(house.zones.snapshots)


def test_guide_has_25_questions_in_order():
    assert [question.number for question in QUESTIONS] == list(range(1, 26))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number)
def test_question_is_answered_as_the_page_shows(snapshot, question):
    found = answer(snapshot, question.sql)
    assert len(found.splitlines()) > 2, "no rows"
    assert found == question.answer


@pytest.mark.parametrize("statement", README_QUERIES)
def test_query_of_the_readme_returns_rows(snapshot, statement):
    assert query(snapshot, statement).num_rows


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
