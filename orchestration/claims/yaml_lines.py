"""YAML with line numbers: mappings, lists and plain texts, each knowing the line it stands on.

No type is guessed: a stock code such as 00700 stays what was written. Read event by event by the
C parser, never recursively, so that ten thousand claims take about a second and a file nested
without end is refused. Anchors, aliases and tags are not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from yaml.reader import ReaderError

_MAX_DEPTH = 6
_NULLS = ("", "~", "null", "Null", "NULL")


class YamlError(Exception):
    """The text is no YAML of the simple kind read here."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Node:
    """A value: `value` is a text, None, a list of nodes, or a list of (key, value) pairs of nodes.

    `kind` is text, nothing, list or mapping; `is_quoted` tells a text written in quotes.
    """

    kind: str
    value: Any
    line: int
    is_quoted: bool = False


def read_yaml(body: bytes) -> Node | None:
    """Return the one document of a file, or None where it has none.

    Raises:
        YamlError: not UTF-8, not YAML, several documents, an anchor, alias or tag, or lists and
            mappings within each other more than six deep.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise YamlError(line, "the file is not UTF-8 text") from None
    try:
        return _build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise YamlError(line, f"a character that YAML forbids: {error.reason}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(filter(None, (error.context, error.problem)))
        raise YamlError(mark.line + 1 if mark else 1, f"not YAML: {said}") from None


def _build(events: Any) -> Node | None:
    root: Node | None = None
    open_nodes: list[tuple[Node, list[Node]]] = []
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            node = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            line = event.start_mark.line + 1
            _refuse_extras(event, line)
            if len(open_nodes) == _MAX_DEPTH:
                raise YamlError(line, "lists and mappings stand too deep in each other")
            kind = "list" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
            open_nodes.append((Node(kind, None, line), []))
            continue
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            node, inside = open_nodes.pop()
            node.value = inside if node.kind == "list" else _pairs(inside)
        elif isinstance(event, yaml.AliasEvent):
            raise YamlError(event.start_mark.line + 1, "an alias is not read; write the value out")
        elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise YamlError(event.start_mark.line + 1, "a second document; keep one per file")
        else:
            continue
        if open_nodes:
            open_nodes[-1][1].append(node)
        else:
            root = node
    return root


def _pairs(nodes: list[Node]) -> list[tuple[Node, Node]]:
    return list(zip(nodes[::2], nodes[1::2], strict=True))


def _scalar(event: Any) -> Node:
    line = event.start_mark.line + 1
    _refuse_extras(event, line)
    is_quoted = event.style in ("'", '"', "|", ">")
    if not is_quoted and event.value in _NULLS:
        return Node("nothing", None, line)
    return Node("text", event.value, line, is_quoted)


def _refuse_extras(event: Any, line: int) -> None:
    if event.anchor is not None:
        raise YamlError(line, f"an anchor (&{event.anchor}) is not read; write the value out")
    if event.tag is not None:
        raise YamlError(line, f"a tag ({event.tag}) is not read; leave it out")
