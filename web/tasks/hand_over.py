"""A task changes hands: handed over with a note, delegated and given back, taken by a deputy, undone."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import queries, teamwork
from bpm.engine.teamwork import Recipient
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User
from web.core.numbers import key_of
from web.core.rendering import go, go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.core.targets import is_safe
from web.tasks.blueprint import blueprint

MOST = 50
"""Tasks at once: a page of the list."""


@dataclass(frozen=True)
class Takers:
    """Who else may have a work item."""

    people: tuple[User, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    """(key, name)"""


def takers(unit: Work, group: str | None) -> Takers:
    """People who work on tasks and are in the item's group, if it has one; other groups with such people in them."""
    workers = [
        user for user in identity.list_users(unit) if user.active and may(identity.actor_of(user), Permission.WORK)
    ]
    peopled = {(each.key, each.name) for user in workers for each in user.groups if each.key != group}
    fitting = (user for user in workers if group is None or group in {each.key for each in user.groups})
    return Takers(tuple(user for user in fitting if user.id != unit.actor.user_id), tuple(sorted(peopled)))


@blueprint.post("/<int:item_id>/assignee")
@needs(Permission.WORK)
def assign(item_id: int) -> Response:
    """Hand the task over to a colleague or to another group, with a note."""
    recipient, name = _recipient(item_id)
    made = teamwork.hand_over(work(), item_id, recipient, text=request.form.get("note", ""))
    say(_("Handed over to %(name)s.") % {"name": name}, undo=url_for("tasks.undo_hand_over", hand_over_id=made))
    return go("tasks.tasks")


@blueprint.post("/<int:item_id>/delegation")
@needs(Permission.WORK)
def delegate(item_id: int) -> Response:
    """Ask a colleague for help: the task comes back."""
    recipient, name = _recipient(item_id)
    if recipient.user_id is None:
        raise InvalidInputError(
            _("A group cannot be asked for help with one task."), remedy=_("Choose a person, or hand it over.")
        )
    made = teamwork.delegate(work(), item_id, recipient.user_id, text=request.form.get("note", ""))
    words = _("%(name)s works on it and gives it back to you.") % {"name": name}
    say(words, undo=url_for("tasks.undo_hand_over", hand_over_id=made))
    return go("tasks.task", item_id=item_id)


@blueprint.post("/<int:item_id>/return")
@needs(Permission.WORK)
def give_back(item_id: int) -> Response:
    made = teamwork.give_back(work(), item_id, text=request.form.get("note", ""))
    who = teamwork.recipient_of(work(), made)
    say(
        _("Given back to %(who)s.") % {"who": who} if who else _("Given back: anybody may claim it."),
        undo=url_for("tasks.undo_hand_over", hand_over_id=made),
    )
    return go("tasks.tasks")


@blueprint.post("/<int:item_id>/stand-in")
@needs(Permission.WORK)
def stand_in(item_id: int) -> Response:
    made = teamwork.take_as_deputy(work(), item_id)
    say(_("Taken: you stand in."), undo=url_for("tasks.undo_hand_over", hand_over_id=made))
    return go_back("tasks.task", item_id=item_id)


@blueprint.post("/hand-overs/<int:hand_over_id>/undo")
@needs(Permission.WORK)
def undo_hand_over(hand_over_id: int) -> Response:
    item_id = teamwork.undo_hand_over(work(), hand_over_id)
    say(_("Undone: the task is where it was."))
    return go("tasks.task", item_id=item_id)


@dataclass(frozen=True)
class ChoosePage:
    """Who gets the chosen tasks."""

    tasks: tuple[tuple[int, str, str], ...]
    """(id, name, case)"""
    people: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]
    back: str


@blueprint.post("/many/recipients")
@needs(Permission.WORK)
def choose_recipient() -> str:
    """People and groups to choose from, for the tasks that were ticked; nothing is changed yet."""
    ids = [key for key in map(key_of, request.form.getlist("task")) if key is not None][:MOST]
    if not ids:
        raise InvalidInputError(_("No task was chosen."), remedy=_("Tick the tasks first."))
    back = request.form.get("next", "")
    rows = [queries.get_work_item(work(), item_id).row for item_id in dict.fromkeys(ids)]
    offered = [takers(work(), group) for group in {row.group_key for row in rows}]
    people = {(user.username, user.display_name) for each in offered for user in each.people}
    groups = {group for each in offered for group in each.groups}
    return render(
        "tasks/recipients.html",
        ChoosePage(
            tasks=tuple((row.id, row.name or row.element, row.business_key or row.process_name) for row in rows),
            people=tuple(sorted(people, key=lambda each: each[1].casefold())),
            groups=tuple(sorted(groups, key=lambda each: each[1].casefold())),
            back=back if is_safe(back) else "",
        ),
    )


def _recipient(item_id: int) -> tuple[Recipient, str]:
    return recipient(work(), item_id, request.form.get("to", ""))


def recipient(unit: Work, item_id: int, chosen: str) -> tuple[Recipient, str]:
    """Who was chosen for that task (`person:` and a user name, or `group:` and a key), and their name."""
    kind, _colon, key = chosen.partition(":")
    offered = takers(unit, queries.get_work_item(unit, item_id).row.group_key)
    if kind == "group":
        for group, name in offered.groups:
            if group == key:
                return Recipient(group=group), name
    user = next((each for each in offered.people if kind == "person" and each.username == key), None)
    if user is None:
        raise InvalidInputError(_("Nobody of that name works on such tasks."), remedy=_("Choose one of the list."))
    return Recipient(user.id), user.display_name
