import datetime as dt

import pytest

from orchestration import calendar
from orchestration.sandbox.market import Market


@pytest.fixture(scope="session", params=[20141117, 7], ids=lambda seed: f"seed{seed}")
def simulated(request):
    """A whole market of each seed, built once for all files of this folder."""
    return Market(request.param)


@pytest.fixture(scope="session")
def quotes(simulated):
    sessions = calendar.sessions("XHKG", dt.date(2024, 1, 2), dt.date(2025, 2, 28))
    return {day: simulated.quotes(day) for day in sessions}
