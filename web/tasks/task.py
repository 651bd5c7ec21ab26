"""One work item: the customer's words, the form, and where this is in the process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask import make_response, request
from flask_login import current_user
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.audit import Thing
from bpm.engine import api as engine
from bpm.engine import queries, teamwork
from bpm.engine.queries import HistoryRow, KnownFact, WorkItemDetail, WorkItemFilter, WorkItemRow
from bpm.engine.status import WorkItemStatus
from bpm.engine.task_models import Passing
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes.queries import OpenedCase, cases_opened_with, find_item_of_instance
from bpm.processes.similar_cases import SimilarCase, similar_cases
from web.core.on_record.reads import note_read
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.instances.instance import drawing, shown
from web.promises.panel import PromisesPanel, panel_of
from web.tasks.blueprint import blueprint
from web.tasks.hand_over import Takers, takers
from web.tasks.talk import Talk, talk_of
from web.tasks.task_form import answers_of, drawn, entered, fixed, reacts, told
from web.ui.diagrams import Diagram
from web.ui.fields import DrawnSection
from web.ui.task_dates import local_input, priority_choices

PARTS = (("words", "Customer"), ("form", "Form"), ("context", "Context"))
BEFORE = 12
"""Visits shown of what happened before."""


@dataclass(frozen=True)
class TaskPage:
    detail: WorkItemDetail
    mine: bool
    can_write: bool
    sections: Sequence[DrawnSection]
    reacts: bool
    """Whether what is asked depends on what is entered."""
    facts: tuple[KnownFact, ...]
    """What a person needs to know, and what of it is missing."""
    answers: tuple[tuple[str, str], ...]
    """(label, answer) of a task that is done."""
    saved: bool
    stream: Any
    """The conversation that set this off, or None."""
    item_id: int | None
    promises: PromisesPanel | None
    opened: tuple[OpenedCase, ...]
    """The cases that the same words opened, this one among them."""
    diagram: Diagram
    before: tuple[HistoryRow, ...]
    variables: tuple[tuple[str, str], ...]
    parts: tuple[Choice, ...]
    part: str
    colleagues: tuple[tuple[str, str], ...]
    """(user name, name) of those to whom it can be handed over."""
    groups: tuple[tuple[str, str], ...]
    """(key, name) of the groups to which it can be handed over."""
    owner: str
    """Name of who delegated it to the viewer and gets it back; empty for any other task."""
    stands_in: bool
    """Whether the viewer stands in for who has it."""
    whose: str
    """Name of the person whose task it is or was, where their deputy took it or an operator completed it."""
    talk: Talk
    similar: tuple[tuple[SimilarCase, tuple[tuple[str, str], ...]], ...]
    """Finished cases that are like this one, each with what was entered there."""
    priorities: tuple[tuple[int, str, bool], ...]
    """(number, word, whether it is the one now)"""
    due: str
    follow_up: str
    """As fields hold them, in the reader's zone."""
    problem: str = ""


@blueprint.get("/<int:item_id>")
@needs(Permission.WORK)
def task(item_id: int) -> str:
    detail = queries.get_work_item(work(), item_id)
    about = f"case {detail.row.instance_id}"
    note_read("task.read", Thing("task", item_id, detail.row.name or f"Task {item_id}", about))
    return _page(detail, detail.draft or detail.result or {})


def _page(
    detail: WorkItemDetail, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, problem: str = ""
) -> str:
    row = detail.row
    history = queries.instance_history(work(), row.instance_id)
    part = request.args.get("part", "form")
    mine = row.assignee_id == actor().user_id
    stands_in = not mine and _stands_in(row)
    item_id = find_item_of_instance(work(), row.instance_id)
    others = takers(work(), row.group_key) if mine else Takers()
    stream = _stream(work(), item_id)
    talk = talk_of(work(), row)
    page = TaskPage(
        detail=detail,
        mine=mine,
        can_write=row.status == WorkItemStatus.OPEN and (mine or stands_in or row.assignee_id is None),
        sections=drawn(detail, values, errors=errors),
        reacts=reacts(detail),
        facts=detail.facts,
        answers=answers_of(detail) if detail.result is not None else (),
        saved=detail.draft is not None,
        stream=stream,
        item_id=item_id,
        promises=_promises(stream, item_id),
        opened=() if item_id is None else cases_opened_with(work(), row.instance_id),
        diagram=_drawing(detail.drawn_version_id, history, row.element),
        before=tuple(each for each in reversed(history) if each.uid != detail.uid)[:BEFORE],
        variables=shown(detail.variables),
        parts=tuple(Choice(label, here(part=key), part == key) for key, label in PARTS),
        part=part if part in dict(PARTS) else "form",
        colleagues=tuple((each.username, each.display_name) for each in others.people),
        groups=others.groups,
        owner=detail.owner if mine else "",
        stands_in=stands_in,
        whose=detail.completed_for or _taken_from(talk, row),
        talk=talk,
        similar=() if item_id is None else _similar(detail),
        priorities=priority_choices(row.priority),
        due=local_input(row.due_at),
        follow_up=local_input(row.follow_up_at),
        problem=problem,
    )
    return render("tasks/task.html", page)


