"""What is kept as flat rows to be handed out: page by page, so that no export holds the memory or a transaction."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, func, select

from bpm.feedback.models import ContactPoint, Conversation, Customer, FeedbackItem
from bpm.feedback.queries.item_rows import CLAIM, CUSTOMER, ITEM
from bpm.foundation.work import Transactions, Work

PAGE = 1_000
"""Rows read together."""

Rows = Iterator[dict[str, Any]]

_AUTHOR = func.coalesce(func.nullif(ITEM.c.author_name, ""), func.nullif(ITEM.c.author_handle, ""), CUSTOMER.c.name)
_ITEMS = (
    select(
        ITEM.c.id,
        ITEM.c.source,
        ITEM.c.natural_key.label("key"),
        ITEM.c.channel,
        ITEM.c.text,
        ITEM.c.subject,
        ITEM.c.question,
        ITEM.c.said_at,
        ITEM.c.received_at,
        _AUTHOR.label("author"),
        ITEM.c.customer_id.label("customer"),
        ITEM.c.conversation_id.label("conversation"),
        ITEM.c.rating,
        ITEM.c.language,
        ITEM.c.version,
        CLAIM.c.primary.label("kind"),
        CLAIM.c.topic,
        CLAIM.c.sentiment,
        CLAIM.c.urgency,
        ITEM.c.decision,
        ITEM.c.answered_at,
    )
    .select_from(
        ITEM.outerjoin(CUSTOMER, CUSTOMER.c.id == ITEM.c.customer_id).outerjoin(
            CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current)
        )
    )
    .where(ITEM.c.current)
)
_CURRENT = and_(FeedbackItem.conversation_id == Conversation.id, FeedbackItem.current)
_CONVERSATIONS = select(
    Conversation.id,
    Conversation.customer_id.label("customer"),
    Conversation.started_at,
    Conversation.last_at,
    Conversation.merged_into_id.label("merged_into"),
    select(func.count(FeedbackItem.id)).where(_CURRENT).correlate(Conversation).scalar_subquery().label("items"),
)
_CUSTOMERS = select(
    Customer.id,
    Customer.name,
    Customer.created_at,
    select(func.count(FeedbackItem.id))
    .where(FeedbackItem.customer_id == Customer.id, FeedbackItem.current)
    .correlate(Customer)
    .scalar_subquery()
    .label("items"),
)


def stream_items(transactions: Transactions) -> Rows:
    """Each current item, the first received first; instants in UTC, None where nobody knows."""
    for page in _pages(transactions, _ITEMS, ITEM.c.id):
        yield from page[1]


def stream_conversations(transactions: Transactions) -> Rows:
    """Each conversation with how many current items it holds."""
    for page in _pages(transactions, _CONVERSATIONS, Conversation.id):
        yield from page[1]


def stream_customers(transactions: Transactions) -> Rows:
    """Each customer with their addresses (`addresses`: kind and value, each on a line of its own)."""
    for work, rows in _pages(transactions, _CUSTOMERS, Customer.id):
        addresses = _addresses(work, [row["id"] for row in rows])
        yield from ({**row, "addresses": "\n".join(addresses.get(row["id"], []))} for row in rows)


def _addresses(work: Work, customer_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = work.session.execute(
        select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.value)
        .where(ContactPoint.customer_id.in_(customer_ids))
        .order_by(ContactPoint.id)
    )
    for customer_id, kind, value in rows:
        found.setdefault(customer_id, []).append(f"{kind} {value}")
    return found


def _pages(
    transactions: Transactions, query: Select[*tuple[Any, ...]], key: Any
) -> Iterator[tuple[Work, list[dict[str, Any]]]]:
    after = 0
    while True:
        with transactions.reading() as work:
            found = [row._asdict() for row in work.session.execute(query.where(key > after).order_by(key).limit(PAGE))]
            yield work, found
        if len(found) < PAGE:
            return
        after = found[-1]["id"]
