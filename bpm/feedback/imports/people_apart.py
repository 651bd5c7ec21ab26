"""Customers whom a withdrawn import had joined, taken apart by what the remaining items tell of their authors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from bpm.feedback.models import (
    ContactPoint,
    Conversation,
    ConversationLink,
    Customer,
    CustomerChange,
    CustomerLink,
    Episode,
    FeedbackItem,
)
from bpm.feedback.people.placing import note_authors
from bpm.foundation.work import Work
from bpm.search import Changed

APART = "import undone"
"""Method of the links that say so."""

_BY_PEOPLE = ("by hand",)
"""Words in the method of a link that a person made: nothing takes that back."""

Address = tuple[str, str]
"""Kind and value of a contact point."""


@dataclass(frozen=True)
class _Said:
    """One remaining item of a customer, with the addresses that its source told."""

    item_id: int
    name: str
    run_id: int | None
    told: frozenset[Address]


def take_apart(work: Work, customer_ids: Collection[int]) -> None:
    """Give each group of items that no address ties together a customer of its own; the oldest keeps this one."""
    for customer_id in sorted(customer_ids):
        said = _remaining(work, customer_id)
        if said is None:
            continue
        for group in _groups(said)[1:]:
            _move(work, customer_id, group)


def _remaining(work: Work, customer_id: int) -> list[_Said] | None:
    """None when a person decided whose an item is, or when an item does not tell."""
    changed = select(CustomerChange.id).where(
        (CustomerChange.customer_id == customer_id) | (CustomerChange.other_id == customer_id),
        CustomerChange.undone_at.is_(None),
    )
    if work.session.scalar(changed.limit(1)) is not None:
        return None
    rows = work.session.execute(
        select(
            FeedbackItem.id, FeedbackItem.author_name, FeedbackItem.import_run_id, CustomerLink.method,
            CustomerLink.evidence,
        )
        .join(CustomerLink, (CustomerLink.item_id == FeedbackItem.id) & CustomerLink.valid_to.is_(None))
        .where(FeedbackItem.customer_id == customer_id)
        .order_by(FeedbackItem.id)
    ).all()  # fmt: skip
    found = [_Said(row.id, row.author_name, row.import_run_id, _told(row.evidence)) for row in rows]
    if any(word in row.method for row in rows for word in _BY_PEOPLE) or not all(each.told for each in found):
        return None
    return found


def _told(evidence: dict[str, Any]) -> frozenset[Address]:
    if "told" in evidence:
        return frozenset((kind, value) for kind, value in evidence["told"])
    return frozenset({(evidence["kind"], evidence["value"])} if "value" in evidence else ())


def _groups(said: Sequence[_Said]) -> list[list[_Said]]:
    """Items that share addresses, directly or by others; the group of the oldest item first."""
    groups: list[tuple[set[Address], list[_Said]]] = []
    for each in said:
        tied = [group for group in groups if group[0] & each.told]
        addresses = set(each.told).union(*(group[0] for group in tied))
        members = [one for group in tied for one in group[1]]
        groups = [group for group in groups if group not in tied]
        groups.append((addresses, [*members, each]))
    return [members for _, members in sorted(groups, key=lambda group: min(one.item_id for one in group[1]))]


def _move(work: Work, customer_id: int, group: Sequence[_Said]) -> None:
    """The group's items, addresses and conversations become somebody else's."""
    addresses = frozenset[Address]().union(*(each.told for each in group))
    name = next((each.name for each in group if each.name), "") or min(value for _, value in addresses)
    person = Customer(name=name[:200], created_at=work.now(), import_run_id=group[0].run_id)
    work.session.add(person)
    work.session.flush()
    ids = [each.item_id for each in group]
    for kind, value in addresses:
        work.session.execute(
            update(ContactPoint)
            .where(ContactPoint.customer_id == customer_id, ContactPoint.kind == kind, ContactPoint.value == value)
            .values(customer_id=person.id, home_id=person.id)
        )
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(part)).values(customer_id=person.id))
        work.session.execute(
            update(CustomerLink)
            .where(CustomerLink.item_id.in_(part), CustomerLink.valid_to.is_(None))
            .values(customer_id=person.id)
        )
    work.publish(Changed("customer", (customer_id, person.id)))
    work.publish(Changed("item", tuple(ids)))
    _own_conversations(work, person.id, ids)


def _own_conversations(work: Work, customer_id: int, item_ids: Sequence[int]) -> None:
    """What the group said in a conversation with others becomes a conversation of its own."""
    rows = work.session.execute(
        select(FeedbackItem.conversation_id, FeedbackItem.id).where(
            FeedbackItem.id.in_(item_ids), FeedbackItem.conversation_id.is_not(None)
        )
    ).all()
    for old in sorted({row[0] or 0 for row in rows}):
        ids = [row.id for row in rows if row[0] == old]
        first, last = work.session.execute(
            select(func.min(FeedbackItem.placed_at), func.max(FeedbackItem.placed_at)).where(FeedbackItem.id.in_(ids))
        ).one()
        talk = Conversation(customer_id=customer_id, started_at=first, last_at=last)
        work.session.add(talk)
        work.session.flush()
        episode = Episode(conversation_id=talk.id, opened_at=first, last_at=last)
        work.session.add(episode)
        work.session.flush()
        work.session.execute(
            update(FeedbackItem).where(FeedbackItem.id.in_(ids)).values(conversation_id=talk.id, episode_id=episode.id)
        )
        work.session.execute(
            update(ConversationLink)
            .where(ConversationLink.item_id.in_(ids), ConversationLink.valid_to.is_(None))
            .values(conversation_id=talk.id, method=APART, evidence={"from": old})
        )
        note_authors(work, (old, talk.id))
