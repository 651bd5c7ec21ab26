"""`earshot import`: files of what customers said, taken in from the command line."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bpm.app import App
from bpm.cli import emit
from bpm.cli.import_report import report
from bpm.cli.product import opened_to_listen as opened
from bpm.cli.server import heap
from bpm.feedback.channels import FORMATS, guess_format
from bpm.feedback.imports.preview import preview
from bpm.feedback.imports.reading import find_mapping
from bpm.feedback.imports.runs import take_in
from bpm.feedback.imports.uploads import start_import
from bpm.feedback.intake.options import DATE_ORDERS, check_options
from bpm.feedback.raw_item import CHANNELS
from bpm.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from bpm.processes.undone_imports import Cases

PREVIEW_BYTES = 2_000_000
"""How much of a file a preview reads."""

BEGINNING = 1 << 16
"""Bytes of a file by which its format is told."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), help="Told by the file's name otherwise.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Where it was said, when the file does not tell.")
@click.option("--source", default="", help="Name of the source; keys are unique within it. The file's name otherwise.")
@click.option(
    "--mapping", default="", help="Saved mapping by name, or column=field,column=field; _own=... are options."
)
@click.option("--zone", default="", help="IANA name of the zone of times that tell none, as Europe/Berlin; else UTC.")
@click.option("--date-order", type=click.Choice(DATE_ORDERS), help="Order of days, months and years in the file.")
@click.option("--agent", "agents", multiple=True, metavar="NAME", help="A speaker of our own, the name whole; repeat.")
@click.option("--said-at", default="", metavar="WHEN", help="When it was said (ISO 8601), if the file does not say.")
@click.option("--preview", "only_preview", is_flag=True, help="Show the first rows and take nothing in.")
@click.option("--undo", type=click.IntRange(1, 2**63 - 1), metavar="RUN", help="Undo the import run of that number.")
@click.option(
    "--take", type=(int, int), metavar="RUN ROW", help="Take row ROW, which import run RUN left out, in all the same."
)
@click.option(
    "--cases", type=click.Choice(["end", "keep"]), help="With --undo: what becomes of running cases its items started."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def import_(
    file: Path | None,
    format_name: str | None,
    channel: str | None,
    source: str,
    mapping: str,
    only_preview: bool,
    undo: int | None,
    cases: "Cases | None",
    take: tuple[int, int] | None,
    as_json: bool,
    **told: Any,
) -> None:
    """Take in FILE (CSV, JSON Lines, Mastodon, mail, transcripts; gzip too); the same file again adds nothing."""
    app = opened()
    if undo is not None:
        _undo(app, undo, cases or "refuse", as_json=as_json)
        return
    if take is not None:
        _take_left_out(app, *take)
        return
    if file is None:
        raise click.UsageError("Name a FILE to import, or a run to undo with --undo RUN.")
    with file.open("rb") as stream:
        form = format_name or guess_format(file.name, stream.read(BEGINNING))
    if form is None:
        raise click.UsageError(f"{file.name} does not tell its format; say --format {'|'.join(FORMATS)}.")
    columns = _mapping(app, mapping) | _options(**told)
    check_options(columns)
    if only_preview:
        _preview(app, file, form, columns, channel or "", as_json=as_json)
        return
    _take_in(app, file, form, columns, channel or "", source, as_json=as_json)


def _mapping(app: App, written: str) -> dict[str, str]:
    """Pairs as written, or the mapping saved under that name."""
    if "=" in written:
        parts: dict[str, str] = {}
        name = ""
        for part in written.split(","):
            if "=" in part:
                name, _, value = part.partition("=")
                parts[name.strip()] = value.strip()
            elif not name.strip():
                raise InvalidInputError(
                    f"{part!r} in the mapping belongs to no column.",
                    place="--mapping",
                    remedy="Write column=field pairs.",
                )
            else:  # an option that lists several names
                parts[name.strip()] += f",{part.strip()}"
        return parts
    if not written:
        return {}
    with app.unit_of_work.reading() as work:
        saved = find_mapping(work, written)
    if saved is None:
        raise InvalidInputError(f"No mapping is saved as {written!r}.", remedy="Write column=field pairs instead.")
    return saved.mapping


def _options(zone: str, date_order: str | None, agents: tuple[str, ...], said_at: str) -> dict[str, str]:
    """What is said beside the mapping, as the readers know it; a name stands in a line of its own."""
    told = {
        "_zone": zone.strip(),
        "_date_order": date_order or "",
        "_agents": "".join(f"{name}\n" for name in agents),
        "_said_at": said_at.strip(),
    }
    return {name: value for name, value in told.items() if value}


def _preview(app: App, file: Path, form: str, mapping: dict[str, str], channel: str, *, as_json: bool) -> None:
    with file.open("rb") as stream:
        content = stream.read() if form in ("json", "mastodon", "webvtt", "xlsx") else stream.read(PREVIEW_BYTES)
    found = preview(content, form, mapping, now=app.clock.now(), channel=channel, file_name=file.name)
    if as_json:
        emit(
            {
                "columns": found.columns,
                "mapping": found.mapping,
                "problem": found.problem,
                "rows": [
                    {"row": r.number, "text": r.item.text, "channel": r.item.channel, "said_at": r.item.said_at}
                    for r in found.rows
                    if r.item and not r.ignored
                ],
                "errors": [{"row": r.number, "reason": r.reason} for r in found.errors],
            }
        )
        return
    if found.problem:
        raise InvalidInputError(found.problem, place=file.name)
    if found.columns:
        click.echo("Columns: " + ", ".join(f"{c} -> {found.mapping.get(c, '(kept raw)')}" for c in found.columns))
    for row in found.rows:
        words = row.item.text.replace("\n", " ") if row.item and not row.ignored else f"left out: {row.ignored}"
        click.echo(f"{row.number:>7}  {words[:100]}")
    for row in found.errors:
        click.echo(f"{row.number:>7}  cannot be taken in: {row.reason}")


def _take_in(
    app: App, file: Path, form: str, mapping: dict[str, str], channel: str, source: str, *, as_json: bool
) -> None:
    size = file.stat().st_size
    with app.unit_of_work() as work:
        run_id = start_import(
            work,
            None,
            file_name=file.name,
            format_name=form,
            mapping=mapping,
            channel=channel,
            source=source,
            total_bytes=size,
        ).id
    bar = click.progressbar(length=size, label=file.name, show_pos=False, hidden=as_json)
    heap.settle()
    with file.open("rb") as stream, bar:
        take_in(app.unit_of_work, run_id, stream, progress=lambda done: bar.update(done - bar.pos))
    report(app, run_id, as_json=as_json)


def _take_left_out(app: App, run_id: int, row: int) -> None:
    from bpm.feedback import take_left_out

    app.bus.complete()
    with app.unit_of_work() as work:
        received = take_left_out(work, run_id, row)
    click.echo(f"Item {received.item_id}: {received.outcome}.")


def _undo(app: App, run_id: int, cases: "Cases", *, as_json: bool) -> None:
    from bpm import processes

    app.bus.complete()
    with app.unit_of_work() as work:
        undone = processes.undo_import(work, run_id, cases=cases)
    if as_json:
        emit({"run": run_id, **asdict(undone)})
        return
    click.echo(f"Run {run_id} is undone: {undone.withdrawn} items withdrawn.")
    for verb, ids in (("ended", undone.cases_ended), ("kept", undone.cases_kept)):
        if ids:
            click.echo(f"Cases {verb}: {', '.join(map(str, ids))}.")
    if undone.kept:
        click.echo(f"{undone.kept} items stay, because somebody has answered, decided on or handed them over.")
