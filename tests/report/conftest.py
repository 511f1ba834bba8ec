"""One invented market for all tests of the report: it is only read."""

import pytest

from orchestration.report.write import write_report
from tests.report import tiny


@pytest.fixture(scope="session")
def market(tmp_path_factory):
    return tiny.snapshot(tmp_path_factory.mktemp("market"), tiny.MARKET)


@pytest.fixture(scope="session")
def written(market):
    return write_report(market)


@pytest.fixture(scope="session")
def html(written):
    return written.read_text(encoding="utf-8")
