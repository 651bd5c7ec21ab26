"""`earshot audit`: who did what and when, as a list, as a file, and whether the chain is whole."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from bpm.audit import (
    Filters,
    Thing,
    export_csv,
    export_lines,
    list_rows,
    record,
    remember,
    seal_all,
    verify,
)
from bpm.audit.differences import changes
from bpm.audit.exporting import as_json as row_as_json
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.foundation.errors import EarshotError

F = TypeVar("F", bound=Callable[..., Any])
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


def _filtered(command: F) -> F:
    """The filters that list and export share."""
    for option in (
        click.option("--text", default="", help="Part of the words, the reason or the values."),
        click.option("--to", "until", type=DAY, help="The instant (or day, UTC) before which."),
        click.option("--from", "since", type=DAY, help="The instant (or day, UTC) from which on."),
        click.option("--id", "object_id", default="", help="The object's id."),
        click.option("--object", "object_type", default="", help="The object's type, as task or case."),
        click.option("--verb", default="", help="As task.complete, or task for all that is done to tasks."),
        click.option("--who", default="", help="A person's id or name, or system, console, visitor."),
    ):
        command = option(command)
    return command


def _filters(given: dict[str, Any]) -> Filters:
    instants = {name: _utc(given.pop(name)) for name in ("since", "until")}
    return Filters(**given, since=instants["since"], until=instants["until"])


def _utc(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant


@click.group()
def audit() -> None:
    """Read, export and verify the audit trail."""


@audit.command(name="list")
@_filtered
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--after", type=int, help="Go on after the row of that id.")
@AS_JSON
def list_(limit: int, after: int | None, as_json: bool, **given: Any) -> None:
    """List rows, newest first."""
    filters = _filters(given)
    with opened().unit_of_work.reading() as work:
        page = list_rows(work, filters, after=after, limit=limit)
    if as_json:
        emit({"rows": [row_as_json(row) for row in page.rows], "after": page.after})
        return
    for row in page.rows:
        click.echo(
            f"{row.at:%Y-%m-%d %H:%M:%S} {row.who}: {row.verb} {row.words or f'{row.object_type} {row.object_id}'}"
        )
        for change in changes(row.before, row.after):
            click.echo(f"    {change.name}: {change.before} -> {change.after}")
        if row.reason:
            click.echo(f"    because: {row.reason}")
    if not page.rows:
        click.echo("No row fits.")


@audit.command()
@_filtered
@click.option("--format", "format_name", type=click.Choice(["csv", "jsonl"]), default="jsonl", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
def export(format_name: str, as_json: bool, **given: Any) -> None:
    """Write the rows to standard output, newest first; that it was done is itself put on record."""
    filters = _filters(given)
    app = opened()
    with app.unit_of_work() as work:
        record(work, "audit.export", Thing("audit trail", "all"), after={"format": format_name} | _asked(filters))
    lines = export_csv if format_name == "csv" and not as_json else export_lines
    for line in lines(app.unit_of_work, filters):
        click.echo(line, nl=False)
    app.close()


def _asked(filters: Filters) -> dict[str, Any]:
    return {name: str(value) for name, value in vars(filters).items() if value}


@audit.command(name="verify")
@click.option("--head", default="", help="A hash noted earlier; the chain must hold it.")
@click.option("--accept", is_flag=True, help="Count the chain as it is now as the one to go on from, if it is whole.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help='Print {"whole", "links", "verified", "erased", "sealed_now", "unsealed", "head", "broken": [places]}.',
)
def verify_(head: str, accept: bool, as_json: bool) -> None:
    """Verify the whole chain; exit code 1 when a row was changed, taken out or put in.

    What waits to be linked is linked first. Note the head that it prints somewhere else: with --head it shows later
    that nothing was cut off the end.
    """
    app = opened()
    sealed, sealing_refused = _seal(app)
    with app.unit_of_work.reading() as work:
        verdict = verify(work, expected=head.strip())
    if sealing_refused:
        verdict.blame(sealing_refused)
    if accept and verdict.is_whole:
        with app.unit_of_work() as work:
            remember(work, verdict)
    app.close()
    if as_json:
        emit(
            {"whole": verdict.is_whole, "links": verdict.position, "verified": verdict.verified}
            | {"erased": verdict.erased, "sealed_now": sealed, "unsealed": verdict.unsealed}
            | {"head": verdict.head, "broken": verdict.broken}
        )
    else:
        for problem in verdict.broken:
            click.echo(f"BROKEN {problem}", err=True)
        whole = "whole" if verdict.is_whole else "BROKEN"
        click.echo(
            f"The chain is {whole}: {verdict.verified} links, the values of {verdict.erased} were erased, "
            f"{verdict.unsealed} rows are unsealed. Its head is {verdict.head}"
        )
    sys.exit(0 if verdict.is_whole else 1)


def _seal(app: Any) -> tuple[int, str]:
    """Link what waits; (how many, why it could not be)."""
    try:
        return seal_all(app.unit_of_work), ""
    except EarshotError as error:
        return 0, f"what waits cannot be linked: {error}"
