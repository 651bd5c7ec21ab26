"""Imports in the browser: upload, look at it, say what each column means, run it, undo it; and webhook sources."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm import feedback, processes
from bpm.feedback import CHANNELS, Preview, queries
from bpm.feedback.channels import FORMATS, guess_format
from bpm.feedback.channels.fields import FIELDS
from bpm.feedback.queries import MappingRow, RowErrorRow, RunRow
from bpm.feedback.status import ImportStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.undone_imports import Cases, StartedCase
from web.core.paging import SIZE, after
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.inbox.words import FIELD_NAMES

blueprint = Blueprint("imports", __name__, url_prefix="/inbox/imports")

ROWS = 200
"""Rows of one page that did not come in as they were."""

BEGINNING = 1 << 16
"""Bytes of a file by which its format is told."""

_TIMES = (
    ("_zone", "Time zone of times that tell none, as Europe/Berlin (else UTC)"),
    ("_date_order", "Order of day and month in dates such as 3/4/2026 (dmy or mdy)"),
)
_SAID = (("_said_at", "When it was said, as 2026-03-02T09:15, where the file does not tell"), _TIMES[0])
OPTIONS = {
    "json": (
        ("_own", "Our own accounts, separated by commas"),
        ("_agents", "Names of speakers who are ours"),
        *_TIMES,
    ),
    "csv": _TIMES,
    "xlsx": _TIMES,
    "jsonl": (
        *_TIMES,
        ("_customers", "Names of speakers who are customers, separated by commas"),
        ("_agents", "Names of speakers who are ours"),
    ),
    "mastodon": (("_own", "Our own accounts, separated by commas"),),
    "mbox": (("_own", "Our own addresses or @domains, separated by commas"),),
    "webvtt": (
        ("_customers", "Names of speakers who are customers, separated by commas"),
        ("_agents", "Names of speakers who are ours"),
        *_SAID,
    ),
}
"""Format -> options that its mapping may carry, each with its meaning."""


@dataclass(frozen=True)
class RunsPage:
    """What inbox/imports.html shows."""

    runs: tuple[RunRow, ...]
    after: int | None
    formats: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    webhooks: tuple[queries.WebhookRow, ...]
    new_webhook: feedback.NewWebhook | None = None
    address: str = ""


@dataclass(frozen=True)
class RunPage:
    """What inbox/run.html shows; `preview` only while the run is a draft."""

    run: RunRow
    cases: tuple[StartedCase, ...]
    """Running cases that its items started: whoever undoes it says what becomes of them."""
    errors: tuple[RowErrorRow, ...]
    after: int | None
    """Where the list of rows goes on."""
    preview: Preview | None
    chosen: Mapping[str, str]
    fields: tuple[str, ...]
    field_names: Mapping[str, str]
    formats: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    mappings: tuple[str, ...]


@blueprint.get("")
@needs(Permission.IMPORT)
def runs() -> str:
    return render("inbox/imports.html", _runs_page())


def _runs_page(new: feedback.NewWebhook | None = None) -> RunsPage:
    found = queries.list_runs(work(), limit=SIZE + 1, after=after())
    return RunsPage(
        runs=tuple(found[:SIZE]),
        after=found[SIZE - 1].id if len(found) > SIZE else None,
        formats=_formats(),
        channels=CHANNELS,
        webhooks=tuple(queries.list_webhooks(work())),
        new_webhook=new,
        address=url_for("api.webhook", key=new.key, _external=True) if new else "",
    )


def _formats() -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.label) for each in FORMATS.values())


@blueprint.post("")
@needs(Permission.IMPORT)
def upload() -> Response:
    """Keep the file as a draft and show what is in it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInputError("No file was chosen.", remedy="Choose a file, or drop one on the page.")
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1]
    content = file.stream.read()
    saved = _saved_mapping()
    form = request.form.get("format") or (saved.format if saved else guess_format(name, content[:BEGINNING]))
    if form is None:
        raise InvalidInputError(
            f"The name {name} does not tell its format.", place="format", remedy="Choose the format and send it again."
        )
    run = feedback.start_import(
        work(),
        content,
        file_name=name,
        format_name=form,
        mapping=saved.mapping if saved else {},
        channel=request.form.get("channel", ""),
        source=request.form.get("source", ""),
        as_draft=True,
    )
    return go("imports.run", run_id=run.id)


def _saved_mapping() -> MappingRow | None:
    """The mapping that the form names; InvalidInputError for one that is gone."""
    name = request.form.get("saved", "")
    found = queries.find_mapping(work(), name) if name else None
    if name and found is None:
        raise InvalidInputError(
            _("There is no saved mapping %(name)s any more.") % {"name": name}, remedy=_("Look at the list of them.")
        )
    return found


