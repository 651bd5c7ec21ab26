"""Items as lists and pages show them."""

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Table,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    tuple_,
)

from bpm.feedback.clocks.late import few_late, is_late
from bpm.feedback.models import (
    Classification,
    ConversationLink,
    CustomerLink,
    Distribution,
    FeedbackItem,
    ItemTag,
    Tag,
)
from bpm.feedback.models import Decision as DecisionTable
from bpm.feedback.queries.item_rows import (
    CLAIM,
    ITEM,
    DecisionRow,
    ItemDetail,
    ItemFilter,
    ItemRow,
    LinkRow,
    UnreadableItem,
    UnreadItem,
    listed,
    rows_of,
    to_row,
)
from bpm.feedback.status import DistributionStatus
from bpm.feedback.tones import NEGATIVE, POSITIVE
from bpm.foundation.db import Page, at_most
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity.models import User

ITEM_TAG, TAG = cast("Table", ItemTag.__table__), cast("Table", Tag.__table__)
DISTRIBUTION = cast("Table", Distribution.__table__)
LATELY = 500
"""Claims that tell which topics are in use."""


def list_items(work: Work, wanted: ItemFilter, limit: int = 50) -> Page[ItemRow]:
    """Items, the newest said first, or in the order of what to do next."""
    order = _NEXT_FIRST if wanted.next_first else _NEWEST_FIRST
    return listed(work, _conditions(_narrowed(work, wanted)), *order, limit=limit)


def _narrowed(work: Work, wanted: ItemFilter) -> ItemFilter:
    """The same filter with the ids of what is late, where they are few; one statement, for late items alone."""
    ids = None if wanted.ids is None else tuple(wanted.ids)
    few = few_late(work, wanted.late_at) if wanted.late_at is not None and ids is None else None
    return replace(wanted, ids=ids) if few is None else replace(wanted, late_at=None, ids=few)


_NEWEST_FIRST = (ITEM.c.placed_at.desc(), ITEM.c.id.desc())
_NEXT_FIRST = (ITEM.c.queue_rank, ITEM.c.act_by, ITEM.c.id)
_OPEN = (ITEM.c.decision.is_(None), ITEM.c.snoozed_until.is_(None), ITEM.c.incident_id.is_(None))
"""Literally as in its index."""


def count_items(work: Work, wanted: ItemFilter, *, most: int) -> int:
    """How many items a list has, counted up to `most`."""
    found = (
        select(ITEM.c.id)
        .select_from(ITEM.outerjoin(CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current)))
        .where(*_conditions(_narrowed(work, replace(wanted, after=None))))
        .limit(most)
    )
    return work.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def count_to_do(work: Work, *, most: int | None = None) -> int:
    """How many items are to be done now; `most`: where to stop counting."""
    return work.session.scalar(counting_to_do(most)) or 0


@lru_cache(maxsize=8)
def counting_to_do(most: int | None) -> Select[int]:
    """The statement of `count_to_do`, for whoever asks more with it."""
    if most is None:
        return select(func.count()).select_from(ITEM).where(ITEM.c.current, *_OPEN)
    found = select(ITEM.c.id).where(ITEM.c.current, *_OPEN).limit(at_most(most))
    return select(func.count()).select_from(found.subquery())


# Kept for the filters used last: building the conditions of a list costs more than reading it.
@lru_cache(maxsize=128)
def _conditions(wanted: ItemFilter) -> tuple[SQLColumnExpression[bool], ...]:
    conditions: list[SQLColumnExpression[bool]] = [ITEM.c.current, *conditions_of(wanted)]
    if wanted.after is not None:
        conditions.append(_after(wanted))
    return tuple(conditions)


def _after(wanted: ItemFilter) -> ColumnElement[bool]:
    """Where the list goes on; what was just done and left its place there still says where that was."""
    if wanted.next_first:
        last = select(*_NEXT_FIRST).where(ITEM.c.id == wanted.after)
        return tuple_(*_NEXT_FIRST) > last.scalar_subquery()
    last = select(ITEM.c.placed_at, ITEM.c.id).where(ITEM.c.id == wanted.after)
    return tuple_(ITEM.c.placed_at, ITEM.c.id) < last.scalar_subquery()


