"""The bell: how many notices the person has not read, on every page, and live.

Counted once for all pages of a person until somebody's notices change: the queue says so without asking the database.
1. The queue's mark is read before the count, and the count is read in a transaction of its own that begins after it.
2. A nudge that is lost costs a minute, or the next look of the page's stream.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from time import monotonic
from typing import cast

from flask import current_app, g
from sqlalchemy.exc import SQLAlchemyError

from bpm import notices
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.notices import Unread
from web.core.rendering import render_part
from web.core.request_context import actor, product
from web.core.security import needs
from web.live.live import mark_of
from web.notices.blueprint import blueprint

MOST_SHOWN = 99
COUNTED_FOR = 60.0
"""Seconds after which it is counted again, though nothing was heard."""
MOST_PEOPLE = 10_000
"""Whose count one process keeps."""
_NEWS = frozenset({"notices"})


@dataclass(frozen=True)
class Counted:
    """A person's count, the queue's mark before it, and when (monotonic seconds) it is too old."""

    mark: int
    until: float
    unread: Unread


@dataclass(frozen=True)
class Bell:
    """What the rail shows, and the mark that it was drawn with."""

    count: int
    mark: str

    @property
    def shown(self) -> str:
        return f"{MOST_SHOWN}+" if self.count > MOST_SHOWN else str(self.count)


@blueprint.app_template_global("bell")
def bell() -> Bell:
    """The bell of this page; counted once for it."""
    if "bell" not in g:
        unread = _count()
        g.bell = Bell(unread.count, mark_of(_print(unread)))
    drawn: Bell = g.bell
    return drawn


def _count() -> Unread:
    """What is unread; nothing where the database does not answer, for the page that says so has a bell, too."""
    kept = cast("MutableMapping[int, Counted]", current_app.extensions.setdefault("bells", {}))
    person, mark = actor(), product().queue.wait(-1, timeout=0, topics=_NEWS)
    known = kept.get(person.user_id or 0)
    if known is not None and known.mark == mark and monotonic() < known.until:
        return known.unread
    try:
        with product().unit_of_work.reading(person) as work:
            unread = notices.count_unread(work)
    except SQLAlchemyError:
        return Unread()
    if len(kept) >= MOST_PEOPLE:
        kept.clear()
    kept[person.user_id or 0] = Counted(mark, monotonic() + COUNTED_FOR, unread)
    return unread


def _print(unread: Unread) -> str:
    return f"{unread.count} {unread.last_at}"


def fingerprint(work: Work) -> str:
    """Changes when a notice comes or is read."""
    return _print(notices.count_unread(work))


@blueprint.get("/bell")
@needs(Permission.SIGNED_IN)
def show() -> str:
    """The bell alone, for a page that heard that there is news."""
    return render_part("notices/_bell.html", "bell", bell())
