"""The answers that learners wrote for their mentors, as those who may see them read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bpm.feedback.models import FeedbackItem, OutboundMessage, ReplyProposal
from bpm.feedback.status import ProposalState
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User


@dataclass(frozen=True)
class ProposalRow:
    """What a learner wrote, and what became of it."""

    id: int
    item_id: int
    author_id: int
    author: str
    mentor_id: int
    mentor: str
    said: str
    """What the customer said."""
    subject: str
    text: str
    sent_text: str
    """As it left; empty when it did not."""
    state: ProposalState
    at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    changed: int | None
    message_id: int | None


def get_proposal(work: Work, proposal_id: int) -> ProposalRow:
    """One, for its author, its mentor and who administers; NotFoundError for anybody else."""
    found = _rows(work, ReplyProposal.id == proposal_id)
    me = work.actor.user_id
    if not found or (me not in (found[0].author_id, found[0].mentor_id) and not may(work.actor, Permission.ADMIN)):
        raise NotFoundError(_("There is no answer %(id)s that waits for you.") % {"id": proposal_id})
    return found[0]


def list_proposals(
    work: Work, *, waiting: bool = False, item_id: int | None = None, author_id: int | None = None, limit: int = 50
) -> tuple[ProposalRow, ...]:
    """Proposals, the newest first: those that wait, of one item, or of one learner."""
    where: list[Any] = []
    if waiting:
        where.append(ReplyProposal.state == ProposalState.WAITING)
    if item_id is not None:
        where.append(ReplyProposal.item_id == item_id)
    if author_id is not None:
        where.append(ReplyProposal.author_user_id == author_id)
    return _rows(work, *where, limit=limit)


def _rows(work: Work, *where: Any, limit: int = 1) -> tuple[ProposalRow, ...]:
    author, mentor, decided = aliased(User), aliased(User), aliased(User)
    found = work.session.execute(
        select(
            ReplyProposal, author.display_name, mentor.display_name, decided.display_name, FeedbackItem.text,
            OutboundMessage.text,
        )
        .select_from(ReplyProposal)
        .join(author, author.id == ReplyProposal.author_user_id)
        .join(mentor, mentor.id == ReplyProposal.mentor_id)
        .join(FeedbackItem, FeedbackItem.id == ReplyProposal.item_id)
        .outerjoin(decided, decided.id == ReplyProposal.decided_by)
        .outerjoin(OutboundMessage, OutboundMessage.id == ReplyProposal.message_id)
        .where(*where)
        .order_by(ReplyProposal.id.desc())
        .limit(limit)
    )  # fmt: skip
    return tuple(
        ProposalRow(
            row.id, row.item_id, row.author_user_id, who, row.mentor_id, of, said, row.subject, row.text, sent or "",
            row.state, row.at, by or "", row.decided_at, row.note, row.changed, row.message_id,
        )
        for row, who, of, by, said, sent in found
    )  # fmt: skip
