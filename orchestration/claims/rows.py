"""One claim of a file to one row of the ledger, and what must hold between its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from orchestration.claims import cells
from orchestration.claims.faults import Fault, nearest
from orchestration.claims.vocabulary import COMPARATORS, KINDS, RELATIONS, WORLDS, Vocabulary
from orchestration.claims.yaml_lines import Node

DOCUMENT = pa.schema(
    [
        ("document_id", pa.string()),
        ("title", pa.string()),
        ("publisher", pa.string()),
        ("published_on", pa.date32()),
        ("language", pa.string()),
        ("text_sha256", pa.string()),
        ("inferred_year", pa.int32()),
        ("inferred_year_basis", pa.string()),
    ]
)
FIELDS: dict[str, tuple[str, cells.Reader]] = {
    "id": ("claim_id", cells.text),
    "sentence": ("sentence_number", cells.whole),
    "statement": ("statement", cells.text),
    "kind": ("claim_kind", cells.one_of(KINDS)),
    "subject": ("subject_id", cells.text),
    "metric": ("metric_id", cells.text),
    "variant": ("variant_id", cells.text),
    "value": ("published_value", cells.number),
    "decimals": ("published_decimals", cells.whole),
    "unit": ("unit", cells.text),
    "comparator": ("comparator", cells.one_of(COMPARATORS)),
    "day": ("day", cells.day),
    "from": ("period_start", cells.day),
    "to": ("period_end", cells.day),
    "period_text": ("period_text", cells.text),
    "since": ("since_date", cells.day),
    "benchmark": ("benchmark_subject_id", cells.texts),
    "parent": ("parent_claim_id", cells.texts),
    "relation": ("parent_relation", cells.one_of(RELATIONS)),
    "source": ("cited_source", cells.text),
    "attributed_to": ("attributed_to", cells.text),
    "world": ("world", cells.one_of(WORLDS)),
}
_TYPES: dict[str, pa.DataType] = {
    "sentence_number": pa.int32(),
    "published_value": pa.float64(),
    "published_decimals": pa.int32(),
    "period_start": pa.date32(),
    "period_end": pa.date32(),
    "since_date": pa.date32(),
}
_COLUMNS = ["claim_id", "document_id"] + [
    column for column, _ in FIELDS.values() if column not in ("claim_id", "day")
]
CLAIM = pa.schema([(name, _TYPES.get(name, pa.string())) for name in _COLUMNS])
_READERS = {field: reader for field, (_, reader) in FIELDS.items()}
_NEEDED = ("id", "subject", "metric")
_BARE_KINDS = ("qualitative", "rank", "since", "relative")
"""Kinds that may come without a value: an order, a record, a sign, an opinion."""


def mapping_cells(
    node: Node, readers: Mapping[str, cells.Reader], name: str, faults: list[Fault]
) -> tuple[dict[str, Any], dict[str, Node]]:
    """Return the cells of a mapping by field, and the nodes they were read from."""
    if node.kind != "mapping":
        faults.append(Fault(node.line, name, "", f"is a {node.kind}; write fields and values"))
        return {}, {}
    found: dict[str, Any] = {}
    nodes: dict[str, Node] = {}
    for key, value in node.value:
        field = str(key.value)
        if field not in readers:
            hint = nearest(field, tuple(readers))
            faults.append(Fault(key.line, name, field, f"is no field{hint}"))
            continue
        if field in nodes:
            faults.append(Fault(key.line, name, field, f"comes twice, as on {nodes[field].line}"))
            continue
        nodes[field] = value
        if value.kind == "nothing":
            continue
        try:
            found[field] = readers[field](value)
        except cells.CellError as error:
            faults.append(Fault(value.line, name, field, str(error)))
    return found, nodes


def claim_row(
    node: Node, place: str, vocabulary: Vocabulary, faults: list[Fault]
) -> dict[str, Any]:
    """Return the row of a claim, without its document; `place` names it while it has no id."""
    already = len(faults)
    found, nodes = mapping_cells(node, _READERS, place, faults)
    name = found.get("id", place)
    faults[already:] = [
        Fault(each.line, name, each.field, each.message) for each in faults[already:]
    ]
    lines = {field: value.line for field, value in nodes.items()}

    def refuse(field: str, message: str) -> None:
        faults.append(Fault(lines.get(field, node.line), name, field, message))

    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    if node.kind != "mapping":
        return row
    for field in _NEEDED:
        if field not in nodes or nodes[field].kind == "nothing":
            refuse(field, "is missing")
    row |= {FIELDS[field][0]: cell for field, cell in found.items()}
    _window(row, found, nodes, refuse)
    _words(row, found, vocabulary, refuse)
    _figure(row, found, nodes, refuse)
    return row


def _window(
    row: dict[str, Any], found: Mapping[str, Any], nodes: Mapping[str, Node], refuse: Any
) -> None:
    if "day" in nodes and ("from" in nodes or "to" in nodes):
        refuse("day", "comes with from or to; write either the day or the window")
    elif ("from" in nodes) != ("to" in nodes):
        refuse("from" if "from" in nodes else "to", "needs both from and to; a single day is `day`")
    elif "day" in found:
        row["period_start"] = row["period_end"] = found["day"]
    elif "from" in found and "to" in found and found["to"] < found["from"]:
        refuse("to", f"the window ends on {found['to']}, before it starts on {found['from']}")
    row.pop("day", None)
    if "since" in found and row["period_end"] and found["since"] > row["period_end"]:
        refuse("since", f"is {found['since']}, after the window ends on {row['period_end']}")


def _words(
    row: dict[str, Any], found: Mapping[str, Any], vocabulary: Vocabulary, refuse: Any
) -> None:
    one_day = row["period_start"] == row["period_end"]
    kind = row["claim_kind"] = found.get("kind", "level" if one_day else "flow")
    own = kind if kind in ("qualitative", "rank", "since") else "equal"
    row["comparator"] = found.get("comparator", own)
    row["world"] = found.get("world", "real")
    metric, unit = found.get("metric"), found.get("unit")
    code = vocabulary.unit_code(unit) if unit else None
    if unit and code is None:
        hint = nearest(unit, vocabulary.unit_names)
        refuse("unit", f"{unit!r} is no unit{hint}; docs/claims.md lists them")
    row["unit"] = code
    if metric is None:
        return
    row["statement"] = found.get("statement", f"{metric} of {found.get('subject', 'no subject')}")
    if metric not in vocabulary.metrics:
        hint = nearest(metric, vocabulary.metric_names)
        refuse("metric", f"{metric!r} is no metric{hint}; `select metric_id from dim_metric` lists")
        return
    variant, variants = found.get("variant"), vocabulary.metrics[metric]
    if variant and variant not in variants:
        refuse("variant", f"{variant!r} is no variant of {metric}; it has {', '.join(variants)}")
        variant = None
    if code and code not in (fitting := vocabulary.units_for(metric, variant, kind)):
        refuse("unit", f"{unit!r} cannot measure {metric}; one of {', '.join(fitting)}")


def _figure(
    row: dict[str, Any], found: Mapping[str, Any], nodes: Mapping[str, Node], refuse: Any
) -> None:
    if "value" in found:
        row["published_decimals"] = found.get("decimals", cells.decimals_of(nodes["value"]))
        if "unit" not in nodes:
            refuse("unit", "is missing; a value needs one")
        if row["period_end"] is None and not {"day", "from", "to"} & set(nodes):
            refuse("day", "is missing; a value needs its day, or from and to")
        return
    is_day = row["unit"] == "date" or row["claim_kind"] in _BARE_KINDS
    if "value" not in nodes and not is_day:
        refuse("value", f"is missing; a claim of kind {row['claim_kind']} states a figure")
    elif "value" in nodes and nodes["value"].kind == "nothing" and not is_day:
        refuse("value", "is empty; write the figure")
