"""The settings of this machine: the only reader of environment variables.

Every variable is listed in `.env.example`. Nothing else belongs here.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from data_lake.zones import Zones

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TransportName = Literal["sandbox", "http", "archive"]


class Settings(BaseSettings):
    """Typed settings, read from `HKFLOW_*` variables and an optional `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix="HKFLOW_", env_file=PROJECT_ROOT / ".env", extra="ignore"
    )

    lake: Path = Field(
        default=PROJECT_ROOT / "data_lake" / "zones",
        description="Root of the zones landing, lake, quarantine and snapshots",
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

    @property
    def zones(self) -> Zones:
        """Return the zones under the lake's root."""
        return Zones(self.lake.resolve())


@cache
def settings() -> Settings:
    """Return the settings, read once per process.

    Raises:
        pydantic.ValidationError: a variable has a value that its type does not allow.
    """
    return Settings()


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
    """Set what the libraries read from the environment: no telemetry, a home for Dagster."""
    os.environ.setdefault("DAGSTER_HOME", str(PROJECT_ROOT / ".dagster_home"))
    home = Path(os.environ["DAGSTER_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        (home / "dagster.yaml").write_text(_DAGSTER_INSTANCE, encoding="utf-8")
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
