"""Who is named in a text with @, and who of them may see the task."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from bpm import identity
from bpm.engine.work_items.access import ABSENCE, ITEM
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User

_NAMED = re.compile(r"(?<![\w@.])@([^\s@,;:!?()\[\]<>\"']{1,80})")
"""An @ that stands at the beginning of a word: no mail address."""


@dataclass(frozen=True)
class Mentions:
    """Ids of those who are told, and the names as written of those who cannot see the task."""

    told: tuple[int, ...] = ()
    blind: tuple[str, ...] = ()


def names_in(text: str) -> tuple[str, ...]:
    """The user names that a text may mean, in order, each once; a full stop or dash after a name is no part of it."""
    return tuple(dict.fromkeys(found.rstrip(".-–…").casefold() for found in _NAMED.findall(text)))


def find_mentions(work: Work, item_id: int, text: str) -> Mentions:
    """Who is named in the text; what names nobody is a word like any other."""
    names = set(names_in(text))
    if not names:
        return Mentions()
    people = [user for user in identity.list_users(work) if user.active and user.username.casefold() in names]
    seeing = {user.id for user in who_see(work, item_id, people)}
    return Mentions(
        tuple(user.id for user in people if user.id in seeing),
        tuple(user.display_name for user in people if user.id not in seeing),
    )


def who_see(work: Work, item_id: int, people: Collection[User]) -> list[User]:
    """Those of the people who may see the task: two statements at most, however many people there are."""
    query = select(ITEM.c.group_key, ITEM.c.assignee_id, ITEM.c.owner_id).where(ITEM.c.id == item_id)
    item = work.session.execute(query).first()
    if item is None:
        return []
    own = {item.assignee_id, item.owner_id, *_deputies(work, item.assignee_id)}
    return [user for user in people if _sees(user, own=own, group=item.group_key)]


def _deputies(work: Work, person: int | None) -> Iterable[int]:
    """Who stands in for the person now."""
    if person is None:
        return ()
    return work.session.scalars(select(ABSENCE.c.deputy_id).where(ABSENCE.c.user_id == person, ABSENCE.c.is_on))


def _sees(user: User, *, own: Collection[int | None], group: str | None) -> bool:
    """The same as `access.visible_to`, for one whom we have at hand."""
    person = identity.actor_of(user)
    if may(person, Permission.OPERATE):
        return True
    return may(person, Permission.WORK) and (group is None or group in person.groups or user.id in own)