@blueprint.get("/<int:run_id>")
@needs(Permission.IMPORT)
def run(run_id: int) -> str:
    row = queries.get_run(work(), run_id)
    listed = queries.list_row_errors(work(), run_id, limit=ROWS + 1, after=after())
    shown = feedback.preview_draft(work(), run_id) if row.status == ImportStatus.DRAFT else None
    return render(
        "inbox/run.html",
        RunPage(
            run=row,
            cases=() if row.status == ImportStatus.UNDONE else tuple(processes.list_started_cases(work(), run_id)),
            errors=tuple(listed[:ROWS]),
            after=listed[ROWS - 1].id if len(listed) > ROWS else None,
            preview=shown,
            chosen={**(shown.mapping if shown else {}), **row.mapping},
            fields=FIELDS,
            field_names=FIELD_NAMES,
            formats=_formats(),
            channels=CHANNELS,
            options=OPTIONS.get(row.format, ()),
            mappings=tuple(each.name for each in queries.list_mappings(work()) if each.format == row.format),
        ),
    )


@blueprint.get("/<int:run_id>/items")
@needs(Permission.IMPORT)
def items(run_id: int) -> Response:
    """The run's items in the inbox."""
    return go("inbox.items", view="all", run=run_id)


@blueprint.post("/<int:run_id>/mapping")
@needs(Permission.IMPORT)
def change(run_id: int) -> Response:
    """Read the draft in another way: by the columns as chosen, or by a saved mapping."""
    sent = request.form
    saved = _saved_mapping()
    columns = zip(sent.getlist("column"), sent.getlist("field"), strict=False)
    mapping = {column: field for column, field in columns if field}
    mapping |= {name: sent[name].strip() for name, _ in OPTIONS.get(sent.get("format", ""), ()) if sent.get(name)}
    if saved is not None:
        mapping = saved.mapping
    before = queries.get_run(work(), run_id)
    form = sent.get("format", before.format)
    if form != before.format:
        mapping = {}
    feedback.change_draft(
        work(),
        run_id,
        format_name=form,
        mapping=mapping,
        channel=sent.get("channel", ""),
        source=sent.get("source", ""),
    )
    if sent.get("name", "").strip():
        feedback.save_mapping(work(), sent["name"], format_name=form, mapping=mapping)
        say(f"Saved as {sent['name'].strip()}.")
    return go("imports.run", run_id=run_id)


@blueprint.post("/<int:run_id>/start")
@needs(Permission.IMPORT)
def start(run_id: int) -> Response:
    feedback.release_import(work(), run_id)
    return go("imports.run", run_id=run_id)


@blueprint.post("/<int:run_id>/discard")
@needs(Permission.IMPORT)
def discard(run_id: int) -> Response:
    feedback.discard_draft(work(), run_id)
    say("Thrown away; nothing was taken in.")
    return go("imports.runs")


@blueprint.post("/<int:run_id>/undo")
@needs(Permission.IMPORT)
def undo(run_id: int) -> Response:
    chosen = request.form.get("cases", "refuse")
    undone = processes.undo_import(work(), run_id, cases=_CASES.get(chosen, "refuse"))
    kept = f" {undone.kept} stay, because somebody has acted on them." if undone.kept else ""
    ended = f" {len(undone.cases_ended)} cases have ended." if undone.cases_ended else ""
    say(f"Undone: {undone.withdrawn} items are withdrawn.{kept}{ended} Import the file again to bring them back.")
    return go("imports.run", run_id=run_id)


_CASES: dict[str, Cases] = {"end": "end", "keep": "keep"}


@blueprint.post("/<int:run_id>/take/<int:row>")
@needs(Permission.IMPORT)
def take(run_id: int, row: int) -> Response:
    """Take in what was left out, all the same."""
    received = feedback.take_left_out(work(), run_id, row)
    say(_("Taken in.") if received.outcome != "skipped" else _("It was here already."))
    return go("imports.run", run_id=run_id)


@blueprint.post("/webhooks")
@needs(Permission.IMPORT)
def add_webhook() -> Response:
    sent = request.form
    made = feedback.save_webhook(work(), sent.get("name", ""), channel=sent.get("channel", ""))
    return go("imports.new_webhook", webhook_id=made.id)


@blueprint.get("/webhooks/<int:webhook_id>")
@needs(Permission.IMPORT)
def new_webhook(webhook_id: int) -> str | Response:
    """The page with the new source's secret, which is told while the source is new."""
    made = feedback.new_webhook(work(), webhook_id)
    if made is None:
        say("The secret is not shown any more. If it is lost, make another webhook and switch this one off.")
        return go("imports.runs")
    return render("inbox/imports.html", _runs_page(made))


@blueprint.post("/webhooks/<int:webhook_id>/switch")
@needs(Permission.IMPORT)
def switch(webhook_id: int) -> Response:
    active = request.form.get("active") == "on"
    feedback.switch_webhook(work(), webhook_id, active=active)
    say("The webhook takes calls again." if active else "The webhook refuses calls now.")
    return go("imports.runs")
