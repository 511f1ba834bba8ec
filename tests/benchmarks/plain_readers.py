"""The plainest correct readers of each wire format: typed rows with csv, json or a bare regex.

They check nothing; that is the point. The parsers of `orchestration.sources` are measured against
them (`parsing.py`).
"""

from __future__ import annotations

from tests.benchmarks import plain_readers_json, plain_readers_text
from tests.benchmarks.plain_readers_text import Rows

__all__ = ["READERS", "Rows"]

READERS = {**plain_readers_json.READERS, **plain_readers_text.READERS}
