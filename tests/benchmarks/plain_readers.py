"""The plainest correct readers of each wire format: typed rows with csv, json or a bare regex.

They check nothing; that is the point. The parsers of `orchestration.sources` are measured against
them (`parsing.py`), and `test_plain_readers` proves that both read the same values.
"""

from __future__ import annotations

from tests.benchmarks import plain_readers_csv, plain_readers_json, plain_readers_text
from tests.benchmarks.plain_rows import Reader

READERS: dict[str, Reader] = {
    **plain_readers_json.READERS,
    **plain_readers_csv.READERS,
    **plain_readers_text.READERS,
}
"""By source; a source of several formats has one reader, which tells them by the key."""
