"""Groups: made, renamed, filled, merged, and the names of lanes that stand for them."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import api as engine
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Holder, Permission
from bpm.identity.groups import GroupRow
from bpm.identity.models import User
from bpm.identity.roles import GrantRow
from web.admin.blueprint import blueprint
from web.core.rendering import go, go_back, render, say
from web.core.request_context import work
from web.core.security import needs


@dataclass(frozen=True)
class GroupsPage:
    rows: tuple[GroupRow, ...]
    name: str
    """Of a group to be made, as a link to this page suggests it."""


@dataclass(frozen=True)
class GroupPage:
    row: GroupRow
    people: tuple[tuple[int, str, bool], ...]
    """(id, name, whether they are in it)"""
    others: tuple[GroupRow, ...]
    grants: tuple[GrantRow, ...]


@blueprint.get("/groups")
@needs(Permission.ADMIN)
def groups() -> str:
    rows = tuple(identity.list_group_rows(work()))
    return render("admin/groups.html", GroupsPage(rows, request.args.get("name", "")[:200]))


@blueprint.post("/groups")
@needs(Permission.ADMIN, proof=True)
def create_group() -> Response:
    group = identity.create_group(work(), request.form.get("name", ""))
    say(_("The group %(name)s is made. Put people in it.") % {"name": group.name})
    return go("admin.group", group_id=group.id)


@blueprint.get("/groups/<int:group_id>")
@needs(Permission.ADMIN)
def group(group_id: int) -> str:
    identity.get_group(work(), group_id)
    rows = identity.list_group_rows(work())
    row = next(each for each in rows if each.id == group_id)
    people = tuple(
        (user.id, user.display_name, group_id in {each.id for each in user.groups})
        for user in identity.list_users(work())
        if user.active
    )
    others = tuple(each for each in rows if each.id != group_id)
    grants = tuple(identity.list_grants(work(), holder=Holder(group_id=group_id)))
    return render("admin/group.html", GroupPage(row, people, others, grants))


@blueprint.post("/groups/<int:group_id>")
@needs(Permission.ADMIN, proof=True)
def change_group(group_id: int) -> Response:
    identity.rename_group(work(), group_id, request.form.get("name", ""))
    active = {user.id for user in identity.list_users(work()) if user.active}
    gone = {user.id for user in identity.list_users(work()) if not user.active and _is_in(user, group_id)}
    chosen = {int(each) for each in request.form.getlist("members") if each.isdecimal()} & active
    identity.set_members(work(), group_id, chosen | gone)
    say(_("Saved."))
    return go("admin.group", group_id=group_id)


def _is_in(user: User, group_id: int) -> bool:
    return group_id in {each.id for each in user.groups}


@blueprint.post("/groups/<int:group_id>/merge")
@needs(Permission.ADMIN, proof=True)
def merge_group(group_id: int) -> Response:
    """Into the group of the field `into`; open tasks go with it."""
    key = identity.get_group(work(), group_id).key
    into = identity.merge_groups(work(), group_id, into=_number("into"))
    engine.offer_elsewhere(work(), key, into.key)
    say(_("Merged into %(name)s. Its name stands for that group from now on.") % {"name": into.name})
    return go("admin.group", group_id=into.id)


@blueprint.post("/lanes")
@needs(Permission.ADMIN, proof=True)
def map_lane() -> Response:
    """Let a name by which models offer work stand for a group, or make the group; open tasks go there."""
    name, written = request.form.get("lane", "").strip(), request.form.get("written", "").strip()
    if not name:
        raise InvalidInputError(_("Nothing was changed."), remedy=_("Give the name of the lane."))
    if request.form.get("group") == "new":
        group = identity.find_group(work(), name) or identity.create_group(work(), written or name, key=name)
        say(_("The group %(name)s is made. Put people in it.") % {"name": group.name})
        return go("admin.group", group_id=group.id)
    group = identity.map_alias(work(), name, _number("group"))
    engine.offer_elsewhere(work(), name, group.key)
    say(_("%(lane)s stands for %(name)s from now on.") % {"lane": written or name, "name": group.name})
    return go_back("admin.group", group_id=group.id)


@blueprint.post("/lanes/drop")
@needs(Permission.ADMIN, proof=True)
def unmap_lane() -> Response:
    identity.drop_alias(work(), request.form.get("lane", ""))
    say(_("The name stands for this group no more; tasks that are here stay."))
    return go_back("admin.groups")


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not text.isdecimal():
        raise InvalidInputError(_("Nothing was changed."), remedy=_("Choose a group."))
    return int(text)
