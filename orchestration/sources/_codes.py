"""Hong Kong security codes: every publisher's spelling to the five digits of the lake.

Here lives the one place that knows the spellings. Which field holds a code is the source's affair.
"""

from __future__ import annotations

import re

from orchestration.sources._strict_json import fail

SPELLINGS = re.compile(
    r"(?:116\.|[hH][kK])?([0-9]{5})"  # 00700, 116.00700, hk00700
    r"|([0-9]{1,4})"  # 700, 0700
    r"|([0-9]{4,5})\.HK",  # 0700.HK, 80700.HK
    re.ASCII,
)


def five_digits(where: str, text: str) -> str:
    """Return a security code as five digits: `00700` for `700`, `0700.HK`, `116.00700`, `hk00700`.

    Spaces around the code are padding.

    Raises:
        ParseError: the text is no spelling of a code, or the code is zero; begins with `where`.
    """
    found = SPELLINGS.fullmatch(text.strip(" "))
    code = found[found.lastindex].zfill(5) if found and found.lastindex else "00000"
    if code == "00000":
        fail(where, f"is {text!r}, not a Hong Kong security code of one to five digits")
    return code
