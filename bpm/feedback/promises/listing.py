"""Promises as lists and pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from bpm.feedback.models import Customer, FeedbackItem, Promise, Reply
from bpm.feedback.promises.acts import UNSETTLED
from bpm.feedback.promises.proposing import Proposed, propose
from bpm.feedback.status import PromiseOrigin, PromiseStatus
from bpm.foundation.db import Page, at_most
from bpm.foundation.work import Work
from bpm.identity.models import Group, Membership, User

Whose = Literal["mine", "groups", "all"]
MOST_SHOWN = 20
"""Promises on the page of a customer, item or task."""
NEWEST_REPLIES = 20
"""Replies of a conversation whose words are looked at."""

_MAKER, _SETTLER = aliased(User), aliased(User)
_TO = func.coalesce(FeedbackItem.customer_id, Customer.merged_into_id, Promise.customer_id)


@dataclass(frozen=True)
class PromiseRow:
    """One promise, with the names of everybody it concerns."""

    id: int
    text: str
    until_at: datetime
    status: PromiseStatus
    origin: PromiseOrigin
    made_at: datetime
    made_by: str
    owner_id: int
    owner: str
    customer_id: int | None
    customer: str
    item_id: int | None
    reply_id: int | None
    broken_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    note: str

    @property
    def is_unsettled(self) -> bool:
        """Whether it is still to be kept."""
        return self.status in UNSETTLED

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time went by and nobody kept it."""
        return self.is_unsettled and self.until_at <= now


@dataclass(frozen=True)
class ProposedOfReply:
    """What a reply of ours promises, while nobody has made a promise of it."""

    reply_id: int
    author: str
    proposed: Proposed


def _rows() -> Any:
    owner, to = aliased(User), aliased(Customer)
    return (
        select(
            Promise.id, Promise.text, Promise.until_at, Promise.status, Promise.origin, Promise.made_at,
            _MAKER.display_name.label("made_by"), Promise.owner_id, owner.display_name.label("owner"),
            _TO.label("customer_id"), func.coalesce(to.name, "").label("customer"),
            Promise.item_id, Promise.reply_id, Promise.broken_at, Promise.settled_at,
            func.coalesce(_SETTLER.display_name, "").label("settled_by"), Promise.note,
        )
        .join(_MAKER, _MAKER.id == Promise.made_by)
        .join(owner, owner.id == Promise.owner_id)
        .outerjoin(_SETTLER, _SETTLER.id == Promise.settled_by)
        .outerjoin(FeedbackItem, FeedbackItem.id == Promise.item_id)
        .outerjoin(Customer, Customer.id == Promise.customer_id)
        .outerjoin(to, to.id == _TO)
    )  # fmt: skip


def _read(work: Work, query: Select[Any]) -> tuple[PromiseRow, ...]:
    return tuple(PromiseRow(**row._mapping) for row in work.session.execute(query))  # noqa: SLF001 (SQLAlchemy's public name)


def list_promises(
    work: Work, *, whose: Whose = "mine", overdue: bool = False, settled: bool = False,
    after: int | None = None, limit: int = 50,
) -> Page[PromiseRow]:  # fmt: skip
    """Promises that are to be kept, the one due first before all others; `settled`: the others, newest first."""
    query, place = _rows().where(*_whose(work, whose)), tuple_(Promise.until_at, Promise.id)
    last = select(Promise.until_at, Promise.id).where(Promise.id == after).scalar_subquery()
    if settled:
        query = query.where(Promise.status.not_in(sorted(UNSETTLED)))
        query = query.order_by(Promise.until_at.desc(), Promise.id.desc())
        query = query.where(place < last) if after is not None else query
    else:
        query = query.where(Promise.status.in_(sorted(UNSETTLED))).order_by(Promise.until_at, Promise.id)
        query = query.where(Promise.until_at <= work.now()) if overdue else query
        query = query.where(place > last) if after is not None else query
    found = _read(work, query.limit(at_most(limit + 1)))
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def count_promises(work: Work, whose: Whose = "mine") -> tuple[int, int]:
    """(how many are to be kept, how many of them are overdue)."""
    conditions = [Promise.status.in_(sorted(UNSETTLED)), *_whose(work, whose)]
    late = func.count().filter(Promise.until_at <= work.now())
    row = work.session.execute(select(func.count(), late).select_from(Promise).where(*conditions)).one()
    return row[0], row[1]


def _whose(work: Work, whose: Whose) -> list[ColumnElement[bool]]:
    if whose == "all":
        return []
    mine = Promise.owner_id == (work.actor.user_id or 0)
    if whose == "mine":
        return [mine]
    colleagues = (
        select(Membership.user_id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.key.in_(sorted(work.actor.groups)))
    )
    return [or_(mine, Promise.owner_id.in_(colleagues))]


def promises_to(work: Work, customer_id: int | None, *, item_id: int | None = None) -> tuple[PromiseRow, ...]:
    """What was promised to a customer, or about an item whose customer nobody knows: what is to be kept comes first."""
    if customer_id is None and item_id is None:
        return ()
    about: ColumnElement[bool] = Promise.item_id == item_id
    if customer_id is not None:
        theirs = select(FeedbackItem.id).where(FeedbackItem.customer_id == customer_id)
        merged = select(Customer.id).where(Customer.merged_into_id == customer_id)
        directly = or_(Promise.customer_id == customer_id, Promise.customer_id.in_(merged))
        about = or_(Promise.item_id.in_(theirs), Promise.item_id.is_(None) & directly)
    done = Promise.status.not_in(sorted(UNSETTLED))
    return _read(work, _rows().where(about).order_by(done, Promise.until_at, Promise.id).limit(MOST_SHOWN))


def proposed_in_replies(work: Work, conversation_id: int, zone: Any) -> tuple[ProposedOfReply, ...]:
    """What our newest words in a conversation promise and nobody has made a promise of, while its time is to come."""
    replies = work.session.execute(
        select(Reply.id, Reply.text, Reply.approved_at, User.display_name)
        .join(User, User.id == Reply.author_user_id)
        .where(Reply.conversation_id == conversation_id)
        .order_by(Reply.id.desc())
        .limit(NEWEST_REPLIES)
    ).all()
    ids = [row.id for row in replies]
    made = set(work.session.scalars(select(Promise.reply_id).where(Promise.reply_id.in_(ids)))) if ids else set()
    return tuple(
        ProposedOfReply(row.id, row.display_name, each)
        for row in replies
        if row.id not in made
        for each in propose(row.text, row.approved_at, zone)
        if each.until is not None and each.until > work.now()
    )
