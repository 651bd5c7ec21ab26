"""The outbox: a mail is queued in the command's transaction, listed, sent again when a person says so, forgotten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bpm import audit
from bpm.foundation.db import Page
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected
from bpm.mail.addresses import check_address, check_subject
from bpm.mail.models import MailMessage
from bpm.mail.server import domain_of
from bpm.mail.status import NEEDS_A_PERSON, WAITING, MailStatus

MAIL = cast("Table", MailMessage.__table__)

LONGEST_TEXT = 200_000
"""Characters of the text, and of the HTML."""
FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True)
class MailRow:
    """A mail as it stands in a list."""

    id: int
    kind: str
    to_address: str
    subject: str
    status: MailStatus
    attempts: int
    next_at: datetime
    last_error: str | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Trouble:
    """Mails that do not go out by themselves: those that failed or perhaps went, those put off, those that wait."""

    failed: int = 0
    perhaps_sent: int = 0
    delayed: int = 0
    waiting: int = 0
    last_error: str = ""
    """What was said to the one that was put off last."""

    @property
    def is_there(self) -> bool:
        return bool(self.failed or self.perhaps_sent or self.delayed)


def queue(
    work: Work,
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    kind: str,
    key: str,
    user_id: int | None = None,
    unsubscribe_url: str | None = None,
) -> bool:
    """Leave a mail to the worker, with all else of this transaction or not at all; False when its key is known already.

    `html` is HTML that is safe to show. InvalidInputError for an address, a subject or a length that no mail can have.
    """
    if max(len(text), len(html or "")) > LONGEST_TEXT:
        raise InvalidInputError(_("The mail is too long."), remedy=_("Put a link to the rest into it."))
    row = {
        "key": key, "kind": kind, "user_id": user_id, "to_address": check_address(to),
        "subject": check_subject(subject), "text": text, "html": html, "unsubscribe_url": unsubscribe_url,
        "message_id": f"<{uuid4().hex}@{domain_of(work.settings)}>", "status": MailStatus.CREATED, "attempts": 0,
        "next_at": work.now(), "created_at": work.now(),
    }  # fmt: skip
    insert: Any = (postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite).insert(MAIL)
    adding = insert.values(row).on_conflict_do_nothing(index_elements=["key"]).returning(MAIL.c.id)
    added = work.session.execute(adding).first() is not None
    if added:
        work.nudge("mail")
    return added


_COLUMNS = tuple(MAIL.c[name] for name in MailRow.__dataclass_fields__)


def list_mail(
    work: Work, *, statuses: Collection[MailStatus] = (), after: int | None = None, limit: int = 50
) -> Page[MailRow]:
    """Mails, the newest first; all, or those of some states."""
    query = select(*_COLUMNS).order_by(MAIL.c.id.desc()).limit(limit + 1)
    if statuses:
        query = query.where(MAIL.c.status.in_(statuses))
    if after is not None:
        query = query.where(MAIL.c.id < after)
    rows = [MailRow(**row._mapping) for row in work.session.execute(query)]  # noqa: SLF001 (SQLAlchemy's public name)
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), rows[limit - 1].id if more else None)


def count_trouble(work: Work) -> Trouble:
    """How many mails did not go out, and what was said last to one that was put off."""
    stuck = (*WAITING, *NEEDS_A_PERSON)
    query = select(MAIL.c.status, func.count()).where(MAIL.c.status.in_(stuck)).group_by(MAIL.c.status)
    counts: dict[MailStatus, int] = {row[0]: row[1] for row in work.session.execute(query)}
    words = ""
    if counts.keys() & {MailStatus.DELAYED, MailStatus.FAILED}:
        bad = MAIL.c.status.in_((MailStatus.DELAYED, MailStatus.FAILED))
        words = work.session.scalar(select(MAIL.c.last_error).where(bad).order_by(MAIL.c.id.desc()).limit(1)) or ""
    return Trouble(
        failed=counts.get(MailStatus.FAILED, 0),
        perhaps_sent=counts.get(MailStatus.PERHAPS_SENT, 0),
        delayed=counts.get(MailStatus.DELAYED, 0),
        waiting=counts.get(MailStatus.CREATED, 0),
        last_error=words,
    )


def retry_mail(work: Work, mail_id: int) -> None:
    """Send a mail now that failed, was put off or perhaps went; NotFoundError, ConflictError for any other."""
    open_to_it = (*NEEDS_A_PERSON, MailStatus.DELAYED)
    again = {"status": MailStatus.CREATED, "attempts": 0, "next_at": work.now(), "ended_at": None}
    there = (MAIL.c.id == mail_id, MAIL.c.status.in_(open_to_it))
    if affected(work, update(MAIL).where(*there).values(again)) == 1:
        audit.record(work, "mail.retry", audit.Thing("mail", mail_id), after={"status": MailStatus.CREATED})
        work.nudge("mail")
        return
    status = work.session.scalar(select(MAIL.c.status).where(MAIL.c.id == mail_id))
    if status is None:
        raise NotFoundError(_("There is no mail %(id)s.") % {"id": mail_id})
    raise ConflictError(
        _("Mail %(id)s is %(status)s.") % {"id": mail_id, "status": status.replace("_", " ")},
        remedy=_("Nothing was changed."),
    )


def withdraw_waiting(work: Work, kind: str) -> int:
    """Take out mails of a kind that wait and that nobody is to be sent after all; gives how many."""
    return affected(work, delete(MAIL).where(MAIL.c.kind == kind, MAIL.c.status.in_(WAITING)))


def retry_failed(work: Work) -> int:
    """Send now what failed or was put off, but not what perhaps went; how many mails."""
    again = {"status": MailStatus.CREATED, "attempts": 0, "next_at": work.now(), "ended_at": None}
    chosen = MAIL.c.status.in_((MailStatus.FAILED, MailStatus.DELAYED))
    number = affected(work, update(MAIL).where(chosen).values(again))
    if number:
        audit.record(work, "mail.retry", audit.Thing("mail", "all"), after={"mails": number})
        work.nudge("mail")
    return number


def forget_mail(unit_of_work: Transactions) -> int:
    """Delete some mails that ended longer ago than notices are kept; gives how many."""
    with unit_of_work.reading() as work:
        before = work.now() - timedelta(days=work.settings.notice_days)
        old = select(MAIL.c.id).where(MAIL.c.status == MailStatus.SENT, MAIL.c.ended_at < before)
        ids = list(work.session.scalars(old.order_by(MAIL.c.id).limit(FORGOTTEN_AT_ONCE)))
    if not ids:
        return 0
    with unit_of_work() as work:
        return affected(work, delete(MAIL).where(MAIL.c.id.in_(ids), MAIL.c.status == MailStatus.SENT))
