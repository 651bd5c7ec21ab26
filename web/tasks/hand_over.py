"""A task changes hands: handed over with a note, delegated and given back, taken by a deputy, undone."""

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
from web.core.rendering import go, say
from web.core.request_context import work
from web.core.security import needs
from web.tasks.blueprint import blueprint


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


def other_groups(unit: Work, group: str | None) -> list[tuple[str, str]]:
    """(key, name) of the groups with somebody in them who works on tasks, without this one."""
    peopled = {
        each.key
        for user in identity.list_users(unit)
        if user.active and may(identity.actor_of(user), Permission.WORK)
        for each in user.groups
    }
    return [(each.key, each.name) for each in identity.list_groups(unit) if each.key in peopled - {group}]


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
    say(_("Given back."), undo=url_for("tasks.undo_hand_over", hand_over_id=made))
    return go("tasks.tasks")


@blueprint.post("/<int:item_id>/stand-in")
@needs(Permission.WORK)
def stand_in(item_id: int) -> Response:
    made = teamwork.take_as_deputy(work(), item_id)
    say(_("Taken: you stand in."), undo=url_for("tasks.undo_hand_over", hand_over_id=made))
    return go("tasks.task", item_id=item_id)


@blueprint.post("/hand-overs/<int:hand_over_id>/undo")
@needs(Permission.WORK)
def undo_hand_over(hand_over_id: int) -> Response:
    item_id = teamwork.undo_hand_over(work(), hand_over_id)
    say(_("Undone: the task is where it was."))
    return go("tasks.task", item_id=item_id)


def _recipient(item_id: int) -> tuple[Recipient, str]:
    """Who was chosen, and their name."""
    kind, _colon, key = request.form.get("to", "").partition(":")
    if kind == "group":
        for group, name in other_groups(work(), queries.get_work_item(work(), item_id).row.group_key):
            if group == key:
                return Recipient(group=group), name
    user = next((each for each in colleagues(work(), item_id) if kind == "person" and each.username == key), None)
    if user is None:
        raise InvalidInputError(_("Nobody of that name works on such tasks."), remedy=_("Choose one of the list."))
    return Recipient(user.id), user.display_name
