"""The frozen rows that lists and pages of items show, and the statement that fills them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, SQLColumnExpression, Table, and_, func, select

from bpm.feedback.clocks.reading import COLUMNS, ClockRow
from bpm.feedback.customers.odd_names import what_is_odd
from bpm.feedback.models import Classification, Customer, FeedbackItem, ItemClock
from bpm.foundation.db import Page, at_most
from bpm.foundation.work import Work


@dataclass(frozen=True)
class ItemFilter:
    """Which items a list shows; every part narrows, None means any.

    `kind` is the primary kind; `sentiment` is negative, neutral or positive; `unsure`: the classifier abstained or
    has not read it yet; `undecided`: open for a person, so not answered for by an incident's updates; `to_do`: and not
    snoozed; `late_at`: its time to be answered or settled has gone by then; `next_first`: in the order of what to do
    next; `after` is the id of the last row seen.
    """

    kind: str | None = None
    topic: str | None = None
    channel: str | None = None
    min_urgency: int | None = None
    sentiment: str | None = None
    unsure: bool = False
    undecided: bool = False
    to_do: bool = False
    snoozed: bool = False
    late_at: datetime | None = None
    next_first: bool = False
    answered: bool | None = None
    distributed: bool | None = None
    distributed_to: str | None = None
    """Key of a group that has it now."""
    tag: int | None = None
    """Id of a tag, or of one that was merged into it."""
    came_back: bool = False
    """What was handed over came back, and nothing is decided yet."""
    text: str | None = None
    run: int | None = None
    customer: int | None = None
    voice: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: Sequence[int] | None = None
    landing: tuple[tuple[str, bool], ...] | None = None
    """Only these channels, each with whether hard ones or the others."""
    hard: tuple[str, ...] = ()
    """Levels of complexity that count as hard."""
    after: int | None = None


@dataclass(frozen=True)
class ItemRow:
    """One item with its current classification; the labels are None while nobody has read it."""

    id: int
    first_id: int
    version: int
    channel: str
    source: str
    text: str
    subject: str
    said_at: datetime | None
    """None: nobody knows."""
    placed_at: datetime
    """Where it stands in lists: when it was said, else when it was received."""
    received_at: datetime
    question: str
    language: str | None
    language_p: float | None
    author_name: str
    author_handle: str
    rating: float | None
    customer_id: int | None
    customer_name: str
    conversation_id: int | None
    decision: str | None
    answered_at: datetime | None
    distributed_to: str | None
    kinds: dict[str, float]
    primary: str | None
    sentiment: float | None
    urgency: int | None
    topic: str | None
    confidence: float | None
    abstained: bool
    model_version: str
    snoozed_until: datetime | None = None
    clock: ClockRow | None = None
    """In lists alone."""

    @property
    def author(self) -> str:
        return self.author_name or self.customer_name or self.author_handle or "Somebody"

    @property
    def odd_name(self) -> tuple[str, ...]:
        """What whoever reads the author's name should know about it."""
        return what_is_odd(self.author)

    @property
    def corrected(self) -> bool:
        return self.model_version.startswith("human:")


@dataclass(frozen=True)
class LinkRow:
    """Why an item is a customer's, or in a conversation."""

    method: str
    confidence: float
    author: str
    evidence: dict[str, Any]


@dataclass(frozen=True)
class DecisionRow:
    """One decision on an item."""

    decision: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ItemDetail:
    """An item with everything that was made of it."""

    row: ItemRow
    url: str
    extra: dict[str, Any]
    masked: dict[str, int]
    """Kind of private data -> how often it was masked in the words."""
    evidence: list[dict[str, Any]]
    """[{start, end, text, label, weight}], offsets in characters of `row.text`."""
    aspects: list[dict[str, Any]]
    """[{start, end, kind, topic, sentiment}] where parts of the text speak of different things."""
    note: str
    complexity: str | None
    sensitivity: str | None
    current: bool
    newer_id: int | None
    versions: tuple[tuple[int, int, datetime], ...]
    """(id, number, received_at) of every version, oldest first."""
    customer_link: LinkRow | None
    conversation_link: LinkRow | None
    decisions: tuple[DecisionRow, ...] = field(default=())
    voice: str = "customer"
    """As whom the author spoke."""
    held_because: str = ""
    """Why it is held apart; empty when it is not."""


