"""Which cases a customer has, and whose a case is: by way of the feedback that a case is linked to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bpm.feedback.models import Customer, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Attribution

MOST_CASES = 2_000
"""Of one customer, the newest."""
LOOKED_THROUGH = 20_000
"""Customers whose names are looked through, the newest."""
MOST_WORDS = 8


@dataclass(frozen=True)
class CaseCustomer:
    """A customer as a case names them."""

    customer_id: int
    name: str


def cases_of_customer(work: Work, customer_id: int) -> tuple[int, ...]:
    """Ids of the cases that the customer's words are linked to, newest first, at most `MOST_CASES`."""
    query = (
        select(Attribution.instance_id)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .where(FeedbackItem.customer_id == customer_id, Attribution.valid_to.is_(None))
        .where(Attribution.instance_id.is_not(None))
        .distinct()
    )
    found = work.session.scalars(query.order_by(Attribution.instance_id.desc()).limit(MOST_CASES))
    return tuple(each for each in found if each is not None)


def customers_of(work: Work, instance_ids: Sequence[int]) -> dict[int, CaseCustomer]:
    """Case -> the customer whose words were linked to it first; cases without are left out."""
    if not instance_ids:
        return {}
    rows = work.session.execute(
        select(
            Attribution.instance_id, Customer.id, Customer.name, FeedbackItem.author_name, FeedbackItem.author_handle
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(Customer, Customer.id == FeedbackItem.customer_id)
        .where(Attribution.instance_id.in_(instance_ids), Attribution.valid_to.is_(None))
        .order_by(Attribution.id.desc())
    )
    # The oldest link is read last and stays.
    return {
        case: CaseCustomer(customer, name or author or handle)
        for case, customer, name, author, handle in rows
        if case is not None
    }


def find_customers(work: Work, words: str, *, limit: int = 12) -> list[CaseCustomer]:
    """Customers whose name has all the words, in any order, among the newest `LOOKED_THROUGH`."""
    asked = words.split()[:MOST_WORDS]
    if not asked:
        return []
    alive = Customer.merged_into_id.is_(None), Customer.retired_at.is_(None)
    rows = select(Customer.id, Customer.name).where(*alive)
    newest = rows.order_by(Customer.id.desc()).limit(LOOKED_THROUGH).subquery()
    query = select(newest).where(*(newest.c.name.icontains(word, autoescape=True) for word in asked))
    return [CaseCustomer(row.id, row.name) for row in work.session.execute(query.limit(limit))]


def find_customer(work: Work, customer_id: int) -> CaseCustomer | None:
    """The customer of that id, or None."""
    name = work.session.scalar(select(Customer.name).where(Customer.id == customer_id))
    return None if name is None else CaseCustomer(customer_id, name)
