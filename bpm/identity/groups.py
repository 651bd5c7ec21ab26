"""Groups: made, renamed, merged, and the names of lanes that stand for them.

A model offers work by the name of a lane or an attribute; its key (see `bpm.engine.rules.group_keys`) is a group's own
key, or an alias of one. New work goes to the group at once; what waits under the alias's own key is moved by whoever
sets the alias, for identity knows no work.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.access_models import AccessGrant
from bpm.identity.models import Group, GroupAlias, Membership, User
from bpm.identity.noting import note_group

LONGEST_KEY = 80


@dataclass(frozen=True)
class GroupRow:
    """A group for a list: how many active people are in it, and which other names stand for it."""

    id: int
    key: str
    name: str
    members: int
    aliases: tuple[str, ...]


def ensure_group(work: Work, key: str, *, name: str = "") -> Group:
    """The group of that key, or the one that the key is an alias of; made if need be."""
    group = find_group(work, key)
    if group is None:
        group = Group(key=key, name=name or key.replace("_", " ").capitalize())
        work.session.add(group)
        work.session.flush()
    return group


def find_group(work: Work, key: str) -> Group | None:
    """The group of that key, or the one that the key is an alias of."""
    group = work.session.scalar(select(Group).where(Group.key == key))
    if group is not None:
        return group
    return work.session.scalar(
        select(Group).join(GroupAlias, GroupAlias.group_id == Group.id).where(GroupAlias.name == key)
    )


def group_that_gets(key: Any) -> Any:
    """SQL for the key of the group to which work that is offered to `key` goes: the group's own, or the alias's."""
    target = aliased(Group)
    stands_for = (
        select(target.key)
        .join(GroupAlias, GroupAlias.group_id == target.id)
        .where(GroupAlias.name == key)
        .scalar_subquery()
    )
    return func.coalesce(stands_for, key)


def create_group(work: Work, name: str, *, key: str = "") -> Group:
    """A group made by hand; its key is made of the name unless given."""
    plain = name.strip()
    wanted = key or re.sub(r"[^\w]+", "_", plain.lower()).strip("_")[:LONGEST_KEY]
    if not plain or not wanted:
        raise _nameless(_("The group was not made."))
    there = find_group(work, wanted)
    if there is not None:
        raise InvalidInputError(
            _("There is a group %(name)s already.") % {"name": there.name},
            remedy=_("Choose another name."),
            fields={"name": _("This name is taken.")},
        )
    group = ensure_group(work, wanted, name=plain[:200])
    note_group(work, "create", group, after={"name": group.name, "key": group.key})
    return group


def rename_group(work: Work, group_id: int, name: str) -> Group:
    """Another name; the key that models know stays."""
    group = get_group(work, group_id)
    if not name.strip():
        raise _nameless(_("Nothing was changed."))
    before, group.name = group.name, name.strip()[:200]
    note_group(work, "rename", group, before={"name": before}, after={"name": group.name})
    return group


def _nameless(message: str) -> InvalidInputError:
    return InvalidInputError(message, remedy=_("Give it a name."), fields={"name": _("Give a name.")})


def get_group(work: Work, group_id: int) -> Group:
    """The group of that number, or NotFoundError."""
    group = work.session.get(Group, group_id)
    if group is None:
        raise NotFoundError(_("There is no such group."))
    return group


def set_members(work: Work, group_id: int, user_ids: Iterable[int]) -> None:
    """Exactly these people are in the group from now on."""
    group, wanted = get_group(work, group_id), set(user_ids)
    before = set(work.session.scalars(select(Membership.user_id).where(Membership.group_id == group_id)))
    gone, come = before - wanted, wanted - before
    if gone:
        leave = delete(Membership).where(Membership.group_id == group_id, Membership.user_id.in_(gone))
        work.session.execute(leave)
    work.session.add_all(Membership(user_id=each, group_id=group_id) for each in sorted(come))
    work.session.flush()
    rows = work.session.execute(select(User.id, User.username).where(User.id.in_(before | wanted)))
    names = {row.id: row.username for row in rows}
    shown = [{"members": sorted(names[each] for each in people if each in names)} for people in (before, wanted)]
    note_group(work, "change_members", group, before=shown[0], after=shown[1])


def map_alias(work: Work, name: str, group_id: int) -> Group:
    """Let work that models offer to `name` (a key) go to the group. A group of that key has to be merged instead,
    unless it is empty: then it gives its key away."""
    group = get_group(work, group_id)
    if name == group.key:
        return group
    there = work.session.scalar(select(Group).where(Group.key == name))
    if there is not None:
        if work.session.scalar(select(Membership.user_id).where(Membership.group_id == there.id).limit(1)) is not None:
            raise ConflictError(
                _("There is a group %(name)s with people in it.") % {"name": there.name},
                remedy=_("Merge the two groups, if they are one."),
            )
        return merge_groups(work, there.id, into=group_id)
    work.session.merge(GroupAlias(name=name, group_id=group_id))
    work.session.flush()
    note_group(work, "map_lane", group, after={"alias": name})
    return group


def drop_alias(work: Work, name: str) -> None:
    """The name stands for no group any more: new work is offered under the name itself."""
    alias = work.session.get(GroupAlias, name)
    if alias is None:
        raise NotFoundError(_("There is no such alias."))
    group = get_group(work, alias.group_id)
    work.session.delete(alias)
    work.session.flush()
    note_group(work, "unmap_lane", group, before={"alias": name})


def merge_groups(work: Work, group_id: int, *, into: int) -> Group:
    """People, grants and names of one group go to another; its key becomes an alias of that. Work that waits is moved
    by the caller, for identity knows none."""
    if group_id == into:
        raise ConflictError(_("A group cannot be merged with itself."), remedy=_("Choose another one."))
    gone, stays = get_group(work, group_id), get_group(work, into)
    there = select(Membership.user_id).where(Membership.group_id == into)
    for user_id in work.session.scalars(
        select(Membership.user_id).where(Membership.group_id == group_id, Membership.user_id.not_in(there))
    ).all():
        work.session.add(Membership(user_id=user_id, group_id=into))
    work.session.execute(update(AccessGrant).where(AccessGrant.group_id == group_id).values(group_id=into))
    work.session.execute(update(GroupAlias).where(GroupAlias.group_id == group_id).values(group_id=into))
    key = gone.key
    work.session.flush()
    work.session.execute(delete(Group).where(Group.id == group_id))
    work.session.expunge(gone)
    work.session.add(GroupAlias(name=key, group_id=into))
    work.session.flush()
    note_group(work, "merge", stays, after={"alias": key})
    return stays


def list_group_rows(work: Work) -> list[GroupRow]:
    """All groups with the number of active people in them and their other names."""
    members = (
        select(Group.id, Group.key, Group.name, func.count(User.id))
        .outerjoin(Membership, Membership.group_id == Group.id)
        .outerjoin(User, (User.id == Membership.user_id) & User.active)
        .group_by(Group.id, Group.key, Group.name)
        .order_by(Group.name)
    )
    aliases: dict[int, list[str]] = {}
    for alias in work.session.scalars(select(GroupAlias).order_by(GroupAlias.name)):
        aliases.setdefault(alias.group_id, []).append(alias.name)
    return [
        GroupRow(row[0], row[1], row[2], row[3], tuple(aliases.get(row[0], ())))
        for row in work.session.execute(members)
    ]
