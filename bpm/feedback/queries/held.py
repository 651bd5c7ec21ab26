"""What is set apart or waits for a person: held items, blocked senders, proposals, the company's own settings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bpm.feedback.customers.company import EVERYWHERE, REGION, VOICE
from bpm.feedback.models import (
    BlockedSender,
    Customer,
    FeedbackItem,
    LinkProposal,
    OwnAddress,
    SourceOption,
)
from bpm.foundation.db import Page, at_most
from bpm.foundation.work import Work

MOST_COUNTED = 1_000


@dataclass(frozen=True)
class HeldRow:
    """An item that is held apart."""

    id: int
    author: str
    text: str
    channel: str
    source: str
    at: datetime
    held_at: datetime
    because: str


@dataclass(frozen=True)
class BlockRow:
    """A sender who is blocked."""

    id: int
    kind: str
    value: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Side:
    """One of the two that may be one."""

    id: int
    name: str
    text: str
    channel: str
    at: datetime | None
    item_id: int | None


@dataclass(frozen=True)
class ProposalRow:
    """Two conversations or customers that may be one, and by what."""

    id: int
    kind: str
    left: Side
    right: Side
    confidence: float
    evidence: dict[str, Any]
    created_at: datetime
    accepted: bool | None


@dataclass(frozen=True)
class OwnRow:
    id: int
    kind: str
    scope: str
    value: str


@dataclass(frozen=True)
class SourceRow:
    """A source with as whom its authors speak and where its numbers are dialled."""

    source: str
    items: int
    voice: str
    region: str


def list_held(work: Work, *, after: int | None = None, limit: int = 50) -> Page[HeldRow]:
    """Held items, the newest first."""
    query = select(FeedbackItem, Customer.name).outerjoin(Customer, Customer.id == FeedbackItem.customer_id)
    query = query.where(FeedbackItem.held_at.is_not(None))
    query = query.where(FeedbackItem.id < after) if after is not None else query
    found = work.session.execute(query.order_by(FeedbackItem.id.desc()).limit(at_most(limit + 1))).all()
    rows = tuple(
        HeldRow(
            item.id, item.author_name or name or item.author_handle, item.text[:300], item.channel, item.source,
            item.placed_at, item.held_at or item.placed_at, item.held_because,
        )
        for item, name in found[:limit]
    )  # fmt: skip
    return Page(rows, rows[-1].id if len(found) > limit else None)


def list_blocked(work: Work, *, after: int | None = None, limit: int = 50) -> Page[BlockRow]:
    """Senders who are blocked now, the newest first."""
    query = select(BlockedSender).where(BlockedSender.lifted_at.is_(None))
    query = query.where(BlockedSender.id < after) if after is not None else query
    found = work.session.scalars(query.order_by(BlockedSender.id.desc()).limit(at_most(limit + 1))).all()
    rows = tuple(BlockRow(row.id, row.kind, row.value, row.reason, row.at) for row in found[:limit])
    return Page(rows, rows[-1].id if len(found) > limit else None)


def list_proposals(
    work: Work, *, settled: bool = False, after: int | None = None, limit: int = 25
) -> Page[ProposalRow]:
    """What waits for a person's word (or has it), the newest first."""
    state = LinkProposal.accepted.is_not(None) if settled else LinkProposal.accepted.is_(None)
    query = select(LinkProposal).where(state)
    query = query.where(LinkProposal.id < after) if after is not None else query
    found = work.session.scalars(query.order_by(LinkProposal.id.desc()).limit(at_most(limit + 1))).all()
    talks = _talk_sides(work, {i for row in found if row.kind == "conversation" for i in (row.left_id, row.right_id)})
    people = _customer_sides(work, {i for row in found if row.kind == "customer" for i in (row.left_id, row.right_id)})
    rows = []
    for row in found[:limit]:
        sides = talks if row.kind == "conversation" else people
        gone = Side(0, "", "", "", None, None)
        left, right = sides.get(row.left_id, gone), sides.get(row.right_id, gone)
        rows.append(
            ProposalRow(row.id, row.kind, left, right, row.confidence, row.evidence, row.created_at, row.accepted)
        )
    return Page(tuple(rows), rows[-1].id if len(found) > limit else None)


def count_proposals(work: Work) -> int:
    """How many wait for a person's word, at most MOST_COUNTED."""
    waiting = select(LinkProposal.id).where(LinkProposal.accepted.is_(None)).limit(MOST_COUNTED).subquery()
    return work.session.scalar(select(func.count()).select_from(waiting)) or 0


def _talk_sides(work: Work, ids: set[int]) -> dict[int, Side]:
    newest = select(func.max(FeedbackItem.id)).where(FeedbackItem.conversation_id.in_(ids))
    rows = work.session.execute(
        select(FeedbackItem, Customer.name)
        .outerjoin(Customer, Customer.id == FeedbackItem.customer_id)
        .where(FeedbackItem.id.in_(newest.group_by(FeedbackItem.conversation_id)))
    )
    return {
        item.conversation_id or 0: Side(
            item.conversation_id or 0, item.author_name or name or "", item.text[:300], item.channel, item.placed_at,
            item.id,
        )
        for item, name in rows
    }  # fmt: skip


def _customer_sides(work: Work, ids: set[int]) -> dict[int, Side]:
    rows = work.session.execute(select(Customer.id, Customer.name, Customer.created_at).where(Customer.id.in_(ids)))
    return {row.id: Side(row.id, row.name, "", "", row.created_at, None) for row in rows}


def list_own_addresses(work: Work) -> tuple[OwnRow, ...]:
    """The company's own addresses and accounts."""
    rows = work.session.scalars(select(OwnAddress).order_by(OwnAddress.kind, OwnAddress.value).limit(1000))
    return tuple(OwnRow(row.id, row.kind, row.scope, row.value) for row in rows)


def company_region(work: Work) -> str:
    """Where numbers without a country are dialled; empty: nobody knows."""
    options = work.session.scalar(select(SourceOption.options).where(SourceOption.source == EVERYWHERE)) or {}
    return str(options.get(REGION, ""))


def list_sources(work: Work) -> tuple[SourceRow, ...]:
    """Sources that have brought something, with what is set for each."""
    options = {
        row.source: row.options for row in work.session.execute(select(SourceOption.source, SourceOption.options))
    }
    counts = work.session.execute(
        select(FeedbackItem.source, func.count()).group_by(FeedbackItem.source).order_by(FeedbackItem.source).limit(200)
    )
    return tuple(
        SourceRow(source, count, *(str(options.get(source, {}).get(name, "")) for name in (VOICE, REGION)))
        for source, count in counts
    )
