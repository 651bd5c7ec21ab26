"""Notices as their person sees them: counted, listed, read, done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, func, select, tuple_, update

from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.notices.models import PersonNotice

NOTICE = cast("Table", PersonNotice.__table__)
_UNREAD = and_(NOTICE.c.read_at.is_(None), NOTICE.c.done_at.is_(None))


@dataclass(frozen=True)
class NoticeRow:
    """A notice as it stands in a list."""

    id: int
    kind: str
    subject: str
    link: str
    count: int
    raised_at: datetime
    read_at: datetime | None
    done_at: datetime | None

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.done_at is None


@dataclass(frozen=True)
class Unread:
    """How many are unread, and when the last of them came."""

    count: int = 0
    last_at: datetime | None = None


_COUNT = select(func.count(), func.max(NOTICE.c.raised_at)).where(NOTICE.c.user_id == bindparam("user"), _UNREAD)


def count_unread(work: Work) -> Unread:
    """The person's unread notices, in one statement."""
    count, last_at = work.session.execute(_COUNT, {"user": work.actor.user_id}).one()
    return Unread(count, last_at)


_COLUMNS = tuple(NOTICE.c[name] for name in NoticeRow.__dataclass_fields__)


def list_notices(work: Work, *, unread: bool, after: int | None = None, limit: int = 50) -> Page[NoticeRow]:
    """The person's notices, what came last first."""
    place = tuple_(NOTICE.c.raised_at, NOTICE.c.id)
    query = select(*_COLUMNS).where(NOTICE.c.user_id == work.actor.user_id)
    if unread:
        query = query.where(_UNREAD)
    if after is not None:
        last = select(NOTICE.c.raised_at, NOTICE.c.id).where(NOTICE.c.id == after)
        query = query.where(place < last.scalar_subquery())
    query = query.order_by(NOTICE.c.raised_at.desc(), NOTICE.c.id.desc()).limit(limit + 1)
    rows = [NoticeRow(**row._mapping) for row in work.session.execute(query)]  # noqa: SLF001 (SQLAlchemy's public name)
    return Page(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def open_notice(work: Work, notice_id: int) -> str:
    """Mark the person's notice as read; the path that it leads to."""
    link: str | None = work.session.scalar(
        select(NOTICE.c.link).where(NOTICE.c.id == notice_id, NOTICE.c.user_id == work.actor.user_id)
    )
    if link is None:
        raise NotFoundError(_("There is no notice %(id)s.") % {"id": notice_id})
    mark_read(work, notice_id)
    return link


def mark_read(work: Work, notice_id: int | None = None) -> int:
    """Mark one notice of the person as read, or all; how many were unread."""
    chosen = [NOTICE.c.user_id == work.actor.user_id, _UNREAD]
    if notice_id is not None:
        chosen.append(NOTICE.c.id == notice_id)
    return _set(work, chosen, read_at=work.now())


def mark_unread(work: Work, *, notice_id: int | None = None, read_at: datetime | None = None) -> int:
    """Take `mark_read` back: for one notice, or for all that were read at that instant."""
    chosen = [NOTICE.c.user_id == work.actor.user_id, NOTICE.c.done_at.is_(None)]
    chosen.append(NOTICE.c.id == notice_id if notice_id is not None else NOTICE.c.read_at == read_at)
    return _set(work, chosen, read_at=None)


def mark_done(work: Work, kinds: Collection[str], about: tuple[str, int], *, people: Collection[int] = ()) -> int:
    """There is nothing left to do about these notices: of everybody, or of some people."""
    chosen = [
        NOTICE.c.about_type == about[0], NOTICE.c.about_id == about[1], NOTICE.c.kind.in_(kinds),
        NOTICE.c.done_at.is_(None),
    ]  # fmt: skip
    if people:
        chosen.append(NOTICE.c.user_id.in_(people))
    return _set(work, chosen, done_at=work.now())


def _set(work: Work, chosen: list[Any], **values: datetime | None) -> int:
    changed = affected(work, update(NOTICE).where(*chosen).values(**values))
    if changed:
        work.nudge("notices")
    return changed
