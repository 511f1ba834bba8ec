"""The plain readers that parsers are measured against: for each format the very same values."""

import pytest

from orchestration.sandbox.market import Market
from orchestration.sources import SOURCES
from tests.benchmarks.payloads import realistic
from tests.benchmarks.plain_readers import READERS
from tests.benchmarks.plain_rows import rows_of


def test_every_source_has_a_plain_reader():
    assert set(READERS) == {source.name for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_plain_reader_reads_what_the_parser_reads(source):
    for payload in realistic(source, Market()):
        parsed = {name: rows_of(table) for name, table in source.parse(payload).items()}
        plain = READERS[source.name](payload)
        assert any(parsed.values())
        assert plain == parsed
        assert kinds(plain) == kinds(parsed)


def kinds(tables):
    """Return the Python types of the cells of each row."""
    return {name: [tuple(map(type, row)) for row in rows] for name, rows in tables.items()}
