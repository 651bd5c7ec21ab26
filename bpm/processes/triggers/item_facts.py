"""Reads what triggers and try-outs look at: items with their current classification, as plain values."""

from typing import Any

from sqlalchemy import Row, Select, select

from bpm.feedback.models import Classification, Customer, FeedbackItem
from bpm.processes.triggers.conditions import ItemFacts

_ITEM = (
    FeedbackItem.text,
    FeedbackItem.channel,
    FeedbackItem.said_at,
    FeedbackItem.placed_at,
    FeedbackItem.received_at,
    FeedbackItem.source,
    FeedbackItem.subject,
    FeedbackItem.author_name,
    FeedbackItem.author_handle,
    FeedbackItem.customer_id,
    FeedbackItem.conversation_id,
    FeedbackItem.rating,
    FeedbackItem.url,
)
_CLAIM = (
    Classification.kinds,
    Classification.primary,
    Classification.topic,
    Classification.sentiment,
    Classification.urgency,
    Classification.confidence,
    Classification.abstained,
)


def select_facts() -> Select[*tuple[Any, ...]]:
    """Current classified items with their classification and their customer's name; add what narrows it."""
    return (
        select(FeedbackItem.id, *_ITEM, *_CLAIM, Customer.name.label("customer_name"))
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .outerjoin(Customer, Customer.id == FeedbackItem.customer_id)
        .where(FeedbackItem.current)
    )


def facts_of(row: Row[*tuple[Any, ...]]) -> ItemFacts:
    """A row of `select_facts` as plain values."""
    return ItemFacts(
        item_id=row.id,
        text=row.text,
        channel=row.channel,
        said_at=row.said_at,
        kinds=row.kinds,
        primary=row.primary,
        topic=row.topic or "",
        sentiment=row.sentiment,
        urgency=row.urgency,
        confidence=row.confidence,
        abstained=row.abstained,
        source=row.source,
        subject=row.subject,
        customer_name=row.customer_name or row.author_name or row.author_handle,
        customer_id=row.customer_id,
        conversation_id=row.conversation_id,
        rating=row.rating,
        url=row.url,
    )
