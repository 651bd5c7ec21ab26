"""Who has which roles where: read for one person, granted, and taken back."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Table, or_, select

from bpm.foundation.work import Actor, Work
from bpm.identity.access_models import AccessGrant, OwnRole
from bpm.identity.models import Group, GroupAlias, Membership, User
from bpm.identity.permissions import Grant, Scope, ScopeKind, granted

USER, MEMBERSHIP, GROUP, ALIAS, GRANT, ROLE = (
    cast("Table", each.__table__) for each in (User, Membership, Group, GroupAlias, AccessGrant, OwnRole)
)

PERSON = (
    USER.c.id, USER.c.username, USER.c.display_name, USER.c.roles, GROUP.c.key.label("group_key"),
    GRANT.c.role, GRANT.c.scope_kind, GRANT.c.scope_key, GRANT.c.expires_at, ROLE.c.permissions,
)  # fmt: skip
"""What makes an actor: a row for each group and each grant of the person, one where there is neither."""
FROM_PERSON = (
    USER.outerjoin(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id)
    .outerjoin(GROUP, GROUP.c.id == MEMBERSHIP.c.group_id)
    .outerjoin(GRANT, or_(GRANT.c.user_id == USER.c.id, GRANT.c.group_id == GROUP.c.id))
    .outerjoin(ROLE, ROLE.c.key == GRANT.c.role)
)


def actor_from(work: Work, rows: Iterable[Any]) -> Actor:
    """The person of rows of `PERSON`, with what is granted now."""
    rows = list(rows)
    first = rows[0]
    grants = {
        Grant(
            row.role,
            Scope(ScopeKind(row.scope_kind), row.scope_key),
            row.expires_at,
            None if row.permissions is None else tuple(row.permissions),
        )
        for row in rows
        if row.role is not None
    }
    everywhere, scoped = granted(grants, work.now())
    return Actor(
        user_id=first.id,
        name=first.username,
        display_name=first.display_name,
        roles=frozenset(first.roles),
        groups=frozenset(row.group_key for row in rows if row.group_key is not None),
        permissions=everywhere,
        scoped=scoped,
    )


def find_actors(work: Work, user_ids: Iterable[int] | None = None) -> dict[int, Actor]:
    """{id: the person as one who acts} of these active people, or of all; in two statements at most."""
    query = select(*PERSON).select_from(FROM_PERSON).where(USER.c.active)
    if user_ids is not None:
        query = query.where(USER.c.id.in_(list(user_ids)))
    rows: dict[int, list[Any]] = {}
    for row in work.session.execute(query):
        rows.setdefault(row.id, []).append(row)
    return {user_id: actor_from(work, each) for user_id, each in rows.items()}
