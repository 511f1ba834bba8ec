"""`hkflow publish` and the asset `served/postgres`: exit codes, what is said, when it is there."""

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.settings import settings


@pytest.fixture
def hkflow(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    monkeypatch.delenv("HKFLOW_POSTGRES_DSN", raising=False)

    def run(*words: str, **environment: str):
        settings.cache_clear()
        variables = {"HKFLOW_LAKE": str(tmp_path), **environment}
        return CliRunner().invoke(main, words, env=variables, catch_exceptions=False)

    yield run
    settings.cache_clear()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("publish",), "--to"),
        (("publish", "--to", "oracle"), "postgres"),
        (("publish", "--to", "postgres"), "HKFLOW_POSTGRES_DSN"),
        (("publish", "--to", "postgres", "--keep", "-1"), "--keep"),
    ],
)
def test_wrong_use_is_code_2_and_says_what_to_write(hkflow, words, found):
    done = hkflow(*words)
    assert done.exit_code == 2
    assert found in done.output


def test_no_snapshot_is_code_1(hkflow):
    done = hkflow("publish", "--to", "postgres", HKFLOW_POSTGRES_DSN="postgresql://h/db")
    assert done.exit_code == 1
    assert "`hkflow run` makes one" in done.output


def test_publish_says_what_readers_got_and_the_second_time_that_nothing_is_new(hkflow, put, house):
    snapshot = put(1)
    first = hkflow("publish", "--to", "postgres", HKFLOW_POSTGRES_DSN=house.publisher)
    assert first.exit_code == 0, first.output
    assert (
        f"published snapshot {snapshot.id} to the schema hkflow: 3 marts, 501 rows" in first.output
    )
    assert "note: no rows in fct_empty" in first.output
    second = hkflow("publish", "--to", "postgres", HKFLOW_POSTGRES_DSN=house.publisher)
    assert second.exit_code == 0
    assert "nothing new" in second.output


def test_refusal_is_code_1_and_does_not_show_the_password(hkflow, put, house):
    put(1)
    dsn = house.publisher.replace("publisher-password", "wrong-password")
    done = hkflow("publish", "--to", "postgres", HKFLOW_POSTGRES_DSN=dsn)
    assert done.exit_code == 1
    assert "check role and password" in done.output
    assert "wrong-password" not in done.output
    assert "Traceback" not in done.output


def test_asset_is_there_only_with_a_server(hkflow, monkeypatch, put, house):
    import dagster as dg

    from orchestration.defs.serve import publish_postgres, served

    settings.cache_clear()
    assert served() == []
    snapshot = put(1)
    monkeypatch.setenv("HKFLOW_POSTGRES_DSN", house.publisher)
    monkeypatch.setenv("HKFLOW_LAKE", str(snapshot.path.parents[1]))
    settings.cache_clear()
    assert served() == [publish_postgres]
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(served(), instance=instance)
    (event,) = result.get_asset_materialization_events()
    assert event.materialization.asset_key == dg.AssetKey(["served", "postgres"])
    assert house.ask("SELECT snapshot_id FROM _publish") == [(snapshot.id,)]
