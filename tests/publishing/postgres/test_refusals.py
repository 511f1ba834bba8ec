"""What cannot be published: one sentence of a type of its own, what to do, nothing switched."""

import re
import sys

import pytest

from orchestration.publishing.errors import NoSnapshot
from orchestration.publishing.postgres import errors, versions
from orchestration.publishing.postgres import publish as module
from orchestration.publishing.postgres.contracts import Contract
from orchestration.publishing.postgres.publish import publish
from tests.publishing.postgres.conftest import connect
from tests.publishing.postgres.server import free_port


def refused(kind, words, call):
    """Hold that a call is refused with a sentence of a kind; return the sentence."""
    with pytest.raises(kind, match=words) as caught:
        call()
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert "password@" not in sentence
    assert "publisher-password" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (("publisher-password", "wrong"), errors.AccessRefusedError, "check role and password"),
        (("hkflow_publisher", "nobody"), errors.AccessRefusedError, "check role and password"),
        ((":publisher-password", ""), errors.AccessRefusedError, "check role and password"),
        (("/hkflow$", "/other"), errors.NoServerError, "create the database"),
        (("127.0.0.1", "no-such-host.invalid"), errors.NoServerError, "start it, or name another"),
        (("postgresql://", "mysql://"), errors.PostgresError, "no connection string"),
        (("hkflow_publisher", "analyst"), errors.AccessRefusedError, "check role"),
    ],
    ids=["password", "role", "no password", "database", "host", "scheme", "other's password"],
)
def test_door_that_does_not_open(put, house, change, kind, words):
    dsn = re.sub(*change, house.publisher)
    refused(kind, words, lambda: publish(put(1), dsn))


def test_no_server(put, house):
    dsn = house.publisher.replace(str(house.server.port), str(free_port()))
    refused(
        errors.NoServerError, "no PostgreSQL server can be reached", lambda: publish(put(1), dsn)
    )


@pytest.mark.parametrize(
    "dsn", ["hello world", "postgresql://u:publisher-password@h:x/db", "=", "a"]
)
def test_connection_string_that_is_none(put, dsn):
    pytest.importorskip("adbc_driver_postgresql")
    refused(errors.PostgresError, "HKFLOW_POSTGRES_DSN", lambda: publish(put(1), dsn))


def test_driver_that_is_not_installed(put, monkeypatch):
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    refused(errors.NoDriverError, r"pip install -e", lambda: publish(put(1), "postgresql://h/db"))


def test_role_that_may_not_make_schemas(put, send, house):
    dsn = house.analyst
    sentence = refused(errors.MissingRightsError, "GRANT CREATE", lambda: send(put(1), dsn=dsn))
    assert "analyst" in sentence


def test_readers_role_that_is_missing_and_may_not_be_made(put, send, house):
    words = "CREATE ROLE hkflow_none NOLOGIN"
    refused(errors.MissingRightsError, words, lambda: send(put(1), reader="hkflow_none"))
    assert house.ask("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'hkflow%'") == []


def test_readers_role_is_made_where_the_publisher_may(put, send, house):
    try:
        send(put(1), dsn=house.admin, reader="hkflow_fresh")
        granted = "SELECT has_table_privilege('hkflow_fresh', 'hkflow.fct_flow', 'SELECT')"
        assert house.ask(granted, house.admin) == [(True,)]
    finally:
        house.ask("DROP SCHEMA hkflow CASCADE", house.admin)
        house.ask("DROP ROLE hkflow_fresh", house.admin)


def test_schema_of_another_owner(put, send, house):
    send(put(1), dsn=house.admin)
    refused(errors.MissingRightsError, "belongs to the role admin", lambda: send(put(2)))
    assert house.ask("SELECT max(generation) FROM fct_flow") == [(1,)]


def test_schema_that_somebody_else_made_is_left_alone(put, send, house):
    house.ask("CREATE SCHEMA hkflow", house.publisher)
    house.ask("CREATE TABLE hkflow.precious (x int)", house.publisher)
    refused(errors.NotOursError, "HKFLOW_POSTGRES_SCHEMA", lambda: send(put(1)))
    assert house.ask("SELECT count(*) FROM hkflow.precious", house.publisher) == [(0,)]


