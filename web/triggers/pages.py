"""The designer's triggers: a sentence to fill in, and live below it the items that would have fired it."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm import processes
from bpm.engine import queries as engine_queries
from bpm.feedback import queries as feedback_queries
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import Conditions, TriggerDraft, TryOut, queries
from bpm.processes.queries import FiringRow, TriggerRow
from web.core import idempotency
from web.core.paging import after
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.triggers.forms import Inputs, drafted, inputs_of, topics_of

blueprint = Blueprint("triggers", __name__, url_prefix="/processes/<key>/triggers")

LOOK_BACK_DAYS = 30
SIZE = 20
"""Firings of one page."""


@dataclass(frozen=True)
class TriggersPage:
    head: Head
    key: str
    live: bool
    rows: tuple[TriggerRow, ...]


@blueprint.get("")
@needs(Permission.SEE_PROCESSES)
def of_process(key: str) -> str:
    definition = engine_queries.get_definition(work(), key)
    rows = tuple(queries.list_triggers(work(), key=key))
    return render(
        "triggers/list.html",
        TriggersPage(
            head_of(key, engine_queries.list_versions(work(), key)),
            key,
            live=definition.live_version_id is not None,
            rows=rows,
        ),
    )


@dataclass(frozen=True)
class TriggerPage:
    key: str
    process_name: str
    trigger: TriggerRow | None
    inputs: Inputs
    tried: TryOut | None
    sentence: str
    days: int
    url: str
    firings: tuple[FiringRow, ...] = ()
    after: int | None = None
    error: str = ""


@blueprint.get("/new")
@needs(Permission.TRIGGERS)
def new(key: str) -> str:
    file_key, process_id = _names(work(), key)
    draft = TriggerDraft(file_key, Conditions(kinds=("complaint",)), process_id=process_id)
    return render("triggers/edit.html", _page(work(), key, draft=draft))


@blueprint.get("/<int:trigger_id>")
@needs(Permission.TRIGGERS)
def edit(key: str, trigger_id: int) -> str:
    row = _row(work(), key, trigger_id)
    return render("triggers/edit.html", _page(work(), key, draft=_draft_of(row), trigger=row))


@blueprint.post("/new")
@needs(Permission.TRIGGERS, unit="own")
def create(key: str) -> Response | str | tuple[str, int]:
    return _take(key, None)


@blueprint.post("/<int:trigger_id>")
@needs(Permission.TRIGGERS, unit="own")
def change(key: str, trigger_id: int) -> Response | str | tuple[str, int]:
    return _take(key, trigger_id)


def _take(key: str, trigger_id: int | None) -> Response | str | tuple[str, int]:
    """Try out (writes nothing) or save, by the button that was pressed; htmx tries out at every change."""
    try:
        with product().unit_of_work.reading(actor()) as reading:
            names = _names(reading, key)
        draft = drafted(*names, request.form)
    except InvalidInputError as error:
        return _again(key, trigger_id, error=error), 400
    if request.form.get("do") != "save":
        with product().unit_of_work.reading(actor()) as reading:
            row = _row(reading, key, trigger_id) if trigger_id else None
            return render("triggers/edit.html", _page(reading, key, draft=draft, trigger=row))
    try:
        with product().unit_of_work(actor()) as writing:
            if trigger_id:
                _row(writing, key, trigger_id)
            trigger = processes.save_trigger(writing, draft, trigger_id=trigger_id)
            answer = go("triggers.edit", key=key, trigger_id=trigger.id)
            idempotency.remember(writing, answer)
    except InvalidInputError as error:
        return _again(key, trigger_id, error=error), 400
    say("Saved." if trigger.active else "Saved. It fires once you switch it on.")
    return answer


def _again(key: str, trigger_id: int | None, *, error: InvalidInputError) -> str:
    """The form as it was filled in, with what does not fit beside its field."""
    with product().unit_of_work.reading(actor()) as reading:
        row = _row(reading, key, trigger_id) if trigger_id else None
        inputs = inputs_of(request.form, topics=_topics(reading), errors=error.fields)
        definition = engine_queries.get_definition(reading, key)
        page = TriggerPage(
            key=key,
            process_name=definition.name,
            trigger=row,
            inputs=inputs,
            tried=None,
            sentence="",
            days=LOOK_BACK_DAYS,
            url=_url(key, row),
            error=str(error),
        )
        return render("triggers/edit.html", page)


def _page(unit: Work, key: str, *, draft: TriggerDraft, trigger: TriggerRow | None = None) -> TriggerPage:
    definition = engine_queries.get_definition(unit, key)
    since = unit.now() - timedelta(days=LOOK_BACK_DAYS)
    found = queries.list_firings(unit, trigger.id, before=after(), limit=SIZE + 1) if trigger else []
    return TriggerPage(
        key=key,
        process_name=definition.name,
        trigger=trigger,
        inputs=inputs_of(draft, topics=_topics(unit)),
        tried=processes.try_out(unit, draft.conditions, since=since),
        sentence=processes.sentence(draft.conditions),
        days=LOOK_BACK_DAYS,
        url=_url(key, trigger),
        firings=tuple(found[:SIZE]),
        after=found[SIZE - 1].id if len(found) > SIZE else None,
    )


def _url(key: str, trigger: TriggerRow | None) -> str:
    if trigger is None:
        return url_for("triggers.create", key=key)
    return url_for("triggers.change", key=key, trigger_id=trigger.id)


def _topics(unit: Work) -> list[str]:
    return topics_of(feedback_queries.topics_in_use(unit))


def _row(unit: Work, key: str, trigger_id: int) -> TriggerRow:
    row = next((each for each in queries.list_triggers(unit, key=key) if each.id == trigger_id), None)
    if row is None:
        raise NotFoundError(f"The process “{key}” has no trigger {trigger_id}.")
    return row


def _names(unit: Work, key: str) -> tuple[str, str]:
    """Key of the file, and id of the process in it that triggers of this page start; "" for the one it is about."""
    definition = engine_queries.get_definition(unit, key)
    return definition.file_key, key if definition.file_of else ""


def _draft_of(row: TriggerRow) -> TriggerDraft:
    return TriggerDraft(
        definition_key=row.definition_key,
        process_id=row.process_id,
        conditions=row.conditions,
        fields=row.fields,
        name=row.name,
        action=row.action,
        message=row.message,
        key_field=row.key_field,
        while_running=row.while_running,
    )


@blueprint.post("/<int:trigger_id>/on")
@needs(Permission.TRIGGERS)
def on(key: str, trigger_id: int) -> Response:
    _row(work(), key, trigger_id)
    processes.switch_on(work(), trigger_id)
    say(
        "Switched on: it looks at each item classified from now on.",
        undo=url_for(".off", key=key, trigger_id=trigger_id),
    )
    return go("triggers.of_process", key=key)


@blueprint.post("/<int:trigger_id>/off")
@needs(Permission.TRIGGERS)
def off(key: str, trigger_id: int) -> Response:
    _row(work(), key, trigger_id)
    processes.switch_off(work(), trigger_id)
    say("Switched off: cases it started go on.", undo=url_for(".on", key=key, trigger_id=trigger_id))
    return go("triggers.of_process", key=key)
