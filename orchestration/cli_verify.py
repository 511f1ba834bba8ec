"""`hkflow verify`: options in, verdicts out. The checking is `orchestration.claims`.

Exit codes: 0 whatever the verdicts, 1 there is nothing to check against, 2 the file or an option is
wrong, 3 a verdict that `--fail-on` names.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.claims.engine import Engine
    from orchestration.claims.ledger_file import Ledger
    from orchestration.publishing.manifest import Snapshot

FAIL_ON = {
    "refuted": "refuted",
    "unit": "unit error suspected",
    "date": "date error suspected",
    "unchecked": "not checkable",
}
FAILED = 3


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--explain", "claim_id", metavar="ID", help="Tell one claim's whole story.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "md", "csv"]),
    default="table",
    show_default=True,
)
@click.option("--fail-on", metavar="VERDICTS", help=f"Exit code 3 on any of: {','.join(FAIL_ON)}.")
def verify(file: Path | None, claim_id: str | None, style: str, fail_on: str | None) -> None:
    """Check published figures: the ledger's, or those of a FILE of claims (docs/claims.md).

    The current snapshot is the evidence. Ends with how much could be checked, and why not the rest.
    Example: hkflow verify examples/claims.yml --fail-on refuted,unit,date
    """
    from orchestration.claims.engine import EngineError
    from orchestration.claims.explain import UnknownClaimError
    from orchestration.claims.faults import ClaimsFileError
    from orchestration.publishing.errors import PublishError
    from orchestration.publishing.snapshot import current

    fatal = _verdicts_of(fail_on)
    if claim_id and style == "csv":
        raise click.UsageError("--explain tells a story; choose --format table, md or json")
    try:
        snapshot = current(settings().zones.snapshots)
        rows = (
            _explain(snapshot, file, claim_id, style) if claim_id else _all(snapshot, file, style)
        )
    except ClaimsFileError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except UnknownClaimError as error:
        raise click.UsageError(str(error)) from None
    except (EngineError, PublishError) as error:
        raise click.ClickException(str(error)) from None
    if any(row["verdict"] in fatal for row in rows):
        raise SystemExit(FAILED)


def _verdicts_of(words: str | None) -> set[str]:
    asked = [word.strip() for word in words.split(",")] if words is not None else []
    unknown = [word for word in asked if word not in FAIL_ON]
    if unknown:
        raise click.BadParameter(
            f"{', '.join(map(repr, unknown))} is none of {', '.join(FAIL_ON)}",
            param_hint="'--fail-on'",
        )
    return {FAIL_ON[word] for word in asked}


def _ledger(engine: Engine, file: Path | None) -> Ledger | None:
    from orchestration.claims.ledger_file import read_ledger

    try:
        return read_ledger(file, engine.vocabulary) if file else None
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror or error}") from None


def _explain(snapshot: Snapshot, file: Path | None, claim_id: str, style: str) -> list[Any]:
    from orchestration.claims.engine import Engine
    from orchestration.claims.explain import TABLES, as_json, as_text, story_of

    engine = Engine.of(snapshot)
    story = story_of(claim_id, _run(engine, file, TABLES, claim_id))
    _write(as_json(story) if style == "json" else as_text(story))
    return [story.verdict]


def _all(snapshot: Snapshot, file: Path | None, style: str) -> list[Any]:
    from orchestration.claims import report
    from orchestration.claims.coverage import coverage, coverage_sentences
    from orchestration.claims.engine import CONSISTENCY, VERDICTS, Engine, published

    wanted = (VERDICTS, CONSISTENCY)
    tables = _run(Engine.of(snapshot), file, wanted) if file else published(snapshot, wanted)
    rows = tables[VERDICTS].to_pylist()
    broken = [row for row in tables[CONSISTENCY].to_pylist() if row["passed"] is False]
    if style == "json":
        named = {"id": snapshot.id, "world": snapshot.world}
        _write(report.as_json(rows, broken, named))
    elif style == "md":
        _write(report.as_markdown(rows, broken))
    elif style == "csv":
        _write(report.as_csv(rows))
        click.echo("\n".join(coverage_sentences(coverage(rows))), err=True)
    else:
        _write(report.as_table(rows, broken, None if sys.stdout.isatty() else 200))
        _note(snapshot)
    return rows


def _run(
    engine: Engine, file: Path | None, wanted: tuple[str, ...], claim_id: str | None = None
) -> Any:
    ledger = _ledger(engine, file)
    if ledger is None:
        return engine.run(wanted)
    _name_unknown_subjects(engine, ledger, file, claim_id)
    return engine.run(wanted, ledger.claims, ledger.documents)


def _name_unknown_subjects(
    engine: Engine, ledger: Ledger, file: Path | None, claim_id: str | None
) -> None:
    """Say on standard error which subjects of the claims, or of the one asked for, are unknown."""
    from orchestration.claims.subjects import unknown_subjects

    claims = ledger.claims
    if claim_id:
        claims = claims.filter([name == claim_id for name in claims["claim_id"].to_pylist()])
    for sentence in unknown_subjects(claims, engine.subjects):
        click.echo(f"{file}: {sentence}", err=True)


def _note(snapshot: Snapshot) -> None:
    if snapshot.world == "sandbox":
        click.echo(
            f"Snapshot {snapshot.id} is SYNTHETIC (sandbox): its figures judge claims of world "
            "sandbox only."
        )


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
