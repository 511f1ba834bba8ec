"""The settings of this machine: the only reader of environment variables.

Every variable is listed in `.env.example`. Nothing else belongs here.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from data_lake.objects import Place
from data_lake.shared import attach
from data_lake.zones import Zones

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TransportName = Literal["sandbox", "http", "archive"]


class SettingsError(Exception):
    """A variable has a value that cannot be used; the message names it and says what to write."""


class Settings(BaseSettings):
    """Typed settings, read from `HKFLOW_*` variables and an optional `.env` file.

    An empty value counts as none. Relative paths are taken from the folder of the process.
    """

    model_config = SettingsConfigDict(
        env_prefix="HKFLOW_",
        env_file=PROJECT_ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
    )

    lake: Annotated[Path | Place, NoDecode] = Field(
        default=PROJECT_ROOT / "data_lake" / "zones",
        description="Root of the zones landing, lake, quarantine and snapshots: a folder, or "
        "s3://bucket/prefix",
    )
    cache: Path = Field(
        default=PROJECT_ROOT / ".hkflow_cache",
        description="Folder of this machine's working copy of zones on S3",
    )
    transport: TransportName = Field(
        default="sandbox", description="How bytes are got: sandbox, http or archive"
    )
    archive: Path | None = Field(
        default=None, description="Folder that --transport archive reads; default: own landing"
    )
    http_base_url: str | None = Field(
        default=None, description="One server that stands for all publishers, e.g. the sandbox's"
    )
    contact: str = Field(
        default="", description="Address that publishers may write to, sent in the User-Agent"
    )
    sandbox_seed: int = Field(default=20141117, description="Seed of the simulated market")
    postgres_dsn: str | None = Field(
        default=None,
        repr=False,
        description="Connection string of the PostgreSQL server that marts are published to",
    )
    postgres_schema: str = Field(
        default="hkflow", description="Schema of that server whose tables are the marts"
    )
    postgres_reader: str = Field(
        default="hkflow_reader", description="Role of that server that may read the marts"
    )
    dagster_home: Path = Field(
        default=PROJECT_ROOT / ".dagster_home",
        validation_alias="DAGSTER_HOME",
        description="Where Dagster keeps its event log",
    )

    @field_validator("lake", mode="before")
    @classmethod
    def _place(cls, value: Any) -> Any:
        """Return the place on S3 that a text names; anything else is a folder."""
        if not str(value).startswith("s3:"):
            return value
        if find_spec("boto3") is None:
            raise ValueError("a lake on S3 needs boto3; run .venv/bin/pip install -e '.[s3]'")
        return Place.parse(str(value))

    @field_validator("lake", "cache", "dagster_home")
    @classmethod
    def _absolute_folder(cls, path: Path | Place) -> Path | Place:
        """Return an absolute path, so that it means the same after a change of folder."""
        if isinstance(path, Place):
            return path
        absolute = path.expanduser().resolve()
        existing = next(part for part in (absolute, *absolute.parents) if part.exists())
        if not existing.is_dir():
            raise ValueError(f"{existing} is a file; name a folder")
        return absolute

    @property
    def zones(self) -> Zones:
        """Return the zones under the lake's root; of a lake on S3, under its working copy."""
        if isinstance(self.lake, Path):
            return Zones(self.lake)
        return Zones(self.cache / self.lake.bucket / (self.lake.prefix.replace("/", "+") or "+"))


@cache
def settings() -> Settings:
    """Return the settings, read once per process.

    Raises:
        SettingsError: a variable has a value that its type does not allow.
    """
    try:
        found = Settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        field = "_".join(str(part) for part in wrong["loc"]).upper()
        name = field if field == "DAGSTER_HOME" else f"HKFLOW_{field}"
        problem = wrong["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {problem}; see .env.example") from None
    if isinstance(found.lake, Place):
        attach(found.zones.root, found.lake)
    return found


_DAGSTER_INSTANCE = """\
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    default_limit: 1
    granularity: op
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
"""


def prepare_environment() -> None:
    """Set what the libraries read from the environment: no telemetry, a home for Dagster.

    Raises:
        SettingsError: a variable has a value that cannot be used, or the home cannot be made.
    """
    home = settings().dagster_home
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "dagster.yaml").exists():
            (home / "dagster.yaml").write_text(_DAGSTER_INSTANCE, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"DAGSTER_HOME: {home} cannot be written ({error.strerror}); name another folder"
        ) from None
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
