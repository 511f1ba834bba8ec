"""What all tests share: no network but loopback, and Hypothesis without wall-clock deadlines."""

import socket

import pytest
from hypothesis import settings

settings.register_profile("project", deadline=None, max_examples=50)
settings.load_profile("project")

_connect = socket.socket.connect


def _loopback_only(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
        raise AssertionError(f"a test reached for the network: {address}")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)
