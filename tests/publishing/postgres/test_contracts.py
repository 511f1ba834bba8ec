"""Keys and not-null columns come from what dbt tests of every mart."""

from pathlib import Path

import pytest

from orchestration.publishing.postgres.contracts import MART_MODELS, Contract, contracts
from orchestration.publishing.postgres.errors import PostgresError


def test_every_mart_has_a_key():
    found = contracts()
    marts = {path.stem for path in MART_MODELS.rglob("*.sql")}
    assert set(found) == marts
    assert [name for name, contract in found.items() if not contract.key] == []
    assert found["fct_southbound_daily"].key == ("trade_date", "channel")


def test_only_a_plain_not_null_test_makes_a_column_not_null(tmp_path: Path):
    (tmp_path / "m.yml").write_text(
        """
models:
  - name: m
    data_tests:
      - unique_combination: {arguments: {columns: [a, b]}}
    columns:
      - {name: a}
      - {name: c, data_tests: [not_null]}
      - {name: d, data_tests: [{not_null: {config: {severity: warn}}}]}
      - {name: e, data_tests: [{between: {arguments: {low: 0}}}]}
"""
    )
    assert contracts(tmp_path) == {"m": Contract(("a", "b"), ("c",))}


@pytest.mark.parametrize(
    ("columns", "left"),
    [
        ({"a", "b", "c"}, Contract(("a", "b"), ("c",))),
        ({"a", "b"}, Contract(("a", "b"))),
        ({"a", "c"}, Contract((), ("c",))),
        (set(), Contract()),
    ],
)
def test_contract_of_another_version_keeps_what_still_holds(columns, left):
    assert Contract(("a", "b"), ("c",)).within(columns) == left


def test_yaml_that_cannot_be_read_names_its_file(tmp_path: Path):
    (tmp_path / "broken.yml").write_text("models: [")
    with pytest.raises(PostgresError, match=r"broken\.yml") as caught:
        contracts(tmp_path)
    assert "\n" not in str(caught.value)
