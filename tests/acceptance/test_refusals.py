"""What the command line refuses or reports on zones that hold nothing yet."""

import pytest

from .conftest import MODELS_ALONE, House


def test_key_missing_from_an_archive_is_a_gap_and_strict_makes_it_a_failure(tmp_path):
    house = House(tmp_path / "zones")
    folder = tmp_path / "archive" / "fred"
    folder.mkdir(parents=True)
    (folder / "DEXHKUS.csv").write_text("observation_date,DEXHKUS\n2025-01-21,7.7853\n")
    words = ("--transport", "archive", "--archive", str(tmp_path / "archive"), "--select", "fred")
    done = house.run(*words, **MODELS_ALONE)
    assert done.exit_code == 0, done.output
    assert "3 payloads missing" in done.output
    strict = house.run(*words, "--strict", **MODELS_ALONE)
    assert strict.exit_code == 1
    assert "--strict" in strict.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "--from", "2025-02-30"), "2025-02-30"),
        (("run", "--from", "2025-02-03", "--to", "2025-01-03"), "swap them"),
        (("run", "--from", "1999-01-01"), "first day data exist"),
        (("run", "--select", "nonsense"), "no source and no lake table"),
        (("run", "--archive", "."), "--transport archive"),
        (("run", "--transport", "archive", "--archive", "/no/such/place"), "does not exist"),
        (("sql", "select 1", "--format", "xml"), "xml"),
        (("run", "--to", "2023-05-01"), "give --from"),
        (("run", "--select", ""), "no source and no lake table"),
        (("run", "--as-of", "2025-01-22T20:00+08:00", "--refetch"), "use it alone"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(tmp_path, words, sentence):
    done = House(tmp_path).hkflow(*words)
    assert done.exit_code == 2
    assert sentence in done.output
    assert not list(tmp_path.iterdir())
