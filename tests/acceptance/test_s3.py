"""One lake on S3, two machines: what a data engineer sees of it from the command line."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import Result

from data_lake import working_copy
from data_lake.objects import ObjectStore, Place
from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.working_copy import WorkingCopy
from data_lake.zones import Zones
from orchestration.extraction.run import extract
from orchestration.publishing.manifest import file_sha256
from orchestration.sources import SOURCES
from orchestration.transport.sandbox import SandboxTransport
from tests.data_lake.s3_server import free_ports

from .conftest import MODELS_ALONE, RANGE, House

pytestmark = pytest.mark.lake_on_s3
NEXT_DAY = ("--from", "2025-02-06", "--to", "2025-02-06", "--select", "hkex_stock_connect")


@dataclass(frozen=True)
class Machine(House):
    """A machine whose lake is on S3; `root` is its working copy."""

    variables: Mapping[str, str] = field(default_factory=dict)

    def hkflow(self, *words: str, **environment: str) -> Result:
        return super().hkflow(*words, **{**self.variables, **environment})

    def files(self) -> dict[str, str]:
        """Return a hash of every file that all machines have in common."""
        found = ((path.relative_to(self.root), path) for path in self.root.rglob("*"))
        return {
            str(name): file_sha256(path)
            for name, path in found
            if path.is_file() and not any(part.startswith(".") for part in name.parts)
        }


@pytest.fixture(scope="module")
def place(s3) -> Place:
    return Place(s3.make_bucket(), "team/lake")


@pytest.fixture(scope="module")
def machine(s3, place, tmp_path_factory):
    """Return a function that gives a machine with an empty cache."""

    def make(name: str) -> Machine:
        cache = tmp_path_factory.mktemp(name)
        root = cache / place.bucket / "team+lake"
        variables = {"HKFLOW_LAKE": str(place), "HKFLOW_CACHE": str(cache), **s3.variables}
        return Machine(root, variables)

    return make


@pytest.fixture(scope="module")
def first(machine):
    """A machine that ran every source onto S3."""
    made = machine("first")
    done = made.run(**MODELS_ALONE)
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture(scope="module")
def second(machine, first):
    """Another machine, which starts after the first has run."""
    return machine("second")


def test_lake_on_s3_equals_a_local_one_in_every_column(first, tmp_path):
    days = [dt.date.fromisoformat(word) for word in (RANGE[1], RANGE[3])]
    local = Zones(tmp_path)
    for source in SOURCES:
        extract(source, *days, SandboxTransport(), local)
    found = first.rows()
    assert sum(rows.num_rows for rows in found.values())
    for name, table in TABLES.items():
        assert LakeStore(local.lake).read(table).equals(found[name]), name


def test_second_machine_reads_without_running(first, second, place):
    query = ("sql", "select * from fct_southbound_daily order by all", "--format", "json")
    answer = second.hkflow(*query)
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == json.loads(first.hkflow(*query).stdout) != []
    assert second.hkflow("verify", "--format", "json").exit_code == 0
    report = second.hkflow("report")
    assert Path(report.output.strip()).read_bytes().startswith(b"<!")
    assert not second.zones.lake.exists(), "a reader needs no lake"
    status = second.hkflow("status")
    assert status.exit_code == 0 and f"lake {place}/lake" in status.output
    assert status.output.splitlines()[1:] == first.hkflow("status").output.splitlines()[1:]


def test_second_machine_continues_where_the_first_left_off(first, second, s3, place):
    before = s3.objects(place.bucket)
    done = second.run(**MODELS_ALONE)
    assert done.exit_code == 0, done.output
    assert "Nothing new" in done.output
    assert s3.objects(place.bucket) == before
    assert second.snapshot() == first.snapshot()
    assert second.files() == first.files()


def test_new_day_and_rollback_of_one_machine_are_seen_by_the_other(first, second):
    before = first.snapshot()
    done = second.hkflow("run", *NEXT_DAY, **MODELS_ALONE)
    assert done.exit_code == 0, done.output
    last = ("sql", "select max(trade_date) as last from fct_southbound_daily", "--format", "json")
    assert json.loads(first.hkflow(*last).stdout) == [{"last": "2025-02-06"}]
    assert first.snapshot() == second.snapshot() != before
    assert first.hkflow("rollback").exit_code == 0
    assert json.loads(second.hkflow(*last).stdout) == [{"last": "2025-02-05"}]
    assert second.snapshot() == before
    assert "was rolled back" in second.hkflow("status").output
    assert second.hkflow("rollback", "--undo").exit_code == 0
    assert json.loads(first.hkflow(*last).stdout) == [{"last": "2025-02-06"}]


def test_run_beside_a_run_of_another_machine_is_refused_in_one_sentence(
    first, place, tmp_path, s3, monkeypatch
):
    for name, value in s3.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(working_copy, "LOCK_TIMEOUT_SECONDS", 1.0)
    with WorkingCopy(tmp_path / "third", ObjectStore(place)).held():
        refused = first.run()
    assert refused.exit_code == 1
    assert refused.output.splitlines()[0].startswith(f"failed {place} is locked by another run")
    assert "wait for it to end" in refused.output


FAULTS = {
    "refuses the credentials": {"AWS_SECRET_ACCESS_KEY": "wrong"},
    "there is no bucket": {"HKFLOW_LAKE": "s3://no-such-bucket/team/lake"},
    "cannot be reached": {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_ports(1)[0]}"},
}


@pytest.mark.parametrize("sentence", FAULTS)
@pytest.mark.parametrize(
    "words", [("run", *NEXT_DAY), ("sql", "select 1"), ("rollback",), ("status",), ("verify",)]
)
def test_s3_that_cannot_be_used_is_one_sentence_and_the_copy_stays(first, words, sentence):
    before = first.files()
    failed = first.hkflow(*words, **FAULTS[sentence])
    assert failed.exit_code == 1
    assert failed.output.count(sentence) == 1 and "Traceback" not in failed.output
    assert first.files() == before


def test_place_that_is_none_is_one_sentence_and_exit_code_2(first):
    refused = first.hkflow("run", HKFLOW_LAKE="s3:/bucket")
    assert refused.exit_code == 2
    assert "HKFLOW_LAKE: 's3:/bucket' is no place on S3" in refused.output


def test_missing_client_is_one_sentence_that_says_what_to_install(first, monkeypatch):
    monkeypatch.setattr("orchestration.settings.find_spec", lambda name: None)
    refused = first.hkflow("status")
    assert refused.exit_code == 2
    assert "pip install -e '.[s3]'" in refused.output
