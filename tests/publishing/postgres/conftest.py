"""A real server for these tests, set up as docs/bi.md says, and a schema that is new each time."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.publishing.postgres import publish as module
from orchestration.publishing.postgres.contracts import Contract
from orchestration.publishing.postgres.publish import Publication, publish
from orchestration.publishing.snapshot import Snapshot
from tests.publishing.postgres import server as servers

CONTRACTS = {
    "fct_flow": Contract(("trade_date",), ("net_hkd_mn",)),
    "fct_price": Contract(("security_code",)),
    "fct_empty": Contract(("trade_date",)),
}


@dataclass(frozen=True)
class House:
    """A database with its publisher and an analyst."""

    server: servers.Server
    database: str

    @property
    def publisher(self) -> str:
        return self.server.url("hkflow_publisher", "publisher-password", self.database)

    @property
    def analyst(self) -> str:
        return self.server.url("analyst", "analyst-password", self.database)

    @property
    def admin(self) -> str:
        return self.server.url("admin", servers.OWNER_PASSWORD, self.database)

    def ask(self, sql: str, url: str | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, asked by the analyst unless a URL is given."""
        with connect(url or self.analyst) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []


def connect(url: str, autocommit: bool = True):
    from adbc_driver_postgresql import dbapi

    return dbapi.connect(url, autocommit=autocommit)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    if servers.binary("initdb") is None or servers.binary("psql") is None:
        message = "no PostgreSQL server is installed (apt-get install postgresql)"
        assert not os.environ.get(servers.NEEDED), message
        pytest.skip(message)
    running = servers.start(tmp_path_factory.mktemp("postgres") / "server")
    try:
        set_up(running)
        yield running
    finally:
        running.stop()


def set_up(running: servers.Server) -> None:
    """Run the set-up of the page as an administrator."""
    command = ["psql", running.admin, "-v", "ON_ERROR_STOP=1", "-q"]
    done = subprocess.run(
        command, input=servers.page_set_up(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def house(server):
    """A database like the page's, emptied of what other tests published."""
    made = House(server, "hkflow")
    yield made
    schemas = made.ask(
        "SELECT format('%I', nspname) FROM pg_namespace WHERE nspname LIKE 'hkflow%'", made.admin
    )
    for (schema,) in schemas:
        made.ask(f"DROP SCHEMA {schema} CASCADE", made.admin)


@pytest.fixture
def send(house, monkeypatch) -> Callable[..., Publication]:
    """Publish a snapshot of the tests' small marts."""
    monkeypatch.setattr(module, "contracts", lambda: CONTRACTS)

    def publish_snapshot(snapshot: Snapshot, **options: Any) -> Publication:
        return publish(snapshot, options.pop("dsn", house.publisher), **options)

    return publish_snapshot
