"""People who are told of things."""

from collections.abc import Callable

import pytest

from bpm import identity, notices
from bpm.app import App
from bpm.foundation.work import Actor
from bpm.notices import NoticeRow, Preferences

MakePerson = Callable[..., Actor]


@pytest.fixture
def person(app: App) -> MakePerson:
    """Makes a person of these roles and groups."""

    def make(name: str, *roles: str, groups: tuple[str, ...] = ()) -> Actor:
        with app.unit_of_work() as work:
            user = identity.create_user(
                work, name, display_name=name.capitalize(), password="correct horse battery",
                roles=list(roles or ("staff",)), groups=list(groups),
            )  # fmt: skip
            return identity.actor_of(user)

    return make


def told(app: App, who: Actor, *, unread: bool = False) -> list[NoticeRow]:
    """What the person is told, the newest first."""
    with app.unit_of_work.reading(who) as work:
        return list(notices.list_notices(work, unread=unread).rows)


def subjects(app: App, who: Actor, *, unread: bool = True) -> list[str]:
    return [row.subject for row in told(app, who, unread=unread)]


def choose(app: App, who: Actor, kind: str, way: notices.Way, **profile: object) -> None:
    """Let the person be told of a kind in that way, at ada@example.org unless said otherwise."""
    with app.unit_of_work(who) as work:
        assert who.user_id is not None
        kept = notices.get_preferences(work, who.user_id)
        wanted = Preferences({**kept.ways, kind: way}, **{"address": "ada@example.org", **profile})  # type: ignore[arg-type]  # whatever a profile holds
        notices.save_preferences(work, who.user_id, wanted)


def tell(
    app: App, *people: Actor, kind: str = "assigned", subject: str = "A task for you", key: str = "k", **more: object
) -> int:
    with app.unit_of_work() as work:
        ids = [each.user_id for each in people if each.user_id is not None]
        return notices.raise_for(work, ids, kind, subject, "/tasks/7", about=("task", 7), key=key, **more)  # type: ignore[arg-type]  # as raise_for takes them
