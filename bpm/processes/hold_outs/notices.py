"""Notices prepared, sent through the gate in the name of whoever sends them, and what came of each."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update

from bpm import audit
from bpm.engine.models import ProcessInstance
from bpm.engine.status import RUNNING
from bpm.feedback import outbound
from bpm.feedback.models import FeedbackItem, Theme, ThemeItem
from bpm.feedback.status import Voice
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.hold_outs.models import NoticeCustomer, ProactiveNotice
from bpm.processes.hold_outs.saving import Saved, is_held, saved
from bpm.processes.models import Attribution

MOST = 200
"""Letters of one notice, as in any act of the outbox."""
BACK = timedelta(days=60)


@dataclass(frozen=True)
class NoticeDraft:
    """To customers who spoke of a theme in the last 60 days, or whose case of a process runs."""

    title: str
    text: str
    theme_id: int | None = None
    definition_key: str = ""
    share: float = 0.2
    days: int = 14


@dataclass(frozen=True)
class NoticeRow:
    """A notice with what it saved so far; `over` once its days have passed."""

    id: int
    title: str
    text: str
    share: float
    days: int
    created_at: datetime
    sent_at: datetime | None
    over: bool
    result: Saved
    stayed: int
    """Letters that the gate kept back."""


def prepare_notice(work: Work, draft: NoticeDraft) -> int:
    """Choose the customers and let chance hold some of them out; nothing is sent yet. InvalidInputError by field."""
    demand(work.actor, Permission.ANSWER)
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a named person can speak to customers."), remedy=_("Let a person do it."))
    problems = {}
    if not draft.title.strip() or len(draft.title) > 200:
        problems["title"] = _("Name it in one line.")
    if not draft.text.strip():
        problems["text"] = _("Write what customers are told.")
    if not 0.1 <= draft.share <= 0.5:
        problems["share"] = _("Hold out 10 to 50 per cent.")
    if not 1 <= draft.days <= 90:
        problems["days"] = _("Count contacts for 1 to 90 days.")
    if (draft.theme_id is None) == (not draft.definition_key):
        problems["audience"] = _("Choose a theme or a process.")
    people = {} if problems else _audience(work, draft)
    if not problems and len(people) < 2:
        problems["audience"] = _("Nobody is in this set who can be written to.")
    if problems:
        raise InvalidInputError(
            _("The notice cannot be kept like this."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    row = ProactiveNotice(
        title=draft.title.strip(), text=draft.text.strip(), theme_id=draft.theme_id,
        definition_key=draft.definition_key, share=draft.share, days=draft.days, salt=secrets.token_hex(16),
        author_id=work.actor.user_id, created_at=work.now(), sent_at=None,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    work.session.add_all(
        NoticeCustomer(
            notice_id=row.id, customer_id=customer, item_id=item, held=is_held(row.salt, customer, row.share), stayed=""
        )
        for customer, item in people.items()
    )
    work.session.flush()
    after = {"title": row.title, "customers": len(people), "held out": row.share}
    audit.record(work, "notice_ahead.prepare", _thing(row), after=after)
    return row.id


def _audience(work: Work, draft: NoticeDraft) -> dict[int, int]:
    """{customer: their newest item}, those who spoke last first."""
    query = select(FeedbackItem.customer_id, func.max(FeedbackItem.id)).where(
        FeedbackItem.current, FeedbackItem.customer_id.is_not(None), FeedbackItem.voice == Voice.CUSTOMER
    )
    if draft.theme_id is not None:
        members = select(Theme.id).where(Theme.counts_in_id == draft.theme_id)
        placed = exists().where(ThemeItem.item_id == FeedbackItem.id, ThemeItem.theme_id.in_(members))
        query = query.where(placed, FeedbackItem.placed_at >= work.now() - BACK)
    else:
        running = exists().where(
            Attribution.item_id == FeedbackItem.id, Attribution.valid_to.is_(None),
            Attribution.definition_key == draft.definition_key, ProcessInstance.id == Attribution.instance_id,
            ProcessInstance.status.in_(RUNNING),
        )  # fmt: skip
        query = query.where(running)
    rows: Any = work.session.execute(
        query.group_by(FeedbackItem.customer_id).order_by(func.max(FeedbackItem.id).desc()).limit(MOST)
    )
    return {customer: item for customer, item in rows if customer is not None}


def send_notice(work: Work, notice_id: int) -> tuple[int, int]:
    """Send it to those who are not held out, in the name of whoever sends it; (under way, kept back by the gate)."""
    row = _get(work, notice_id)
    if row.sent_at is not None:
        raise ConflictError(_("It was sent already."), remedy=_("Look at what came of it."))
    told = select(NoticeCustomer.item_id).where(NoticeCustomer.notice_id == row.id, ~NoticeCustomer.held)
    items = list(work.session.scalars(told))
    done = outbound.send_letters(work, items, row.text, key=f"notice {row.id}", confirmed=outbound.WARNINGS)
    for item_id, why in done.stayed:
        work.session.execute(
            update(NoticeCustomer)
            .where(NoticeCustomer.notice_id == row.id, NoticeCustomer.item_id == item_id)
            .values(stayed=why)
        )
    row.sent_at, row.author_id = work.now(), work.actor.user_id or row.author_id
    after = {"letters": len(done.messages), "stayed": len(done.stayed)}
    audit.record(work, "notice_ahead.send", _thing(row), before={"letters": 0}, after=after)
    return len(done.messages), len(done.stayed)


def list_proactive(work: Work) -> list[NoticeRow]:
    """The newest first, each with what it saved so far."""
    rows = work.session.scalars(select(ProactiveNotice).order_by(ProactiveNotice.id.desc()).limit(50)).all()
    return [_read(work, row) for row in rows]


def get_proactive(work: Work, notice_id: int) -> NoticeRow:
    return _read(work, _get(work, notice_id))


def _read(work: Work, row: ProactiveNotice) -> NoticeRow:
    until = row.sent_at + timedelta(days=row.days) if row.sent_at else None
    came = exists().where(
        FeedbackItem.customer_id == NoticeCustomer.customer_id, FeedbackItem.current,
        FeedbackItem.placed_at > (row.sent_at or work.now()), FeedbackItem.placed_at <= (until or work.now()),
    )  # fmt: skip
    arms = {
        held: (n, contacts)
        for held, n, contacts in work.session.execute(
            select(NoticeCustomer.held, func.count(), func.count().filter(came))
            .where(NoticeCustomer.notice_id == row.id)
            .group_by(NoticeCustomer.held)
        )
    }
    told, held = arms.get(False, (0, 0)), arms.get(True, (0, 0))
    stayed = select(func.count()).where(NoticeCustomer.notice_id == row.id, NoticeCustomer.stayed != "")
    return NoticeRow(
        row.id, row.title, row.text, row.share, row.days, row.created_at, row.sent_at,
        over=until is not None and until <= work.now(), result=saved(told[1], told[0], held[1], held[0]),
        stayed=work.session.scalar(stayed) or 0,
    )  # fmt: skip


def _get(work: Work, notice_id: int) -> ProactiveNotice:
    row = work.session.get(ProactiveNotice, notice_id)
    if row is None:
        raise NotFoundError(_("There is no such notice."))
    return row


def _thing(row: ProactiveNotice) -> audit.Thing:
    return audit.Thing("notice ahead", row.id, row.title)
