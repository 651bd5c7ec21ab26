"""Roles of one's own, and roles granted to people and groups: everywhere or for one thing, perhaps for a time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from bpm.audit import Thing, record
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.access_models import AccessGrant, OwnRole
from bpm.identity.changes import ADMIN, refuse_own
from bpm.identity.models import Group, Membership, User
from bpm.identity.permissions import PERMISSION_WORDS, ROLES, Scope, ScopeKind


@dataclass(frozen=True)
class Holder:
    """Who is granted something: a person or a group, by number."""

    user_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True)
class GrantRow:
    """A grant for a list; `holder` in words."""

    id: int
    holder: str
    user_id: int | None
    group_id: int | None
    role: str
    scope: Scope
    expires_at: datetime | None
    ended: bool


def list_own_roles(work: Work) -> list[OwnRole]:
    return list(work.session.scalars(select(OwnRole).order_by(OwnRole.name)))


def role_names(work: Work) -> dict[str, str]:
    """{key: name} of every role that can be granted; administration cannot."""
    ours = {key: key.replace("_", " ") for key in ROLES if key != ADMIN}
    return ours | {role.key: role.name for role in list_own_roles(work)}


def save_role(work: Work, name: str, permissions: Iterable[str], *, key: str = "") -> OwnRole:
    """Make or change a role of one's own; InvalidInputError for a bad name or permission, ForbiddenError for a role
    that the actor has: nobody widens their own rights."""
    wanted = sorted(set(permissions))
    plain, made = name.strip()[:200], key or re.sub(r"[^\w]+", "-", name.strip().lower()).strip("-")[:60]
    if not plain or not made or made in ROLES:
        raise InvalidInputError(
            _("The role was not saved."),
            remedy=_("Give it a name of its own."),
            fields={"name": _("Give another name.")},
        )
    if not wanted or not set(wanted) <= set(PERMISSION_WORDS):
        raise InvalidInputError(
            _("The role was not saved."),
            remedy=_("Choose what it allows."),
            fields={"permissions": _("Choose at least one.")},
        )
    role = work.session.get(OwnRole, made)
    if role is not None and not key:
        raise InvalidInputError(
            _("There is a role of this name."), remedy=_("Change that one."), fields={"name": _("This name is taken.")}
        )
    if role is None:
        role = OwnRole(key=made, name=plain, permissions=[])
        work.session.add(role)
    _refuse_own_role(work, made)
    before = {"name": role.name, "permissions": list(role.permissions)}
    role.name, role.permissions = plain, wanted
    work.session.flush()
    record(work, "role.save", Thing("role", made, plain), before=before, after={"name": plain, "permissions": wanted})
    return role


def _refuse_own_role(work: Work, key: str) -> None:
    if not work.actor.is_person:
        return
    mine = select(Membership.group_id).where(Membership.user_id == work.actor.user_id)
    held = select(AccessGrant.id).where(
        AccessGrant.role == key, or_(AccessGrant.user_id == work.actor.user_id, AccessGrant.group_id.in_(mine))
    )
    if work.session.scalar(held.limit(1)) is not None:
        raise ForbiddenError(_("You have this role yourself."), remedy=_("Ask another administrator."))


def drop_role(work: Work, key: str) -> None:
    """Delete a role that nobody has; ConflictError when somebody does."""
    role = work.session.get(OwnRole, key)
    if role is None:
        raise NotFoundError(_("There is no such role."))
    if work.session.scalar(select(AccessGrant.id).where(AccessGrant.role == key).limit(1)) is not None:
        raise ConflictError(_("Somebody has this role."), remedy=_("Take it back from them first."))
    work.session.delete(role)
    work.session.flush()
    record(work, "role.drop", Thing("role", key, role.name), before={"permissions": list(role.permissions)})


def grant(work: Work, holder: Holder, role: str, *, scope: Scope, expires_at: datetime | None = None) -> AccessGrant:
    """Give a person or group a role; ForbiddenError for one's own self, InvalidInputError for a role that is none."""
    if role not in role_names(work) or (scope.kind is not ScopeKind.EVERYWHERE and not scope.key):
        raise InvalidInputError(_("Nothing was granted."), remedy=_("Choose a role, and what it is for."))
    if expires_at is not None and expires_at <= work.now():
        raise InvalidInputError(_("Nothing was granted."), remedy=_("Choose a day that is still to come."))
    _refuse_own_holder(work, holder)
    row = AccessGrant(
        user_id=holder.user_id,
        group_id=holder.group_id,
        role=role,
        scope_kind=str(scope.kind),
        scope_key="" if scope.kind is ScopeKind.EVERYWHERE else scope.key,
        expires_at=expires_at,
        granted_by=work.actor.user_id,
        granted_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    record(work, "grant.give", Thing("grant", row.id, role, _about(row)), after=_as_shown(row))
    return row


def _refuse_own_holder(work: Work, holder: Holder) -> None:
    if holder.user_id is not None:
        refuse_own(work, holder.user_id)
        return
    inside = select(Membership.user_id).where(
        Membership.group_id == holder.group_id, Membership.user_id == work.actor.user_id
    )
    if work.actor.is_person and work.session.scalar(inside) is not None:
        raise ForbiddenError(_("You are in this group yourself."), remedy=_("Ask another administrator."))


def revoke(work: Work, grant_id: int) -> None:
    """Take a grant back; it ends with the next page of whoever had it."""
    row = work.session.get(AccessGrant, grant_id)
    if row is None:
        raise NotFoundError(_("There is no such grant."), remedy=_("It may have been taken back already."))
    work.session.delete(row)
    work.session.flush()
    record(work, "grant.take_back", Thing("grant", grant_id, row.role, _about(row)), before=_as_shown(row))


def list_grants(work: Work, *, holder: Holder | None = None, scope: Scope | None = None) -> list[GrantRow]:
    """Grants with their holders' names, perhaps of one holder or for one thing, the newest first."""
    query = (
        select(AccessGrant, User.display_name, Group.name)
        .outerjoin(User, User.id == AccessGrant.user_id)
        .outerjoin(Group, Group.id == AccessGrant.group_id)
        .order_by(AccessGrant.id.desc())
        .limit(500)
    )
    if holder is not None:
        query = query.where(AccessGrant.user_id == holder.user_id, AccessGrant.group_id == holder.group_id)
    if scope is not None:
        query = query.where(AccessGrant.scope_kind == str(scope.kind), AccessGrant.scope_key == scope.key)
    return [
        GrantRow(
            row.id,
            person or group,
            row.user_id,
            row.group_id,
            row.role,
            Scope(ScopeKind(row.scope_kind), row.scope_key),
            row.expires_at,
            ended=row.expires_at is not None and row.expires_at <= work.now(),
        )
        for row, person, group in work.session.execute(query)
    ]


def _about(row: AccessGrant) -> str:
    return "" if row.user_id is None else f"person {row.user_id}"


def _as_shown(row: AccessGrant) -> dict[str, Any]:
    return {
        "user_id": row.user_id,
        "group_id": row.group_id,
        "role": row.role,
        "scope": f"{row.scope_kind} {row.scope_key}".strip(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }
