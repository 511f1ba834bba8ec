"""A lake with one misprinted close, and the line of the seed that puts it right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.warehouse.lake_rows import Lake, quotation

MONDAY, TUESDAY = dt.date(2025, 2, 17), dt.date(2025, 2, 18)
QUOTATIONS = "stg_hkex_quotation_sheet__quotations"
STATUSES = "stg_corrections__applied"


def correction(**changes: str) -> dict[str, str]:
    plain = {
        "lake_table": "quotations",
        "row_key": "2025-02-17|00700",
        "column_name": "close_price",
        "action": "override",
        "corrected_value": "500.000",
        "expected_value": "50.000",
        "reason": "a digit is missing",
        "reported_on": "2025-02-18",
        "provider": "the publisher's notice",
    }
    return plain | changes


def misprint(price: str = "50.000", **changes: Any) -> Lake:
    others = [quotation(MONDAY, "09988", "50.000", 7), quotation(TUESDAY, "00700", "50.000", 7)]
    return {"quotations": [quotation(MONDAY, "00700", price, 100, **changes), *others]}