def _similar(detail: WorkItemDetail) -> tuple[tuple[SimilarCase, tuple[tuple[str, str], ...]], ...]:
    row = detail.row
    found = similar_cases(work(), row.element, version_id=detail.drawn_version_id, instance_id=row.instance_id)
    return tuple((each, told(detail, each.answers)) for each in found)


def _stands_in(row: WorkItemRow) -> bool:
    if row.status != WorkItemStatus.OPEN or row.assignee_id is None:
        return False
    return teamwork.stands_in_for(work(), row.assignee_id)


def _taken_from(talk: Talk, row: WorkItemRow) -> str:
    """Whose the task was when the deputy who has it took it; empty where it went on since."""
    given = (said.hand_over for said in talk.entries if said.hand_over is not None and said.item_id == row.id)
    last = next((each for each in given if each.undone_at is None), None)
    return last.whose if last is not None and last.kind == Passing.STOOD_IN else ""


def _stream(unit: Work, item_id: int | None) -> Any:
    return None if item_id is None else feedback.queries.conversation_of(unit, item_id)


def _promises(stream: Any, item_id: int | None) -> PromisesPanel | None:
    """Those to the customer of this case; nobody's where the case has none."""
    if stream is None or not may(actor(), Permission.SEE_FEEDBACK):
        return None
    said = (each.item for each in stream.entries if each.item is not None and each.item_id == item_id)
    item = next(said, None)
    return panel_of(item.customer_id if item else None, item_id=item_id)


def _drawing(version_id: int, history: Sequence[HistoryRow], element: str) -> Diagram:
    found = drawing(version_id, history)
    return Diagram(source=found.source, marks={**found.marks, element: "here"})


@blueprint.post("/<int:item_id>/draft")
@needs(Permission.WORK)
def save_draft(item_id: int) -> Response:
    """Keeps what was typed so far, readable or not; answers without a page."""
    values, problems = entered(queries.get_work_item(work(), item_id))
    engine.save_draft(work(), item_id, {name: value for name, value in values.items() if name not in problems})
    if "button" in request.form:
        say("Draft saved.")
        return go("tasks.task", item_id=item_id)
    return make_response("", 204)


@blueprint.post("/<int:item_id>/form")
@needs(Permission.WORK)
def redraw(item_id: int) -> str:
    """The form as it stands for what was entered so far; nothing is kept."""
    detail = queries.get_work_item(work(), item_id)
    values, problems = entered(detail)
    return _page(detail, values, errors=problems)


@blueprint.post("/<int:item_id>/completion")
@needs(Permission.WORK)
def complete(item_id: int) -> Response | tuple[str, int]:
    detail = queries.get_work_item(work(), item_id)
    values, problems = entered(detail)
    if problems:
        return _page(detail, values, errors=problems, problem=_("Some fields cannot be read.")), 400
    try:
        engine.complete(work(), item_id, {**fixed(detail, values), **values}, by_form=True)
    except InvalidInputError as error:
        if not error.fields:
            raise
        return _page(detail, values, errors=error.fields, problem=error.message), 400
    say(_("Completed: %(task)s.") % {"task": detail.row.name or detail.row.element})
    return _onward(item_id)


def _onward(item_id: int) -> Response:
    """Where the person wants to be after a task: at the next one (theirs first), there, or in the list."""
    wish = current_user.bearer.after_task
    if wish == "stay":
        return go("tasks.task", item_id=item_id)
    scopes: tuple[Literal["mine", "groups"], ...] = ("mine", "groups") if wish == "next" else ()
    for scope in scopes:
        for row in queries.list_work_items(work(), WorkItemFilter(scope=scope), limit=1).rows:
            return go("tasks.task", item_id=row.id)
    if wish == "next":
        say(_("Nothing else waits for you."))
    return go("tasks.tasks")
