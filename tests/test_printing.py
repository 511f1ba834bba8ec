"""What the command line says at the end of a run."""

from data_lake.zones import Zones
from orchestration.printing import print_run
from orchestration.publishing.pointer import point_at
from orchestration.runs import RunReport

FAILED = RunReport(succeeded=False, failures=["a cause"])


def test_first_run_that_fails_says_that_nothing_was_published(tmp_path, capsys):
    print_run(FAILED, Zones(tmp_path))
    assert "failed a cause" in (said := capsys.readouterr().out)
    assert said.endswith("The run failed; nothing was published before it.\n")


def test_later_run_that_fails_names_what_readers_keep(tmp_path, capsys):
    zones = Zones(tmp_path)
    zones.snapshots.mkdir(parents=True)
    point_at(zones.snapshots, "20250218T000000000000Z-00000000")
    print_run(FAILED, zones)
    assert "readers keep snapshot 20250218T000000000000Z-00000000." in capsys.readouterr().out
