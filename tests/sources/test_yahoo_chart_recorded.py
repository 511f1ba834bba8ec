"""Yahoo chart API: real figures that others recorded are read as known."""

import datetime as dt
import json
from pathlib import Path

import pytest

from orchestration.sources.base import Payload, Request
from orchestration.sources.yahoo_chart import SOURCE, parse

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay" / "yahoo_chart"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the folder of recorded payloads is not here"
)


def payload(path: Path) -> Payload:
    day = dt.date(2024, 12, 23)
    request = Request(SOURCE.name, path.name, "https://example.test/", day, day)
    return Payload(request, path.read_bytes(), 200, {}, dt.datetime.now(dt.UTC), False)


def test_recorded_tencent_bars_hold_the_known_prices_of_2025_02_18():
    bars = parse(payload(RECORDED / "0700.HK.json"))["daily_bars"].to_pylist()
    bar = next(bar for bar in bars if bar["trade_date"] == dt.date(2025, 2, 18))
    assert bar["high_price"] == pytest.approx(513.0, rel=0.001)
    assert bar["close_price"] == pytest.approx(503.5, rel=0.001)


def test_recorded_tencent_half_days_are_missing_with_their_reason():
    bars = parse(payload(RECORDED / "0700.HK.json"))["daily_bars"].to_pylist()
    missing = {
        bar["trade_date"]: bar["missing_price_reason"]
        for bar in bars
        if bar["trade_date"].year >= 2024 and bar["missing_price_reason"]
    }
    assert missing == dict.fromkeys(
        [dt.date(2024, 12, 24), dt.date(2024, 12, 31), dt.date(2025, 1, 28)],
        "flat_bar_without_volume",
    )


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_every_recorded_answer_is_read_to_its_last_row(path):
    tables = parse(payload(path))
    recorded = json.loads(path.read_bytes())["chart"]["result"][0]
    assert tables["daily_bars"].num_rows == len(recorded["timestamp"])
    dividends = recorded.get("events", {}).get("dividends", {})
    assert tables["corporate_actions"].num_rows == len(dividends)