def test_schema_of_a_newer_layout_is_left_and_of_an_older_one_replaced(
    put, send, house, monkeypatch
):
    monkeypatch.setattr(versions, "LAYOUT", 2)
    newer = send(put(1))
    monkeypatch.undo()
    monkeypatch.setattr(module, "contracts", dict)
    refused(errors.NotOursError, "newer HK Flow", lambda: publish(put(2), house.publisher))
    comment = f"Marts of HK Flow: snapshot x, version {newer.version}, layout 0. Long ago."
    house.ask(f"COMMENT ON SCHEMA hkflow IS '{comment}'", house.publisher)
    house.ask("DROP TABLE hkflow._publish", house.publisher)
    house.ask("ALTER TABLE hkflow.fct_flow DROP COLUMN net_hkd_mn", house.publisher)
    publish(put(3), house.publisher, kept=0)
    assert house.ask("SELECT max(generation), count(net_hkd_mn) FROM fct_flow") == [(3, 500)]


@pytest.mark.parametrize(
    ("state", "says", "kind"),
    [
        ("53100", 'could not extend file "base/1/2": No space left on device', errors.NoRoomError),
        ("53200", "out of memory", errors.NoRoomError),
        ("42501", "permission denied", errors.MissingRightsError),
        ("25006", "cannot execute in a read-only transaction", errors.MissingRightsError),
        ("XX000", "something odd", errors.PostgresError),
    ],
)
def test_server_that_refuses_in_the_middle(put, send, house, state, says, kind):
    """The server itself raises: what its state means does not depend on why it arose."""
    send(put(1))
    house.ask(
        "CREATE OR REPLACE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = '{state}'; END $$",
        house.admin,
    )
    house.ask(
        "CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('GRANT') "
        "EXECUTE FUNCTION public.refuse()",
        house.admin,
    )
    try:
        sentence = refused(kind, "PostgreSQL refuses", lambda: send(put(2)))
        assert says in sentence
    finally:
        house.ask("DROP EVENT TRIGGER refuse", house.admin)
    assert house.ask("SELECT max(generation) FROM fct_flow") == [(1,)]
    send(put(3), kept=0)
    assert house.ask("SELECT max(generation) FROM fct_flow") == [(3,)]


def test_publish_that_goes_on_elsewhere(put, send, house):
    send(put(1))
    key = f"{module._LOCK_CLASS}, hashtext('hkflow')"
    with connect(house.publisher) as other, other.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({key})::text")
        refused(
            errors.PublishingElsewhereError,
            "another publish to the schema hkflow",
            lambda: send(put(2), lock_timeout_seconds=0.2),
        )
    assert house.ask("SELECT max(generation) FROM fct_flow") == [(1,)]


@pytest.mark.parametrize(
    ("contract", "words"),
    [
        (Contract(("generation",)), "duplicated"),
        (Contract((), ("nothing", "trade_date")), None),
    ],
    ids=["key", "column of another version"],
)
def test_rows_that_break_their_key(put, send, house, monkeypatch, contract, words):
    send(put(1))
    monkeypatch.setattr(module, "contracts", lambda: {"fct_flow": contract})
    if words is None:
        publish(put(2), house.publisher)
        return
    refused(errors.BrokenMartError, words, lambda: publish(put(2), house.publisher))
    assert house.ask("SELECT max(generation) FROM fct_flow") == [(1,)]


def test_snapshot_that_is_damaged(put, send, house):
    send(put(1))
    snapshot = put(2)
    snapshot.database.chmod(0o644)
    with snapshot.database.open("r+b") as database:
        database.seek(5_000)
        database.write(b"damage")
    with pytest.raises(NoSnapshot, match="missing or damaged.*hkflow run"):
        send(snapshot)
    assert house.ask("SELECT max(generation) FROM fct_flow") == [(1,)]


@pytest.mark.parametrize("name", ["HKFLOW", "1st", "a-b", "", "x" * 32, 'x"; drop'])
def test_schema_name_that_cannot_be(put, name):
    with pytest.raises(errors.PostgresError, match="small letters"):
        publish(put(1), "postgresql://h/db", schema=name)
