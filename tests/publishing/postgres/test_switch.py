"""A publish as its readers meet it: killed at any step, held up by readers, repeated under load."""

import multiprocessing
import os
import signal
import threading

import pytest

from orchestration.publishing.postgres.publish import publish
from tests.publishing.postgres.conftest import connect

STEPS = (
    "locked",
    "created",
    "loaded fct_empty",
    "loaded fct_flow",
    "loaded fct_price",
    "granted",
    "switched",
    "committed",
    "dropped",
)
COMMITTED = ("committed", "dropped")
WHOLE = """
    SELECT (SELECT array_agg(DISTINCT generation)::text FROM fct_flow),
           (SELECT count(*) FROM fct_flow), (SELECT array_agg(generation)::text FROM fct_price)
"""
FORK = multiprocessing.get_context("fork")


def generation_read(house) -> int:
    """Read both marts, which must be whole and of one generation."""
    [(flow, rows, price)] = house.ask(WHOLE)
    assert rows == 500
    assert flow == price
    return int(flow.strip("{}"))


def _publish_and_die(snapshot, dsn: str, step: str) -> None:
    def die(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    publish(snapshot, dsn, on_step=die)


@pytest.mark.parametrize("step", STEPS)
def test_kill_at_any_step_leaves_readers_a_whole_version_and_the_next_publish_works(
    put, send, house, step
):
    send(put(1))
    child = FORK.Process(target=_publish_and_die, args=(put(2), house.publisher, step))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert generation_read(house) == (2 if step in COMMITTED else 1)
    send(put(3), kept=0)
    assert generation_read(house) == 3
    left = house.ask("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'hkflow%'")
    assert left == [("hkflow",)]


def test_server_that_dies_in_the_middle_is_told_of_in_one_sentence(put, send, house):
    from orchestration.publishing.postgres.errors import NoServerError

    send(put(1))
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hkflow'"

    def cut(step: str) -> None:
        if step == "loaded fct_flow":
            house.ask(end, house.admin)

    with pytest.raises(NoServerError, match="went away.*publish again") as caught:
        send(put(2), on_step=cut)
    assert "\n" not in str(caught.value)
    assert generation_read(house) == 1
    send(put(3))
    assert generation_read(house) == 3


def test_a_thousand_queries_during_five_publishes_meet_no_error_and_no_mixture(put, send, house):
    send(put(1))
    snapshots = [put(generation) for generation in range(2, 7)]
    enough, answers, errors = threading.Event(), [], []

    def read() -> None:
        try:
            with connect(house.analyst) as connection, connection.cursor() as cursor:
                while not enough.is_set() or len(answers) < 1_000:
                    cursor.execute(
                        "SELECT count(*), min(generation), max(generation) FROM fct_flow"
                    )
                    answers.extend(cursor.fetchall())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for snapshot in snapshots:
        send(snapshot)
    enough.set()
    for reader in readers:
        reader.join(120)
    assert errors == []
    assert len(answers) >= 1_000
    assert {(rows, lowest == highest) for rows, lowest, highest in answers} == {(500, True)}
    assert {lowest for _, lowest, _ in answers} >= {1, 6}


def test_reader_who_holds_a_version_is_not_waited_for_and_keeps_it_until_done(put, send, house):
    send(put(1))
    with connect(house.analyst, autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT max(generation) FROM fct_flow")
        assert cursor.fetchall() == [(1,)]
        done = [send(put(generation), kept=0) for generation in (2, 3)]
        assert all("a reader still holds it" in " ".join(each.notes) for each in done)
        assert generation_read(house) == 3
        cursor.execute("SELECT max(generation) FROM fct_flow")
        assert cursor.fetchall() == [(3,)], "consistency is per statement"
    last = send(put(4), kept=0)
    assert not any("kept" in note for note in last.notes)
    left = house.ask("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'hkflow%'")
    assert left == [("hkflow",)]


def test_transaction_older_than_the_marts_sees_no_stamp_and_can_read_the_version_before(
    put, send, house
):
    first = send(put(1))
    with connect(house.analyst, autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT 1")
        cursor.fetchall()
        send(put(2))
        cursor.execute("SELECT count(*) FROM _publish")
        assert cursor.fetchall() == [(0,)]
        cursor.execute(f"SET LOCAL search_path = {first.version}")
        cursor.execute("SELECT count(*), max(generation) FROM fct_flow")
        assert cursor.fetchall() == [(500, 1)]


def test_what_somebody_built_on_a_version_is_named_and_never_dropped(put, send, house):
    sent = send(put(1))
    house.ask("CREATE SCHEMA mine", house.admin)
    try:
        house.ask(
            "CREATE VIEW mine.v AS SELECT max(generation) AS g FROM hkflow.fct_flow", house.admin
        )
        done = send(put(2), kept=0)
        assert any(sent.version in note and "depends on it" in note for note in done.notes)
        assert house.ask("SELECT g FROM mine.v", house.admin) == [(1,)]
    finally:
        house.ask("DROP SCHEMA mine CASCADE", house.admin)


def test_two_publishers_take_turns(put, send, house):
    snapshots, failures = [put(1), put(2)], []

    def run(snapshot) -> None:
        try:
            send(snapshot)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(error)

    threads = [threading.Thread(target=run, args=(snapshot,)) for snapshot in snapshots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert generation_read(house) in (1, 2)
