"""How the command line refuses: what cannot be done is one sentence, never a traceback.

The verbs are in `cli`; nothing is decided here that a verb could not do without.
"""

from __future__ import annotations

import datetime as dt
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import click

from data_lake.objects import ObjectStoreError
from orchestration.settings import settings

if TYPE_CHECKING:
    from data_lake.zones import Zones
    from orchestration.publishing.snapshot import Snapshot

OF_THE_LAKE = ("inflows", "valuations")
"""Schemas whose marts have rows only where the lake has."""


class OneSentence(click.Group):
    """Verbs whose failures at disks and servers are told in one sentence, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb.

        Raises:
            click.ClickException: a file, a folder or S3 cannot be read or written.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader of our output went away: click ends quietly
        except ObjectStoreError as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(
                f"{where}{error.strerror or error}; check that HKFLOW_LAKE ({settings().lake}) can "
                "be read and written"
            ) from None


def make_writable(zones: Zones) -> None:
    """Make the lake's folder and try it, before any publisher is asked for anything.

    Raises:
        OSError: it cannot be made or written.
    """
    zones.root.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=zones.root):
        pass


def moment(text: str) -> dt.datetime:
    """Return the moment that the words of `--as-of` name.

    Raises:
        click.BadParameter: they name none.
    """
    from orchestration.as_of import MomentError, parse_moment

    try:
        return parse_moment(text)
    except MomentError as error:
        raise click.BadParameter(str(error), param_hint="'--as-of'") from None


def snapshot_at(zones: Zones, text: str) -> Snapshot:
    """Return the marts as known at the moment that the words of `--as-of` name.

    Where no figure of the lake was known then, that is said on stderr.

    Raises:
        click.ClickException: the words name no moment, or the marts could not be built.
    """
    from data_lake.files import LakeLockedError
    from expectations.runner import SuiteError
    from orchestration.as_of import snapshot_as_of
    from orchestration.publishing.errors import PublishError
    from orchestration.warehouse import WarehouseError

    try:
        found = snapshot_as_of(zones, moment(text))
    except (LakeLockedError, ObjectStoreError, PublishError, SuiteError, WarehouseError) as error:
        raise click.ClickException(str(error)) from None
    if not any(mart.rows for mart in found.marts if mart.schema in OF_THE_LAKE):
        click.echo(f"no figure of the lake was known at {text}", err=True)
    return found