@dataclass(frozen=True)
class UnreadableItem:
    """An item that broke its reading: what broke, and when it is tried again."""

    id: int
    channel: str
    received_at: datetime
    because: str
    again_at: datetime | None


@dataclass(frozen=True)
class UnreadItem:
    """An item that waits for the classifier, with what is known beside its words."""

    id: int
    text: str
    subject: str
    channel: str
    rating: float | None
    question: str = ""
    language: str | None = None
    language_p: float | None = None


ITEM, CLAIM, CUSTOMER, CLOCK = (
    cast("Table", each.__table__) for each in (FeedbackItem, Classification, Customer, ItemClock)
)

# Named as ItemRow's fields: a list of fifty is read as it comes, without entities and what they carry along.
_LISTED = select(
    ITEM.c.id,
    func.coalesce(ITEM.c.first_id, ITEM.c.id).label("first_id"),
    *(ITEM.c[name] for name in ("version", "channel", "source", "text", "subject", "said_at", "placed_at")),
    *(ITEM.c[name] for name in ("received_at", "question", "language", "language_p")),
    *(ITEM.c[name] for name in ("author_name", "author_handle", "rating", "customer_id", "conversation_id")),
    *(ITEM.c[name] for name in ("decision", "answered_at", "distributed_to", "snoozed_until")),
    func.coalesce(CUSTOMER.c.name, "").label("customer_name"),
    *(CLAIM.c[name] for name in ("kinds", "primary", "sentiment", "urgency", "topic", "confidence", "abstained")),
    CLAIM.c.model_version,
    *(CLOCK.c[name].label(f"clock_{name}") for name in COLUMNS),
).select_from(
    ITEM.outerjoin(CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current))
    .outerjoin(CUSTOMER, CUSTOMER.c.id == ITEM.c.customer_id)
    .outerjoin(CLOCK, CLOCK.c.item_id == ITEM.c.id)
)


def listed(work: Work, conditions: Iterable[SQLColumnExpression[bool]], *order: Any, limit: int) -> Page[ItemRow]:
    """The first `limit` items under the conditions, in that order."""
    found = work.session.execute(_LISTED.where(*conditions).order_by(*order).limit(at_most(limit + 1))).all()
    rows = tuple(_listed_row(row._asdict()) for row in found[:limit])
    return Page(rows, rows[-1].id if len(found) > limit else None)


def _listed_row(read: dict[str, Any]) -> ItemRow:
    """Nobody has read it yet: what a classification would say is empty."""
    read["kinds"], read["model_version"] = read["kinds"] or {}, read["model_version"] or ""
    read["abstained"] = bool(read["abstained"])
    clock = [read.pop(f"clock_{name}") for name in COLUMNS]
    read["clock"] = ClockRow(*clock) if clock[0] is not None else None
    return ItemRow(**read)


def rows_of(conditions: Iterable[SQLColumnExpression[bool]]) -> Select[FeedbackItem, Classification, str]:
    """The entities behind ItemRows, for pages that show more of them; `to_row` reads the result."""
    return (
        select(FeedbackItem, Classification, Customer.name)
        .outerjoin(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .outerjoin(Customer, Customer.id == FeedbackItem.customer_id)
        .where(*conditions)
    )


def to_row(item: FeedbackItem, claim: Classification | None, customer_name: str | None) -> ItemRow:
    return ItemRow(
        id=item.id,
        first_id=item.first_id or item.id,
        version=item.version,
        channel=item.channel,
        source=item.source,
        text=item.text,
        subject=item.subject,
        said_at=item.said_at,
        placed_at=item.placed_at,
        received_at=item.received_at,
        question=item.question,
        language=item.language,
        language_p=item.language_p,
        author_name=item.author_name,
        author_handle=item.author_handle,
        rating=item.rating,
        customer_id=item.customer_id,
        customer_name=customer_name or "",
        conversation_id=item.conversation_id,
        decision=item.decision,
        answered_at=item.answered_at,
        distributed_to=item.distributed_to,
        snoozed_until=item.snoozed_until,
        kinds=dict(claim.kinds) if claim else {},
        primary=claim.primary if claim else None,
        sentiment=claim.sentiment if claim else None,
        urgency=claim.urgency if claim else None,
        topic=claim.topic if claim else None,
        confidence=claim.confidence if claim else None,
        abstained=claim.abstained if claim else False,
        model_version=claim.model_version if claim else "",
    )
