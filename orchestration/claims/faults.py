"""What is wrong with a file of claims: every fault with its line and field, all told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

MAX_FAULTS = 200
"""A file with more is the wrong file, or has one fault throughout."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: `claim` is the claim's id where it has one, `field` its key in the file."""

    line: int
    claim: str
    field: str
    message: str

    def sentence(self, path: Path) -> str:
        """Return `file:line: claim, field: message`."""
        where = ", ".join(part for part in (self.claim, self.field) if part)
        return (
            f"{path}:{self.line}: {where}: {self.message}"
            if where
            else f"{path}:{self.line}: {self.message}"
        )


class ClaimsFileError(Exception):
    """A file of claims cannot be used; the message has one line per fault."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        shown = [fault.sentence(path) for fault in self.faults[:MAX_FAULTS]]
        if len(self.faults) > MAX_FAULTS:
            shown.append(f"{path}: and {len(self.faults) - MAX_FAULTS} more")
        super().__init__("\n".join(shown))


@lru_cache(maxsize=1024)
def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return a hint that offers the known words nearest to one that is not known."""
    spelled = {each.lower(): each for each in known}
    close = get_close_matches(word.lower(), list(spelled), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(spelled[each] for each in close)}?" if close else ""
