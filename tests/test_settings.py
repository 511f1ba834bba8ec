import os
from pathlib import Path

import pytest

from data_lake import shared
from orchestration.settings import Settings, SettingsError, prepare_environment, settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    """Read settings anew from an empty environment and an empty `.env`."""
    for name in [name for name in os.environ if name.startswith(("HKFLOW_", "DAGSTER_HOME"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_home_of_dagster_is_read_from_the_env_file_made_and_absolute(tmp_path):
    (tmp_path / ".env").write_text("DAGSTER_HOME=own/home\n")
    prepare_environment()
    assert Path(os.environ["DAGSTER_HOME"]) == tmp_path / "own" / "home"
    assert (tmp_path / "own" / "home" / "dagster.yaml").is_file()


def test_environment_wins_over_the_env_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DAGSTER_HOME=of-the-file\nHKFLOW_LAKE=of-the-file\n")
    monkeypatch.setenv("DAGSTER_HOME", "of-the-environment")
    assert settings().dagster_home == tmp_path / "of-the-environment"
    assert settings().lake == tmp_path / "of-the-file"


@pytest.mark.parametrize("name", ["HKFLOW_LAKE", "HKFLOW_ARCHIVE", "HKFLOW_TRANSPORT"])
def test_empty_value_counts_as_none(monkeypatch, name):
    usual = settings()
    settings.cache_clear()
    monkeypatch.setenv(name, "")
    assert settings() == usual


@pytest.mark.parametrize("name", ["HKFLOW_LAKE", "DAGSTER_HOME"])
@pytest.mark.parametrize("below", ["", "/below"])
def test_file_where_a_folder_should_be_is_named(monkeypatch, tmp_path, name, below):
    (tmp_path / "file").touch()
    monkeypatch.setenv(name, f"{tmp_path}/file{below}")
    with pytest.raises(SettingsError, match=rf"^{name}: .*/file is a file; name a folder"):
        settings()


def test_home_that_cannot_be_made_is_named(monkeypatch, tmp_path):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(SettingsError, match=r"^DAGSTER_HOME: .*Permission denied"):
        prepare_environment()


def test_lake_on_s3_has_its_zones_in_a_folder_of_its_own_of_the_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(shared, "_copies", {})
    monkeypatch.setenv("HKFLOW_CACHE", "cache")
    roots = set()
    for place in ("s3://bucket", "s3://bucket/a", "s3://bucket/a/b", "s3://other/a"):
        settings.cache_clear()
        monkeypatch.setenv("HKFLOW_LAKE", place)
        roots.add(settings().zones.root)
        assert shared.place_of(settings().zones.lake) == place
    assert len(roots) == 4
    assert {root.parent.parent for root in roots} == {tmp_path / "cache"}


def test_lake_in_a_folder_is_no_working_copy(monkeypatch, tmp_path):
    monkeypatch.setattr(shared, "_copies", {})
    monkeypatch.setenv("HKFLOW_LAKE", "zones")
    assert settings().zones.root == tmp_path / "zones"
    assert shared.place_of(settings().zones.lake) is None


@pytest.mark.parametrize("place", ["s3:/bucket", "s3://", "s3://bucket/../x"])
def test_place_that_is_none_is_named(monkeypatch, place):
    monkeypatch.setenv("HKFLOW_LAKE", place)
    with pytest.raises(SettingsError, match=r"^HKFLOW_LAKE: .* is no place on S3; write"):
        settings()
