"""The list of work items: mine, my groups', all that I may see."""

from dataclasses import dataclass
from typing import Literal, cast

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import WorkItemFilter, WorkItemRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, go_back, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.tasks.blueprint import blueprint
from web.tasks.words import Words, first_words

SCOPES = (("mine", "Mine"), ("groups", "My groups"), ("all", "All I may see"))
STATUSES = (("open", "open"), ("completed", "completed"), ("cancelled", "withdrawn"))
Scope = Literal["mine", "groups", "all"]
Status = Literal["open", "completed", "cancelled"]


@dataclass(frozen=True)
class TaskRow:
    item: WorkItemRow
    words: Words | None
    mine: bool
    clock: float | None
    """Share of the time until it is due that has gone by; None when nothing is due."""


@dataclass(frozen=True)
class TasksPage:
    scopes: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    rows: tuple[TaskRow, ...]
    after: int | None
    scope: str
    text: str
    address: str


@blueprint.get("")
@needs(Permission.WORK)
def tasks() -> str:
    scope = _one_of(SCOPES, request.args.get("scope", ""), default="groups")
    status = _one_of(STATUSES, request.args.get("status", ""), default="open")
    process, text = request.args.get("process", ""), request.args.get("text", "").strip()
    wanted = WorkItemFilter(
        scope=cast("Scope", scope if status == "open" else "all" if scope == "groups" else scope),
        status=cast("Status", status),
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
            rows=_with_words(work(), found.rows),
            after=found.after,
            scope=scope,
            text=text,
            address=here(),
        ),
    )


def _one_of(choices: tuple[tuple[str, str], ...], wanted: str, *, default: str) -> str:
    return wanted if wanted in dict(choices) else default


def _process_choices(chosen: str) -> tuple[Choice, ...]:
    live = [each for each in queries.list_definitions(work()) if each.live_version_id or each.key == chosen]
    every = Choice("all", here(process=None), not chosen)
    return (every, *(Choice(each.name, here(process=each.key), each.key == chosen) for each in live))


def _with_words(unit: Work, items: tuple[WorkItemRow, ...]) -> tuple[TaskRow, ...]:
    words, person = first_words(unit, [item.instance_id for item in items]), actor().user_id
    return tuple(
        TaskRow(item, words.get(item.instance_id), item.assignee_id == person, _clock(unit, item)) for item in items
    )


def _clock(unit: Work, item: WorkItemRow) -> float | None:
    if item.due_at is None:
        return None
    whole = (item.due_at - item.created_at).total_seconds()
    return 1.0 if whole <= 0 else max(0.0, (unit.now() - item.created_at).total_seconds() / whole)


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


@blueprint.post("/<int:item_id>/assignee")
@needs(Permission.WORK)
def assign(item_id: int) -> Response:
    """Hand the work item over to a colleague."""
    username = request.form.get("username", "")
    user = next((each for each in colleagues(work(), item_id) if each.username == username), None)
    if user is None:
        raise InvalidInputError("This colleague does not work on such items.", remedy="Choose one of the list.")
    engine.assign(work(), item_id, user.id)
    say(f"{user.display_name} has it now.")
    return go("tasks.tasks")


def colleagues(unit: Work, item_id: int) -> list[User]:
    """Who else may have the work item: people who work on items and are in its group, if it has one."""
    group = queries.get_work_item(unit, item_id).row.group_key
    return [
        user
        for user in identity.list_users(unit)
        if user.active
        and user.id != unit.actor.user_id
        and may(identity.actor_of(user), Permission.WORK)
        and (group is None or group in {each.key for each in user.groups})
    ]


def _undo(verb: str, item_id: int) -> str:
    return url_for(f"tasks.{verb}", item_id=item_id)


def fingerprint(unit: Work) -> str:
    """Changes when what stands at the top of the person's list does; as flat in cost as the list itself."""
    return queries.work_items_mark(unit, limit=SIZE)
