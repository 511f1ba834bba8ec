"""What dbt has tested of every mart, as constraints of a database: its key, and what is never null.

Read from the marts' own YAML. Knows no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.publishing.postgres.errors import PostgresError
from orchestration.settings import PROJECT_ROOT

MART_MODELS = PROJECT_ROOT / "dbt_project" / "models" / "marts"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML was built with its C library."""


@dataclass(frozen=True)
class Contract:
    """The key of a mart's rows, and its columns that are never null (those of the key besides)."""

    key: tuple[str, ...] = ()
    not_null: tuple[str, ...] = ()

    def within(self, columns: set[str]) -> Contract:
        """Return what holds of a mart of another version, which has these columns.

        A key that lacks a column says nothing, so it goes as a whole.
        """
        return Contract(
            key=self.key if columns.issuperset(self.key) else (),
            not_null=tuple(name for name in self.not_null if name in columns),
        )


def contracts(folder: Path = MART_MODELS) -> dict[str, Contract]:
    """Return the contract of every mart by its name.

    Raises:
        PostgresError: a file cannot be read, or is no YAML.
    """
    found = {}
    for path in sorted(folder.rglob("*.yml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
        except (OSError, yaml.YAMLError) as error:
            raise PostgresError(f"{path}: {' '.join(str(error).split())}") from None
        for model in content.get("models", ()):
            found[model["name"]] = _contract(model)
    return found


def _contract(model: dict[str, Any]) -> Contract:
    key: tuple[str, ...] = ()
    for name, options in _tests(model):
        if name == "unique_combination":
            key = tuple(options["arguments"]["columns"])
    not_null = tuple(
        column["name"]
        for column in model.get("columns", ())
        if any(name == "not_null" and not options for name, options in _tests(column))
    )
    return Contract(key, not_null)


def _tests(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tests of a model or column with their options; a test with options may be weak."""
    for test in node.get("data_tests", ()):
        if isinstance(test, str):
            yield test, {}
        else:
            for name, options in test.items():
                yield name, options or {}