def conditions_of(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on items joined with their classification."""
    exact: tuple[tuple[ColumnElement[Any] | Any, object], ...] = (
        (CLAIM.c.primary, wanted.kind),
        (ITEM.c.channel, wanted.channel),
        (ITEM.c.import_run_id, wanted.run),
        (ITEM.c.customer_id, wanted.customer),
        (ITEM.c.voice, wanted.voice),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in exact if value is not None]
    if wanted.topic is not None:
        found.append(
            or_(CLAIM.c.topic == wanted.topic, CLAIM.c.topic.startswith(f"{wanted.topic} / ", autoescape=True))
        )
    if wanted.min_urgency is not None:
        found.append(CLAIM.c.urgency >= wanted.min_urgency)
    if wanted.unsure:
        found.append(or_(CLAIM.c.id.is_(None), CLAIM.c.abstained))
    if wanted.answered is not None:
        found.append(ITEM.c.answered_at.is_not(None) if wanted.answered else ITEM.c.answered_at.is_(None))
    if wanted.distributed is not None:
        there = ITEM.c.distributed_to.is_not(None)
        found.append(there if wanted.distributed else ~there)
    found += _routed(wanted)
    if wanted.since is not None:
        found.append(ITEM.c.said_at >= wanted.since)
    if wanted.until is not None:
        found.append(ITEM.c.said_at < wanted.until)
    if wanted.ids is not None:
        found.append(ITEM.c.id.in_(wanted.ids))
    return [*found, *_open(wanted), *_sentiment(wanted.sentiment), *_text(wanted.text)]


def _open(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    """What nobody has decided on, to be done now, snoozed, or late."""
    found: list[ColumnElement[bool]] = []
    if wanted.undecided:
        found += [ITEM.c.decision.is_(None), ITEM.c.incident_id.is_(None)]
    if wanted.to_do:
        found += _OPEN
    if wanted.snoozed:
        found.append(and_(ITEM.c.decision.is_(None), ITEM.c.snoozed_until.is_not(None)))
    if wanted.late_at is not None:
        found.append(is_late(ITEM.c.id, wanted.late_at))
    return found


def landed(places: Sequence[tuple[str, bool]], hard: Sequence[str]) -> ColumnElement[bool]:
    """Items of these channels, of each the hard ones or the others; what nobody has read yet is not hard."""
    is_hard = CLAIM.c.complexity.in_(sorted(hard))
    found = [
        and_(ITEM.c.channel == channel, is_hard if of_hard else or_(CLAIM.c.complexity.is_(None), ~is_hard))
        for channel, of_hard in places
    ]
    return or_(false(), *found)


def _routed(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    """A group has the same item as others have; what came back waits for whoever speaks with the customer."""
    rows = select(DISTRIBUTION.c.item_id)
    found: list[ColumnElement[bool]] = []
    if wanted.landing is not None:
        found.append(landed(wanted.landing, wanted.hard))
    if wanted.distributed_to is not None:
        has_it = DISTRIBUTION.c.status.in_((DistributionStatus.OPEN, DistributionStatus.NOTED))
        found.append(ITEM.c.id.in_(rows.where(DISTRIBUTION.c.group_key == wanted.distributed_to, has_it)))
    if wanted.tag is not None:
        found.append(func.coalesce(ITEM.c.first_id, ITEM.c.id).in_(_tagged(wanted.tag)))
    if wanted.came_back:
        found.append(ITEM.c.id.in_(rows.where(DISTRIBUTION.c.status == DistributionStatus.RETURNED)))
        found.append(ITEM.c.decision.is_(None))
    return found


def _tagged(tag_id: int) -> Select[int]:
    """Items of the tag; of one that was merged, those of what it became."""
    became = select(TAG.c.merged_into_id).where(TAG.c.id == tag_id, TAG.c.merged_into_id.is_not(None))
    return select(ITEM_TAG.c.item_id).where(or_(ITEM_TAG.c.tag_id == tag_id, ITEM_TAG.c.tag_id.in_(became)))


def _sentiment(wanted: str | None) -> list[ColumnElement[bool]]:
    """Those of a tone, by the border that figures have, too."""
    ranges: dict[str, ColumnElement[bool]] = {
        "negative": CLAIM.c.sentiment <= NEGATIVE,
        "positive": CLAIM.c.sentiment > POSITIVE,
        "neutral": and_(CLAIM.c.sentiment > NEGATIVE, CLAIM.c.sentiment <= POSITIVE),
    }
    return [ranges[wanted]] if wanted in ranges else []


def _text(wanted: str | None) -> list[ColumnElement[bool]]:
    """Every word must be somewhere in text, subject or author."""
    columns = (ITEM.c.text, ITEM.c.subject, ITEM.c.author_name, ITEM.c.author_handle)
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in (wanted or "").split()[:8]
    ]


def get_item(work: Work, item_id: int) -> ItemDetail:
    """One item with its links, versions and decisions; NotFoundError when there is none."""
    found = work.session.execute(rows_of([FeedbackItem.id == item_id])).one_or_none()
    if found is None:
        raise NotFoundError(f"There is no item {item_id}.", remedy="It may have been removed with its import.")
    item, claim, customer_name = found
    versions = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.version, FeedbackItem.received_at)
        .where(FeedbackItem.source == item.source, FeedbackItem.natural_key == item.natural_key)
        .order_by(FeedbackItem.version)
    ).all()
    newest = versions[-1][0]
    return ItemDetail(
        row=to_row(item, claim, customer_name),
        url=item.url,
        extra=item.extra,
        masked=item.masked or {},
        evidence=list(claim.evidence) if claim else [],
        aspects=list(claim.aspects) if claim else [],
        note=claim.note if claim else "",
        complexity=claim.complexity if claim else None,
        sensitivity=claim.sensitivity if claim else None,
        current=item.current,
        newer_id=newest if newest != item.id else None,
        versions=tuple((row[0], row[1], row[2]) for row in versions),
        customer_link=_link(work, CustomerLink, item_id),
        conversation_link=_link(work, ConversationLink, item_id),
        decisions=_decisions(work, item_id),
        voice=item.voice,
        held_because=item.held_because,
    )


def _link(work: Work, table: type[CustomerLink] | type[ConversationLink], item_id: int) -> LinkRow | None:
    row = work.session.execute(
        select(table.method, table.confidence, table.author, table.evidence)
        .where(table.item_id == item_id, table.valid_to.is_(None))
        .order_by(table.id.desc())
        .limit(1)
    ).one_or_none()
    return LinkRow(*row) if row else None


def _decisions(work: Work, item_id: int) -> tuple[DecisionRow, ...]:
    found = work.session.execute(
        select(DecisionTable.decision, DecisionTable.reason, User.display_name, DecisionTable.at)
        .outerjoin(User, User.id == DecisionTable.user_id)
        .where(DecisionTable.item_id == item_id)
        .order_by(DecisionTable.id.desc())
    )
    return tuple(DecisionRow(row[0], row[1], row[2] or "a process", row[3]) for row in found)


def list_unclassified(work: Work, limit: int = 500) -> list[UnreadItem]:
    """Items that wait for the classifier, oldest first; one that broke its reading only when its time has come."""
    again = or_(FeedbackItem.read_again_at.is_(None), FeedbackItem.read_again_at <= work.now())
    found = work.session.execute(
        select(*(getattr(FeedbackItem, each.name) for each in fields(UnreadItem)))
        .where(FeedbackItem.classified_at.is_(None), FeedbackItem.current, again)
        .order_by(FeedbackItem.id)
        .limit(limit)
    )
    return [UnreadItem(*row) for row in found]


def list_unreadable(work: Work, *, limit: int = 50) -> list[UnreadableItem]:
    """Items that could not be classified and are still not, newest first."""
    item = FeedbackItem
    because = func.coalesce(item.unread_because, "")
    columns = (item.id, item.channel, item.received_at, because, item.read_again_at)
    found = select(*columns).where(item.unread_because.is_not(None), item.classified_at.is_(None), item.current)
    return [UnreadableItem(*row) for row in work.session.execute(found.order_by(item.id.desc()).limit(limit))]


def kinds_of(work: Work, item_ids: Sequence[int]) -> dict[int, str]:
    """Item id -> its primary kind; items that nobody has read are left out."""
    found: dict[int, str] = {}
    for start in range(0, len(item_ids), 500):
        rows = work.session.execute(
            select(Classification.item_id, Classification.primary).where(
                Classification.item_id.in_(item_ids[start : start + 500]), Classification.current
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found


_READ_LATELY = select(Classification.topic).order_by(Classification.id.desc()).limit(LATELY).subquery()
_TOPICS = (
    select(_READ_LATELY.c.topic, func.count())
    .where(_READ_LATELY.c.topic.is_not(None))
    .group_by(_READ_LATELY.c.topic)
    .order_by(func.count().desc(), _READ_LATELY.c.topic)
    .limit(bindparam("most", type_=Integer()))
)


def topics_in_use(work: Work, limit: int = 40) -> list[tuple[str, int]]:
    """(topic, items) of what was read last, the most frequent first: neither the past nor its length matters."""
    return [(topic, count) for topic, count in work.session.execute(_TOPICS, {"most": limit})]


def count_by(work: Work, wanted: ItemFilter) -> int:
    """How many items the filter finds; `after` does not matter."""
    found = (
        select(func.count(FeedbackItem.id))
        .outerjoin(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .where(FeedbackItem.current, *conditions_of(wanted))
    )
    return work.session.scalar(found) or 0
