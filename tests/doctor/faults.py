"""What a publisher may send instead of its healthy answer: functions from answer to answer."""

from __future__ import annotations

import re
from dataclasses import replace

from orchestration.sandbox.answer import Answer

HTML = Answer(200, b"<!DOCTYPE html>\n<html><body>Under maintenance</body></html>")


def with_status(status: int):
    """The publisher answers with a status and a page."""
    return lambda _: Answer(status, b"<html><title>Sorry</title></html>", {"retry-after": "1"})


def with_body(body: bytes | str):
    """The publisher answers 200 with another body."""
    return lambda healthy: replace(healthy, body=body if isinstance(body, bytes) else body.encode())


def changing(old: str, new: str, count: int = 0, encoding: str = "utf-8"):
    """The publisher's body differs from the healthy one where the pattern matches."""

    def change(healthy: Answer) -> Answer:
        text = healthy.body.decode(encoding, "surrogateescape")
        text, changes = re.subn(old, new, text, count=count)
        assert changes, f"nothing in the healthy body matches {old}"
        return replace(healthy, body=text.encode(encoding, "surrogateescape"))

    return change


def recoded(healthy: Answer) -> Answer:
    """The publisher changes from UTF-16 to UTF-8."""
    return replace(healthy, body=healthy.body.decode("utf-16").encode())


def cut(share: float, announced: float = 0):
    """The publisher's body ends early, by itself or short of the length it announced."""

    def shorten(healthy: Answer) -> Answer:
        size = len(healthy.body)
        length = str(int(size * (announced or share)))
        headers = {**healthy.headers, "content-length": length}
        return replace(healthy, body=healthy.body[: int(size * share)], headers=headers)

    return shorten


def all_dashes(healthy: Answer) -> Answer:
    """The publisher prints its file before it has figures: a dash in every cell."""
    row = re.compile(rb'(?<=\{"td":\[\[).*?(?=\]\]\})')
    return replace(healthy, body=row.sub(lambda m: re.sub(rb'"[^"]*"', b'"-"', m[0]), healthy.body))
