"""Who is named in a text with @, and who of them may see the task."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bpm import identity
from bpm.engine.work_items.access import see
from bpm.foundation.errors import NotFoundError
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
    """Those of the people who may see the task."""
    return [user for user in people if _sees(work, item_id, user)]


def _sees(work: Work, item_id: int, user: User) -> bool:
    person = identity.actor_of(user)
    if not (may(person, Permission.WORK) or may(person, Permission.OPERATE)):
        return False
    try:
        see(Work(work.session, work.clock, person, work.settings), item_id)
    except NotFoundError:
        return False
    return True
