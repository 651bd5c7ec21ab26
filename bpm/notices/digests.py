"""Digests: what came in a day and is still unread, in one mail, at the hour that the person chose."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, func, select, update

from bpm import mail
from bpm.foundation.work import Transactions, Work
from bpm.notices.hours import is_due, last_hour
from bpm.notices.letters import Line, digest_subject, write_digest
from bpm.notices.mail_links import mail_path
from bpm.notices.models import NoticeProfile, PersonNotice
from bpm.notices.preferences import DIGEST_HOUR, ZONE, preferences_link, zone_of

NOTICE = cast("Table", PersonNotice.__table__)
MOST_LINES = 50
AT_ONCE = 200


def sweep_digests(unit_of_work: Transactions) -> int:
    """Queue the digests that are due, each in its own transaction; gives how many."""
    with unit_of_work.reading() as work:
        due = [row for row in _waiting(work) if _falls_due(work, row)][:AT_ONCE]
    for row in due:
        with unit_of_work() as work:
            _queue_digest(work, row)
    return len(due)


def _waiting(work: Work) -> Sequence[Any]:
    """For each person with something in wait: since when, and where and when they want it."""
    query = (
        select(
            NOTICE.c.user_id, func.min(NOTICE.c.raised_at).label("since"),
            NoticeProfile.address, NoticeProfile.zone, NoticeProfile.digest_hour,
        )
        .outerjoin(NoticeProfile, NoticeProfile.user_id == NOTICE.c.user_id)
        .where(NOTICE.c.for_digest)
        .group_by(NOTICE.c.user_id, NoticeProfile.address, NoticeProfile.zone, NoticeProfile.digest_hour)
    )  # fmt: skip
    return work.session.execute(query).all()


def _falls_due(work: Work, row: Any) -> bool:
    return is_due(work.now(), zone_of(row.zone or ZONE), _hour(row), waiting_since=row.since)


def _hour(row: Any) -> int:
    return DIGEST_HOUR if row.digest_hour is None else int(row.digest_hour)


def _queue_digest(work: Work, row: Any) -> None:
    """What is still unread becomes the mail; what was read meanwhile needs none."""
    struck = last_hour(work.now(), zone_of(row.zone or ZONE), _hour(row))
    told = (
        update(NOTICE)
        .where(NOTICE.c.user_id == row.user_id, NOTICE.c.for_digest, NOTICE.c.raised_at <= struck)
        .values(for_digest=False)
        .returning(
            NOTICE.c.id,
            NOTICE.c.subject,
            NOTICE.c.link,
            NOTICE.c.count.label("times"),
            NOTICE.c.read_at,
            NOTICE.c.done_at,
        )
    )
    unread = [each for each in work.session.execute(told).all() if each.read_at is None and each.done_at is None]
    if not unread or not row.address:
        return
    lines = [
        Line(each.subject, mail.public_link(work.settings, mail_path(work.settings, each.id, each.link)), each.times)
        for each in unread
    ]
    preferences = mail.public_link(work.settings, preferences_link())
    words = write_digest(
        lines[:MOST_LINES], more=max(0, len(lines) - MOST_LINES),
        link=mail.public_link(work.settings, "/notices"), preferences=preferences,
    )  # fmt: skip
    mail.queue(
        work, to=row.address, subject=digest_subject(len(lines)), text=words.text, html=words.html, kind="digest",
        key=f"digest:{row.user_id}:{struck:%Y-%m-%dT%H:%M}", user_id=row.user_id, unsubscribe_url=preferences,
    )  # fmt: skip
