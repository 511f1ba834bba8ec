"""The analyst guide and the README: what they show is what a default run gives."""

import re
from pathlib import Path

import pytest

from orchestration.publishing.catalog import current
from orchestration.publishing.reader import query
from tests.acceptance.conftest import MODELS_ALONE, House, dagster_home
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
