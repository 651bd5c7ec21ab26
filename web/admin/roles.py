"""Roles: those that come with Earshot, and one's own as sets of permissions."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.texts import _
from bpm.identity import PERMISSION_WORDS, ROLES, Permission
from web.admin.blueprint import blueprint
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs


@dataclass(frozen=True)
class RoleRow:
    key: str
    name: str
    own: bool
    permissions: frozenset[str]


@dataclass(frozen=True)
class RolesPage:
    rows: tuple[RoleRow, ...]
    permissions: tuple[tuple[str, str], ...]
    """(permission, in words)"""
    changing: RoleRow | None


@blueprint.get("/roles")
@needs(Permission.ADMIN)
def roles() -> str:
    ours = (
        RoleRow(key, key.replace("_", " "), own=False, permissions=frozenset(map(str, allowed)))
        for key, allowed in ROLES.items()
    )
    own = (
        RoleRow(role.key, role.name, own=True, permissions=frozenset(role.permissions))
        for role in identity.list_own_roles(work())
    )
    rows = (*ours, *own)
    wanted = request.args.get("role", "")
    changing = next((row for row in rows if row.own and row.key == wanted), None)
    words = tuple((str(permission), _(text)) for permission, text in PERMISSION_WORDS.items())
    return render("admin/roles.html", RolesPage(rows, words, changing))


@blueprint.post("/roles")
@needs(Permission.ADMIN, proof=True)
def save_role() -> Response:
    form = request.form
    identity.save_role(work(), form.get("name", ""), form.getlist("permissions"), key=form.get("role", ""))
    say(_("Saved."))
    return go("admin.roles")


@blueprint.post("/roles/drop")
@needs(Permission.ADMIN, proof=True)
def drop_role() -> Response:
    identity.drop_role(work(), request.form.get("role", ""))
    say(_("The role is gone."))
    return go("admin.roles")
