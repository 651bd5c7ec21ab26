"""What shows that a customer helped others: answers that staff adopted, ways round a disturbance, thanks of others.

1. An answer counts once a colleague approved the article that it became; a way round once a colleague tried it.
2. Thanks count when another customer gives them in the conversation, the helper spoke last before them, and no
   colleague answered in between: then it is the colleague who is thanked.
3. Each adopted article, each disturbance, and each person who thanks count once for a helper and topic, however often
   anything was posted; nobody thanks or credits themselves. How many read or follow somebody is not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from bpm.feedback.models import Article, Classification, Customer, FeedbackItem, Reply, Workaround
from bpm.feedback.status import Voice, WorkaroundStatus
from bpm.feedback.thanks import is_thanks
from bpm.foundation.work import Work

BACK = timedelta(days=730)
"""Older help tells little of who is helpful now."""
MOST = 5_000
"""Short words that are looked at, the newest first."""
LONGEST_THANKS = 200
"""Characters."""


class EvidenceKind(StrEnum):
    """How a customer helped."""

    ADOPTED = "adopted"
    WORKAROUND = "workaround"
    THANKED = "thanked"


@dataclass(frozen=True)
class Evidence:
    """One thing that shows it. `by` is what makes it one: the article, the incident, or the person who thanked."""

    customer_id: int
    topic: str
    kind: EvidenceKind
    by: str
    item_id: int
    """What the customer said."""
    words: str
    at: datetime


def gather_evidence(work: Work, *, topic: str | None = None) -> list[Evidence]:
    """All evidence, or that on one topic, the newest first; each once."""
    since = work.now() - BACK
    ones = _Ones(work)
    found: dict[tuple[int, str, EvidenceKind, str], Evidence] = {}
    for read in (_adopted, _workarounds, _thanked):
        for each in read(work, ones, since):
            if each.topic and topic in (None, each.topic):
                found.setdefault((each.customer_id, each.topic, each.kind, each.by), each)
    return sorted(found.values(), key=lambda each: (each.at, each.item_id), reverse=True)


class _Ones:
    """Customers who are one with another by a person's word, as that one."""

    def __init__(self, work: Work) -> None:
        rows = work.session.execute(
            select(Customer.id, Customer.merged_into_id).where(Customer.merged_into_id.is_not(None))
        )
        self.into = {customer_id: into for customer_id, into in rows if into is not None}

    def __call__(self, customer_id: int) -> int:
        seen = set()
        while customer_id in self.into and customer_id not in seen:
            seen.add(customer_id)
            customer_id = self.into[customer_id]
        return customer_id


def _with_topic(*columns: Any) -> Any:
    """Of items of customers, with the topic they were read as."""
    return (
        select(FeedbackItem.id, FeedbackItem.customer_id, Classification.topic, *columns)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(FeedbackItem.customer_id.is_not(None), FeedbackItem.voice == Voice.CUSTOMER)
    )


def _adopted(work: Work, ones: _Ones, since: datetime) -> Iterator[Evidence]:
    rows = work.session.execute(
        _with_topic(Article.id.label("article"), Article.title, Article.topic.label("its_topic"), Article.approved_at)
        .join(Article, Article.item_id == FeedbackItem.id)
        .where(Article.approved_at >= since)
        .order_by(Article.id)
    )
    for row in rows:
        topic = row.its_topic or row.topic or ""
        yield Evidence(
            ones(row.customer_id), topic, EvidenceKind.ADOPTED, str(row.article), row.id, row.title, row.approved_at
        )


def _workarounds(work: Work, ones: _Ones, since: datetime) -> Iterator[Evidence]:
    rows = work.session.execute(
        _with_topic(Workaround.incident_id, Workaround.text.label("how"), Workaround.decided_at)
        .join(Workaround, Workaround.item_id == FeedbackItem.id)
        .where(Workaround.status == WorkaroundStatus.VERIFIED, Workaround.decided_at >= since)
        .order_by(Workaround.id)
    )
    for row in rows:
        yield Evidence(
            ones(row.customer_id), row.topic or "", EvidenceKind.WORKAROUND, str(row.incident_id), row.id,
            row.how[:300], row.decided_at,
        )  # fmt: skip


def _thanked(work: Work, ones: _Ones, since: datetime) -> Iterator[Evidence]:
    """Short words in conversations of several customers, each with what another one said last before them."""
    several = (
        select(FeedbackItem.conversation_id)
        .where(FeedbackItem.conversation_id.is_not(None), FeedbackItem.current)
        .group_by(FeedbackItem.conversation_id)
        .having(func.count(FeedbackItem.customer_id.distinct()) > 1)
    )
    thanks = work.session.execute(
        _with_topic(FeedbackItem.text, FeedbackItem.conversation_id, FeedbackItem.placed_at)
        .where(FeedbackItem.current, FeedbackItem.placed_at >= since, FeedbackItem.conversation_id.in_(several))
        .where(func.length(FeedbackItem.text) <= LONGEST_THANKS)
        .order_by(FeedbackItem.placed_at.desc())
        .limit(MOST)
    ).all()
    for row in thanks:
        if not is_thanks(row.text):
            continue
        before = work.session.execute(
            _with_topic(FeedbackItem.text, FeedbackItem.placed_at)
            .where(FeedbackItem.conversation_id == row.conversation_id, FeedbackItem.current)
            .where(FeedbackItem.placed_at < row.placed_at, FeedbackItem.customer_id != row.customer_id)
            .order_by(FeedbackItem.placed_at.desc())
            .limit(1)
        ).first()
        if before is None or is_thanks(before.text) or ones(before.customer_id) == ones(row.customer_id):
            continue
        if _staff_spoke(work, row, before):
            continue
        yield Evidence(
            ones(before.customer_id), before.topic or "", EvidenceKind.THANKED, str(ones(row.customer_id)), before.id,
            before.text[:300], row.placed_at,
        )  # fmt: skip


def _staff_spoke(work: Work, thanks: Any, before: Any) -> bool:
    between = select(func.count()).where(
        Reply.conversation_id == thanks.conversation_id,
        Reply.approved_at >= before.placed_at,
        Reply.approved_at <= thanks.placed_at,
    )
    return bool(work.session.scalar(between))
