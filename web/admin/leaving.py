"""Somebody leaves: what is theirs is shown, handed over with a reason, and they are switched off, in one act."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity, processes
from bpm.engine import api as engine
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User
from web.admin.blueprint import blueprint
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs


@dataclass(frozen=True)
class LeavingPage:
    id: int
    name: str
    tasks: tuple[tuple[int, str], ...]
    triggers: tuple[str, ...]
    alone_for: tuple[str, ...]
    """Departments for which nobody else signs."""
    people: tuple[tuple[int, str], ...]
    groups: tuple[tuple[str, str], ...]


@blueprint.get("/people/<int:user_id>/leaving")
@needs(Permission.ADMIN)
def leaving(user_id: int) -> str:
    unit, user = work(), identity.get_user(work(), user_id)
    return render(
        "admin/leaving.html",
        LeavingPage(
            id=user.id,
            name=user.display_name,
            tasks=tuple((item.id, item.name) for item in engine.held_by(unit, user_id)),
            triggers=tuple(trigger.name for trigger in processes.list_triggers_of(unit, user_id)),
            alone_for=_alone_for(unit, user_id),
            people=tuple((other.id, other.display_name) for other in _others(unit, user_id)),
            groups=tuple((group.key, group.name) for group in identity.list_groups(unit)),
        ),
    )


def _others(unit: Work, leaving_id: int) -> list[User]:
    """Who can take the work over."""
    return [user for user in identity.list_users(unit) if user.active and user.id != leaving_id]


def _alone_for(unit: Work, user_id: int) -> tuple[str, ...]:
    """Departments that sign versions and would have nobody left who may."""
    actors = identity.find_actors(unit)
    signers = {number: actor for number, actor in actors.items() if may(actor, Permission.SIGN)}
    mine = signers.pop(user_id).groups if user_id in signers else frozenset()
    others = frozenset[str]().union(*(actor.groups for actor in signers.values()))
    return tuple(name for name in engine.signing_departments(unit) if name in mine - others)


@blueprint.post("/people/<int:user_id>/leaving")
@needs(Permission.ADMIN, proof=True)
def leave(user_id: int) -> Response:
    """Field `to`: "person 7", "group service", or "own groups": each task back to the group it is offered to."""
    unit, reason = work(), request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInputError(_("Nothing was changed."), remedy=_("Say why."), fields={"reason": _("Say why.")})
    kind, _space, key = request.form.get("to", "").partition(" ")
    person = int(key) if kind == "person" and key.isdecimal() else None
    group = identity.find_group(unit, key) if kind == "group" else None
    moved = engine.hand_over_all(
        unit, user_id, reason=reason, to_person=person, to_group=group.key if group is not None else None
    )
    if person is not None:
        processes.give_triggers(unit, user_id, to=person, reason=reason)
    identity.deactivate(unit, user_id, reason=reason)
    name = identity.get_user(unit, user_id).display_name
    tasks = ngettext("%(num)s task", "%(num)s tasks", moved) % {"num": moved}
    say(_("%(name)s is switched off; %(tasks)s handed over.") % {"name": name, "tasks": tasks})
    return go("admin.person", user_id=user_id)
