"""A user's file of claims: YAML in, the ledger's tables `claim` and `claim_document` out.

The schema is documented in docs/claims.md. Every fault is found before any is told. What a claim
is worth is the engine's matter; here it is only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from orchestration.claims import cells
from orchestration.claims.faults import ClaimsFileError, Fault, nearest
from orchestration.claims.rows import CLAIM, DOCUMENT, claim_row, mapping_cells
from orchestration.claims.vocabulary import Vocabulary
from orchestration.claims.yaml_lines import Node, YamlError, read_yaml

_TOP = ("document", "claims")
_DOCUMENT_FIELDS: dict[str, cells.Reader] = {
    "id": cells.text,
    "title": cells.text,
    "publisher": cells.text,
    "published_on": cells.day,
    "language": cells.text,
    "year": cells.whole,
    "year_basis": cells.text,
}


@dataclass(frozen=True)
class Ledger:
    """The tables `claim` and `claim_document` in the ledger's columns."""

    claims: pa.Table
    documents: pa.Table


def read_ledger(path: Path, vocabulary: Vocabulary) -> Ledger:
    """Read a file of claims.

    Raises:
        ClaimsFileError: not YAML, no claims, or any field that cannot be used; all faults at once.
        OSError: the file cannot be read.
    """
    try:
        root = read_yaml(path.read_bytes())
    except YamlError as error:
        raise ClaimsFileError(path, [Fault(error.line, "", "", str(error))]) from None
    faults: list[Fault] = []
    if root is None or root.kind == "nothing":
        faults.append(Fault(1, "", "", "the file is empty; it needs a list `claims`"))
        raise ClaimsFileError(path, faults)
    top = _top(root, faults)
    document = _document(top.get("document"), path, faults)
    rows = _claims(top.get("claims"), document["document_id"], vocabulary, faults)
    if faults:
        raise ClaimsFileError(path, faults)
    return Ledger(_table(rows, CLAIM), _table([document], DOCUMENT))


def _top(root: Node, faults: list[Fault]) -> dict[str, Node]:
    if root.kind == "list":
        return {"claims": root}
    if root.kind != "mapping":
        faults.append(Fault(root.line, "", "", "the file holds a text; it needs a list `claims`"))
        return {}
    found: dict[str, Node] = {}
    for key, value in root.value:
        if key.value not in _TOP:
            hint = nearest(str(key.value), _TOP)
            faults.append(Fault(key.line, "", str(key.value), f"is no key of the file{hint}"))
        elif key.value in found:
            faults.append(Fault(key.line, "", key.value, "comes twice"))
        found[str(key.value)] = value
    if "claims" not in found:
        faults.append(Fault(root.line, "", "claims", "is missing; the file needs a list of claims"))
    return found


def _document(node: Node | None, path: Path, faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if node is not None and node.kind != "nothing":
        found = mapping_cells(node, _DOCUMENT_FIELDS, "document", faults)[0]
    published_on, year = found.get("published_on"), found.get("year")
    basis = "the document says so" if year else None
    if year is None and published_on:
        year, basis = published_on.year, "the year of publication"
    return {
        "document_id": found.get("id", path.stem),
        "title": found.get("title", path.name),
        "publisher": found.get("publisher"),
        "published_on": published_on,
        "language": found.get("language"),
        "text_sha256": None,
        "inferred_year": year,
        "inferred_year_basis": found.get("year_basis", basis),
    }


def _claims(
    node: Node | None, document_id: str, vocabulary: Vocabulary, faults: list[Fault]
) -> list[dict[str, Any]]:
    if node is None:
        return []
    if node.kind != "list" or not node.value:
        what = f"is a {node.kind}" if node.kind in ("text", "mapping") else "is empty"
        faults.append(Fault(node.line, "", "claims", f"{what}; write a list with a claim or more"))
        return []
    lines: dict[str, int] = {}
    parents: list[tuple[int, str, str]] = []
    rows = []
    for place, item in enumerate(node.value, start=1):
        row = claim_row(item, f"claim {place}", vocabulary, faults)
        name = row["claim_id"]
        if name in lines:
            faults.append(Fault(item.line, name, "id", f"is also the id of line {lines[name]}"))
        elif name:
            lines[name] = item.line
        parents += [(item.line, name, each) for each in (row["parent_claim_id"] or "").split(",")]
        rows.append(row | {"document_id": document_id})
    for line, name, parent in parents:
        if parent == name and parent:
            faults.append(Fault(line, name, "parent", "is the claim itself"))
        elif parent and parent not in lines:
            hint = nearest(parent, tuple(lines)) if len(lines) < 1_000 else ""
            faults.append(Fault(line, name, "parent", f"{parent!r} is no claim here{hint}"))
    return rows


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)
