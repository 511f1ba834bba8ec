"""The papers name what there is: every mart in the README, every variable in `.env.example`."""

import re
from pathlib import Path

import pytest

from orchestration.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
MARTS = sorted((ROOT / "dbt_project" / "models" / "marts").rglob("*.sql"))
OWN_VARIABLES = {
    "HKFLOW_AS_OF",
    "HKFLOW_FIRST_CHANGED_DAY",
    "HKFLOW_LAKE_TABLES",
    "HKFLOW_SESSIONS",
    "HKFLOW_VERDICT_HISTORY",
    "HKFLOW_WAREHOUSE",
}
"""What a build tells dbt in the environment: nothing that a user sets."""


def variables_read() -> set[str]:
    """Return the variables that the settings have a field for, and those that other code names."""
    fields = {
        str(field.validation_alias or f"HKFLOW_{name.upper()}")
        for name, field in Settings.model_fields.items()
    }
    rooms = [ROOT / "orchestration", ROOT / "expectations", ROOT / "data_lake"]
    code = [path for room in rooms for path in room.rglob("*.py")]
    code += [
        ROOT / "dbt_project" / "profiles.yml",
        *(ROOT / "dbt_project" / "macros").glob("*.sql"),
    ]
    named = {
        name for path in code for name in re.findall(r"\bHKFLOW_[A-Z_]+[A-Z]\b", path.read_text())
    }
    return (fields | named) - OWN_VARIABLES


def test_every_variable_that_is_read_is_in_the_example_and_no_other():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.M)) == variables_read()


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_readme_names_every_mart(mart):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`{mart.parent.name}.{mart.stem}`" in readme
