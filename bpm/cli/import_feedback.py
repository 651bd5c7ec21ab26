"""`earshot import`: files of what customers said, taken in from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bpm import feedback
from bpm.app import App
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.feedback import queries
from bpm.feedback.channels import FORMATS, guess_format
from bpm.feedback.status import NOT_IN, ImportStatus, RowErrorKind
from bpm.foundation.errors import InvalidInputError

PREVIEW_BYTES = 2_000_000
"""How much of a file a preview reads."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), help="Told by the file's name otherwise.")
@click.option("--channel", type=click.Choice(feedback.CHANNELS), help="Where it was said, when the file does not tell.")
@click.option("--source", default="", help="Name of the source; keys are unique within it. The file's name otherwise.")
@click.option(
    "--mapping", default="", help="Saved mapping by name, or column=field,column=field; _own=... are options."
)
@click.option("--preview", "only_preview", is_flag=True, help="Show the first rows and take nothing in.")
@click.option("--undo", type=click.IntRange(1, 2**63 - 1), metavar="RUN", help="Undo the import run of that number.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def import_(
    file: Path | None,
    format_name: str | None,
    channel: str | None,
    source: str,
    mapping: str,
    only_preview: bool,
    undo: int | None,
    as_json: bool,
) -> None:
    """Take in FILE (CSV, JSON Lines, Mastodon, mail, transcripts; gzip too); the same file again adds nothing."""
    app = opened()
    if undo is not None:
        _undo(app, undo, as_json)
        return
    if file is None:
        raise click.UsageError("Name a FILE to import, or a run to undo with --undo RUN.")
    form = format_name or guess_format(file.name)
    if form is None:
        raise click.UsageError(f"{file.name} does not tell its format; say --format {'|'.join(FORMATS)}.")
    columns = _mapping(app, mapping)
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
        saved = queries.find_mapping(work, written)
    if saved is None:
        raise InvalidInputError(f"No mapping is saved as {written!r}.", remedy="Write column=field pairs instead.")
    return saved.mapping


def _preview(app: App, file: Path, form: str, mapping: dict[str, str], channel: str, *, as_json: bool) -> None:
    with file.open("rb") as stream:
        content = stream.read() if form in ("mastodon", "webvtt") else stream.read(PREVIEW_BYTES)
    found = feedback.preview(content, form, mapping, now=app.clock.now(), channel=channel, file_name=file.name)
    if as_json:
        emit(
            {
                "columns": found.columns,
                "mapping": found.mapping,
                "problem": found.problem,
                "rows": [
                    {"row": r.number, "text": r.item.text, "channel": r.item.channel, "said_at": r.item.said_at}
                    for r in found.rows
                    if r.item
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
        words = row.item.text.replace("\n", " ") if row.item else f"left out: {row.ignored}"
        click.echo(f"{row.number:>7}  {words[:100]}")
    for row in found.errors:
        click.echo(f"{row.number:>7}  cannot be taken in: {row.reason}")


def _take_in(
    app: App, file: Path, form: str, mapping: dict[str, str], channel: str, source: str, *, as_json: bool
) -> None:
    size = file.stat().st_size
    with app.unit_of_work() as work:
        run_id = feedback.start_import(
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
    with file.open("rb") as stream, bar:
        feedback.take_in(app.unit_of_work, run_id, stream, progress=lambda done: bar.update(done - bar.pos))
    _report(app, run_id, as_json)


def _report(app: App, run_id: int, as_json: bool) -> None:
    with app.unit_of_work.reading() as work:
        run = queries.get_run(work, run_id)
    if as_json:
        told = _by_kind(app, run_id)
        document: dict[str, Any] = {
            "run": run.id,
            "new": run.new,
            "changed": run.changed,
            "skipped": run.skipped,
            "failed": run.failed,
            "errors": [_as_json(each) for each in told["not in"]],
            "left_out": [_as_json(each) for each in told["left out"]],
            "cut": [_as_json(each) for each in told["cut"]],
        }
        click.echo(json.dumps(document | ({"problem": run.problem} if run.problem else {}), ensure_ascii=False))
    else:
        click.echo(f"Run {run.id}: {run.new} new, {run.changed} changed, {run.skipped} skipped, {run.failed} failed.")
        for each in _rows(app, run_id):
            click.echo(f"  row {each.row}: {_SAID[each.kind]}{each.reason}")
    if run.status == ImportStatus.FAILED:
        raise InvalidInputError(run.problem, place=run.file_name)


_SAID = {
    RowErrorKind.FAILED: "",
    RowErrorKind.SET_ASIDE: "",
    RowErrorKind.IGNORED: "left out: ",
    RowErrorKind.CUT: "taken in, but cut: ",
}
_PAGE = 1000


def _rows(app: App, run_id: int) -> Iterator[queries.RowErrorRow]:
    """Every row that did not come in as it was, page by page."""
    after: int | None = None
    while True:
        with app.unit_of_work.reading() as work:
            page = queries.list_row_errors(work, run_id, limit=_PAGE, after=after)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].id


def _by_kind(app: App, run_id: int) -> dict[str, list[queries.RowErrorRow]]:
    found: dict[str, list[queries.RowErrorRow]] = {"not in": [], "left out": [], "cut": []}
    for each in _rows(app, run_id):
        found["not in" if each.kind in NOT_IN else "left out" if each.kind == RowErrorKind.IGNORED else "cut"].append(
            each
        )
    return found


def _as_json(row: queries.RowErrorRow) -> dict[str, Any]:
    return {"row": row.row, "reason": row.reason} | ({"kind": row.kind} if row.kind == RowErrorKind.SET_ASIDE else {})


def _undo(app: App, run_id: int, as_json: bool) -> None:
    with app.unit_of_work() as work:
        undone = feedback.undo_import(work, run_id)
    if as_json:
        emit({"run": run_id, "withdrawn": undone.withdrawn, "kept": undone.kept})
        return
    click.echo(f"Run {run_id} is undone: {undone.withdrawn} items withdrawn.")
    if undone.kept:
        click.echo(f"{undone.kept} items stay, because somebody has answered, decided on or handed them over.")
