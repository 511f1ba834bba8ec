"""The words of the real registry and ledger, and a file of claims in a line or two."""

import csv
from pathlib import Path

from orchestration.claims.vocabulary import Unit, Vocabulary

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def vocabulary() -> Vocabulary:
    """Return the measures of metric.csv and the units of unit.csv."""
    metrics: dict[str, dict[str, str]] = {}
    for row in _rows("core/metric.csv"):
        metrics.setdefault(row["metric_id"], {})[row["variant_id"]] = row["unit"]
    units = {
        row["unit_code"]: Unit(
            row["unit_code"], row["dimension"], row["label"], row["chinese_label"]
        )
        for row in _rows("claims/unit.csv")
    }
    return Vocabulary(metrics, units)


GOOD = {
    "id": "T1",
    "subject": "ALL",
    "metric": "southbound_net_buy",
    "value": "22.42",
    "unit": "hkd_bn",
    "day": "2025-02-18",
}


def claim(**changes: str | None) -> str:
    """Return one claim as an item of a YAML list; a field set to None is left out."""
    fields = {key: text for key, text in (GOOD | changes).items() if text is not None}
    lines = [f"{key}: {text}" for key, text in fields.items()]
    return "- " + "\n  ".join(lines) + "\n"
