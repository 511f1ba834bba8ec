"""What one client may ask of a publisher: time, bytes, attempts, pace, and under which name.

Figures and the User-Agent only; who keeps to them is `http.py`.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How much time, how many bytes and how many attempts one request may take.

    `deadline_seconds` bounds a request as a whole: attempts, redirects and waits together.
    `seconds_between_requests` is per host; a loopback host is never made to wait.
    """

    deadline_seconds: float = 300.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    body_cap_bytes: int = 64 * 1024 * 1024
    attempts: int = 4
    redirects: int = 3
    first_backoff_seconds: float = 1.0
    backoff_cap_seconds: float = 30.0
    retry_after_cap_seconds: float = 120.0
    seconds_between_requests: float = 1.0


def user_agent(contact: str = "") -> str:
    """Return the name under which this program asks, with the operator's contact if given."""
    try:
        version = importlib.metadata.version("hkflow")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    return f"hkflow/{version} (+polite{'; contact ' + contact if contact else ''})"
