"""The list of work items: mine, my groups', all that I may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from flask import request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import WorkItemFilter, WorkItemRow
from bpm.engine.status import WorkItemStatus
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go_back, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.tasks.blueprint import blueprint
from web.tasks.rows import TaskRow, draw_rows
from web.tasks.words import first_words

SCOPES = (("mine", "Mine"), ("groups", "My groups"), ("all", "All I may see"))
STATUSES = (
    (WorkItemStatus.OPEN, "open"),
    (WorkItemStatus.COMPLETED, "completed"),
    (WorkItemStatus.CANCELLED, "withdrawn"),
)
Scope = Literal["mine", "groups", "all"]


@dataclass(frozen=True)
class TasksPage:
    scopes: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    rows: Markup
    """The rows of the table; empty when there are none."""
    after: int | None
    scope: str
    text: str


@blueprint.get("")
@needs(Permission.WORK)
def tasks() -> str:
    scope = _one_of(SCOPES, request.args.get("scope", ""), default="groups")
    status = _one_of(STATUSES, request.args.get("status", ""), default=WorkItemStatus.OPEN)
    process, text = request.args.get("process", ""), request.args.get("text", "").strip()
    wanted = WorkItemFilter(
        scope=cast("Scope", scope if status == WorkItemStatus.OPEN else "all" if scope == "groups" else scope),
        status=WorkItemStatus(status),
        process=process or None,
        text=text,
        after=after(),
    )
    found = queries.list_work_items(work(), wanted, limit=SIZE)
    return render(
        "tasks/tasks.html",
        TasksPage(
            scopes=tuple(Choice(label, here(scope=key), scope == key) for key, label in SCOPES),
            statuses=tuple(Choice(label, here(status=key), status == key) for key, label in STATUSES),
            processes=_process_choices(process),
            rows=draw_rows(_with_words(work(), found.rows), tasks=url_for("tasks.tasks"), back=here()),
            after=found.after,
            scope=scope,
            text=text,
        ),
    )


def _one_of(choices: Sequence[tuple[str, str]], wanted: str, *, default: str) -> str:
    return wanted if wanted in dict(choices) else default


def _process_choices(chosen: str) -> tuple[Choice, ...]:
    live = [each for each in queries.list_definitions(work()) if each.live_version_id or each.key == chosen]
    every = Choice("all", here(process=None), not chosen)
    return (every, *(Choice(each.name, here(process=each.key), each.key == chosen) for each in live))


def _with_words(unit: Work, items: tuple[WorkItemRow, ...]) -> tuple[TaskRow, ...]:
    words, person = first_words(unit, [item.instance_id for item in items]), actor().user_id
    now = unit.now()
    return tuple(
        TaskRow(item, words.get(item.instance_id), item.assignee_id == person, _clock(now, item)) for item in items
    )


def _clock(now: datetime, item: WorkItemRow) -> float | None:
    if item.due_at is None:
        return None
    whole = (item.due_at - item.created_at).total_seconds()
    return 1.0 if whole <= 0 else max(0.0, (now - item.created_at).total_seconds() / whole)


@blueprint.post("/<int:item_id>/claim")
@needs(Permission.WORK)
def claim(item_id: int) -> Response:
    engine.claim(work(), item_id)
    say("It is yours.", undo=_undo("release", item_id))
    return go_back("tasks.task", item_id=item_id)


@blueprint.post("/<int:item_id>/release")
@needs(Permission.WORK)
def release(item_id: int) -> Response:
    engine.release(work(), item_id)
    say("Released: your group can take it.", undo=_undo("claim", item_id))
    return go_back("tasks.task", item_id=item_id)


def _undo(verb: str, item_id: int) -> str:
    return url_for(f"tasks.{verb}", item_id=item_id)


def fingerprint(unit: Work) -> str:
    """Changes when what stands at the top of the person's list does; as flat in cost as the list itself."""
    return queries.work_items_mark(unit, limit=SIZE)
