"""A view that is cut to the changed days gives nothing whole: only what carries on may read it."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MODELS = PROJECT / "models"
FILES = {path.stem: path for path in MODELS.rglob("*.sql")}
SQL = {name: path.read_text(encoding="utf-8") for name, path in FILES.items()}
TESTS = {path.stem: path.read_text(encoding="utf-8") for path in PROJECT.glob("tests/*.sql")}
TABLES_UNLESS_SAID = (("marts",), ("intermediate", "claims"))
"""The rooms whose models are tables, as `dbt_project.yml` says; all others hold views."""
CUTS = ("is_changed(", "where_figures_changed(", "first_day_read(", "carried_rows(")


def named_in(sql):
    return set(re.findall(r"'(\w+)'", sql)) & SQL.keys()


PARENTS = {name: named_in(sql) for name, sql in SQL.items()}


def is_view(name):
    """Return whether a model is a view, as its own configuration or its room says."""
    said = re.search(r"materialized='(\w+)'", SQL[name])
    room = FILES[name].relative_to(MODELS).parts
    is_in_a_room_of_tables = any(room[: len(each)] == each for each in TABLES_UNLESS_SAID)
    return said[1] == "view" if said else not is_in_a_room_of_tables


def cut_views():
    """Return the views that name the changed days, and those made of such."""
    cut = {name for name in SQL if is_view(name) and any(each in SQL[name] for each in CUTS)}
    while more := {name for name in SQL if is_view(name) and PARENTS[name] & cut} - cut:
        cut |= more
    return cut


CUT = sorted(cut_views())


@pytest.mark.parametrize("view", CUT)
def test_readers_of_a_view_that_is_cut_to_the_changed_days_carry_on(view):
    readers = [name for name in SQL if view in PARENTS[name]]
    whole = [name for name in readers if name not in CUT and "'day_column'" not in SQL[name]]
    assert readers
    assert not whole, f"{view} would give them the changed days alone"


@pytest.mark.parametrize("test", sorted(TESTS))
def test_tests_of_all_rows_read_no_view_that_is_cut(test):
    assert not named_in(TESTS[test]) & set(CUT)
