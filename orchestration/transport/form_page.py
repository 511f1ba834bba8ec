"""Hidden inputs of a form: what a page wants to get back when its form is posted.

Pure: bytes in, fields out. Only the HTTP transport needs it.
"""

from __future__ import annotations

from html.parser import HTMLParser

_CAP = 100
"""No form has more hidden inputs than this; a page that does is not read further."""


class _HiddenInputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name")
        if tag == "input" and found.get("type") == "hidden" and name and len(self.fields) < _CAP:
            self.fields[name] = found.get("value") or ""


def hidden_inputs(page: bytes) -> dict[str, str]:
    """Return names and values of a page's hidden inputs, in their order."""
    reader = _HiddenInputs()
    reader.feed(page.decode("utf-8", errors="replace"))
    return reader.fields
