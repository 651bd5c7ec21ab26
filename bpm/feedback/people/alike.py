"""Customers who may be one person, by their names: only ever proposed; and what a person says to a proposal."""

from typing import Any

from sqlalchemy import func, select

from bpm.feedback.conversations.merge import merge_conversations, unmerge
from bpm.feedback.conversations.proposals import get_proposal, propose, settle
from bpm.feedback.customers.naming import ALIKE, likeness
from bpm.feedback.models import Conversation, Customer, CustomerChange, LinkProposal
from bpm.feedback.people.changes import undo_change
from bpm.feedback.people.telling_apart import get_customer, merge_customers
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

MOST_COMPARED = 400
"""Customers with a word of the name, the newest, that one is compared with."""


def propose_alike(work: Work, customer_id: int) -> int:
    """Propose customers whose names are much like this one's; how many. A name alone is never more than a proposal."""
    demand(work.actor, Permission.ANSWER)
    customer = get_customer(work, customer_id)
    words = sorted((word for word in customer.name.split() if len(word) > 2), key=len, reverse=True)[:2]
    if not words or "@" in customer.name:
        return 0
    named = [func.lower(Customer.name).contains(word.lower(), autoescape=True) for word in words]
    rows = work.session.execute(
        select(Customer.id, Customer.name)
        .where(
            (named[0] | named[-1]), Customer.id != customer.id, Customer.merged_into_id.is_(None),
            Customer.retired_at.is_(None),
        )
        .order_by(Customer.id.desc())
        .limit(MOST_COMPARED)
    ).all()  # fmt: skip
    found = []
    for other_id, name in rows:
        alike = likeness(customer.name, name)
        if alike >= ALIKE:
            found.append(_proposal(max(customer.id, other_id), min(customer.id, other_id), alike, customer.name, name))
    propose(work, found)
    return len(found)


def _proposal(left_id: int, right_id: int, alike: float, name: str, other: str) -> dict[str, Any]:
    """A name that is the same is still shared by many: at most 0.6."""
    evidence = {"names": [name, other], "likeness": round(alike)}
    return {
        "kind": "customer", "left_id": left_id, "right_id": right_id, "item_id": None,
        "confidence": round(0.6 * alike / 100, 2), "evidence": evidence,
    }  # fmt: skip


def accept(work: Work, proposal_id: int) -> None:
    """Do what a proposal says: the conversations, or the customers, become one."""
    row = get_proposal(work, proposal_id)
    settle(work, row, accepted=True)
    reason = f"Proposal {row.id}"
    if row.kind == "customer":
        merge_customers(work, row.left_id, into=row.right_id, reason=reason)
        return
    merge_conversations(work, row.left_id, into=_now(work, row.right_id), reason=reason)


def decline(work: Work, proposal_id: int) -> None:
    """Say that they are not one; the same pair is not proposed again."""
    demand(work.actor, Permission.ANSWER)
    settle(work, get_proposal(work, proposal_id), accepted=False)


def reopen(work: Work, proposal_id: int) -> None:
    """Take back what was said to a proposal, with what it did."""
    demand(work.actor, Permission.ANSWER)
    row = get_proposal(work, proposal_id)
    if row.accepted is None:
        raise InvalidInputError(_("Nobody has decided this yet."), remedy=_("Accept or decline it."))
    if row.accepted:
        _undo(work, row)
    settle(work, row, accepted=None)


def _undo(work: Work, row: LinkProposal) -> None:
    if row.kind == "conversation":
        unmerge(work, row.left_id)
        return
    change = work.session.scalar(
        select(CustomerChange.id)
        .where(
            CustomerChange.verb == "merge",
            CustomerChange.other_id == row.left_id,
            CustomerChange.undone_at.is_(None),
        )
        .order_by(CustomerChange.id.desc())
    )
    if change is not None:
        undo_change(work, change)


def _now(work: Work, conversation_id: int) -> int:
    """The conversation that it is part of now."""
    into = work.session.scalar(select(Conversation.merged_into_id).where(Conversation.id == conversation_id))
    return into or conversation_id
