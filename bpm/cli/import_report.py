"""What `earshot import` prints of a run: how many rows came in, and each one that did not, with its place."""

import json
from collections.abc import Iterator
from typing import Any

import click

from bpm.app import App
from bpm.feedback.imports import reading
from bpm.feedback.status import NOT_IN, ImportStatus, RowErrorKind
from bpm.foundation.errors import InvalidInputError

_SAID = {
    RowErrorKind.FAILED: "",
    RowErrorKind.SET_ASIDE: "",
    RowErrorKind.IGNORED: "left out: ",
    RowErrorKind.CUT: "taken in, but: ",
}
_PAGE = 1000


def report(app: App, run_id: int, *, as_json: bool) -> None:
    """Print it; InvalidInputError when the file as a whole could not be read to its end."""
    with app.unit_of_work.reading() as work:
        run = reading.get_run(work, run_id)
    if as_json:
        click.echo(json.dumps(_document(app, run), ensure_ascii=False))
    else:
        click.echo(f"Run {run.id}: {run.new} new, {run.changed} changed, {run.skipped} skipped, {run.failed} failed.")
        for each in _listed(app, run_id):
            click.echo(f"  {run.place(each.row)}: {_SAID[each.kind]}{each.reason}")
    if run.status == ImportStatus.FAILED:
        raise InvalidInputError(run.problem, place=run.file_name)


def _document(app: App, run: reading.RunRow) -> dict[str, Any]:
    told: dict[str, list[dict[str, Any]]] = {"left_out": [], "errors": [], "warnings": []}
    for each in _listed(app, run.id):
        told[_list_of(each.kind)].append({"place": run.place(each.row), "reason": each.reason, "row": each.row})
    return {
        "run": run.id,
        "rows": run.rows,
        "new": run.new,
        "changed": run.changed,
        "skipped": run.skipped,
        "failed": run.failed,
        "known": run.known,
        **told,
        **({"problem": run.problem} if run.problem else {}),
    }


def _list_of(kind: RowErrorKind) -> str:
    if kind in NOT_IN:
        return "errors"
    return "left_out" if kind == RowErrorKind.IGNORED else "warnings"


def _listed(app: App, run_id: int) -> Iterator[reading.RowErrorRow]:
    """Every row that did not come in as it was, page by page."""
    after: int | None = None
    while True:
        with app.unit_of_work.reading() as work:
            page = reading.list_row_errors(work, run_id, limit=_PAGE, after=after)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].id
