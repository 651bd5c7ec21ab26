"""Items as they are handed out: row after row, page by page, so that no export holds the memory or a transaction."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from bpm.feedback.queries.item_rows import CUSTOMER, ITEM
from bpm.foundation.work import Transactions

PAGE = 1_000
"""Rows read together."""

_ITEMS = select(
    ITEM.c.id,
    ITEM.c.source,
    ITEM.c.natural_key.label("key"),
    ITEM.c.channel,
    ITEM.c.text,
    ITEM.c.subject,
    ITEM.c.question,
    ITEM.c.said_at,
    ITEM.c.received_at,
    func.coalesce(func.nullif(ITEM.c.author_name, ""), func.nullif(ITEM.c.author_handle, ""), CUSTOMER.c.name).label(
        "author"
    ),
    ITEM.c.customer_id.label("customer"),
    ITEM.c.conversation_id.label("conversation"),
    ITEM.c.rating,
    ITEM.c.language,
    ITEM.c.version,
).select_from(ITEM.outerjoin(CUSTOMER, CUSTOMER.c.id == ITEM.c.customer_id))


def stream_items(transactions: Transactions) -> Iterator[dict[str, Any]]:
    """Each current item as a flat row, the first received first; instants in UTC, None where nobody knows."""
    after = 0
    while True:
        with transactions.reading() as work:
            found = work.session.execute(
                _ITEMS.where(ITEM.c.current, ITEM.c.id > after).order_by(ITEM.c.id).limit(PAGE)
            ).all()
        for row in found:
            yield row._asdict()
        if len(found) < PAGE:
            return
        after = found[-1].id
