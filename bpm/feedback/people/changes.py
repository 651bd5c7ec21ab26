"""Changes to customers as values that stand on each other, so that they can be undone in any order.

1. A change sets values of things (a contact point's home, an item's, a customer's name), each with what it was before.
2. What holds for a value is what the latest change that stands says, else what it was before the first one.
3. Undoing marks the change and sets each of its values to what holds now.
4. Whoever changes customers holds their rows first: of two at one instant the second one sees what the first one did.
5. Who a customer is one with follows from those values: see `refresh`.
So the state is a function of the changes that stand: undoing all of them, in whatever order, restores it exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bpm import audit
from bpm.feedback.models import (
    ContactPoint,
    ConversationPerson,
    Customer,
    CustomerChange,
    CustomerChangePart,
    CustomerLink,
    FeedbackItem,
)
from bpm.feedback.people.placing import note_authors, place_items, set_stretches
from bpm.foundation.db import lock_in_order
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.search import Changed

CUSTOMER, CONTACT, ITEM = "customer", "contact", "item"
PLACE = "place"
"""Field of an item: [conversation, episode]."""
PART = 500


@dataclass(frozen=True)
class Value:
    """One value that a change sets."""

    thing: str
    thing_id: int
    field: str
    before: Any
    after: Any


def make_change(
    work: Work, verb: str, customer_id: int, values: Iterable[Value], *, other_id: int | None = None, reason: str = ""
) -> int:
    """Do a change and keep it; its id, with which `undo_change` takes it back."""
    demand(work.actor, Permission.ANSWER)
    lock_in_order(work.session, Customer, {customer_id, other_id or customer_id})
    row = CustomerChange(
        verb=verb, customer_id=customer_id, other_id=other_id, reason=reason.strip()[:2000],
        user_id=work.actor.user_id, at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    parts = [
        CustomerChangePart(
            change_id=row.id,
            thing=each.thing,
            thing_id=each.thing_id,
            field=each.field,
            before=each.before,
            after=each.after,
        )
        for each in values
    ]
    work.session.add_all(parts)
    work.session.flush()
    _note(work, row, parts, undone=False)
    _settle(work, row, parts)
    return row.id


def undo_change(work: Work, change_id: int) -> CustomerChange:
    """Take a change back; ConflictError when it is undone already or somebody else has the address by now."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(CustomerChange, change_id)
    if row is None:
        raise NotFoundError(_("There is no change %(change_id)s to customers.") % {"change_id": change_id})
    lock_in_order(work.session, Customer, {row.customer_id, row.other_id or row.customer_id})
    work.session.refresh(row)
    if row.undone_at is not None:
        raise ConflictError(_("This is undone already."), remedy=_("Look at the customer again."))
    row.undone_at, row.undone_by = work.now(), work.actor.user_id
    work.session.flush()
    parts = list(work.session.scalars(select(CustomerChangePart).where(CustomerChangePart.change_id == row.id)))
    _note(work, row, parts, undone=True)
    _settle(work, row, parts)
    return row


def _note(work: Work, row: CustomerChange, parts: list[CustomerChangePart], *, undone: bool) -> None:
    thing = audit.Thing("customer", row.customer_id, f"Customer {row.customer_id}")
    of_customers = [part for part in parts if part.thing == CUSTOMER]
    before = {f"{part.field} of {part.thing_id}": part.before for part in of_customers}
    after: dict[str, Any] = {f"{part.field} of {part.thing_id}": part.after for part in of_customers}
    after |= {"change": row.id, "contact points and items": len(parts) - len(of_customers)}
    verb = f"customer.undo_{row.verb}" if undone else f"customer.{row.verb}"
    old, new = (after, before) if undone else (before, after)
    audit.record(work, verb, thing, before=old, after=new, reason=row.reason)


def _settle(work: Work, row: CustomerChange, parts: list[CustomerChangePart]) -> None:
    """Write what holds now of everything the change touches, then who is one with whom."""
    told = _what_holds(work, {(part.thing, part.thing_id, part.field) for part in parts})
    _write_customers(work, told)
    _write_contacts(work, told)
    _move_items(work, {key[1]: value for key, value in told.items() if key[0] == ITEM and key[2] == "home_id"})
    places = {thing_id: value for (thing, thing_id, field), value in told.items() if field == PLACE}
    place_items(work, places)
    touched = {row.customer_id, row.other_id or row.customer_id}
    touched |= {part.thing_id for part in parts if part.thing == CUSTOMER}
    touched |= {int(value) for part in parts if part.field == "home_id" for value in (part.before, part.after) if value}
    refresh(work, touched)
    _tell_search(work, touched, parts)
    if places:
        set_stretches(work, places)
        moved = [part for part in parts if part.field == PLACE]
        note_authors(work, {int(place[0]) for part in moved for place in (part.before, part.after) if place})
    work.nudge("feedback")


def _what_holds(work: Work, keys: set[tuple[str, int, str]]) -> dict[tuple[str, int, str], Any]:
    """What the latest change that stands says of each value, else what it was before the first one."""
    ids = sorted({key[1] for key in keys})
    held: dict[tuple[str, int, str], Any] = {}
    seen: set[tuple[str, int, str]] = set()
    for start in range(0, len(ids), PART):
        rows = work.session.execute(
            select(CustomerChangePart, CustomerChange.undone_at)
            .join(CustomerChange, CustomerChange.id == CustomerChangePart.change_id)
            .where(CustomerChangePart.thing_id.in_(ids[start : start + PART]))
            .order_by(CustomerChangePart.id)
        )
        for part, undone_at in rows:
            key = (part.thing, part.thing_id, part.field)
            if key not in keys:
                continue
            if key not in seen:
                seen.add(key)
                held[key] = part.before
            if undone_at is None:
                held[key] = part.after
    return held


def _write_customers(work: Work, told: dict[tuple[str, int, str], Any]) -> None:
    for (thing, thing_id, field), value in told.items():
        if thing == CUSTOMER:
            at = datetime.fromisoformat(value) if field == "retired_at" and value else value
            work.session.execute(update(Customer).where(Customer.id == thing_id).values({field: at}))


def _write_contacts(work: Work, told: dict[tuple[str, int, str], Any]) -> None:
    for (thing, thing_id, field), value in told.items():
        if thing != CONTACT:
            continue
        if field == "scope":
            _demand_free(work, thing_id, value)
        at = datetime.fromisoformat(value) if field == "ended_at" and value else value
        work.session.execute(update(ContactPoint).where(ContactPoint.id == thing_id).values({field: at}))


def _demand_free(work: Work, point_id: int, scope: str) -> None:
    """An address that ended may be somebody else's by now."""
    point = work.session.get_one(ContactPoint, point_id)
    other = work.session.scalar(
        select(ContactPoint.customer_id).where(
            ContactPoint.kind == point.kind,
            ContactPoint.scope == scope,
            ContactPoint.value == point.value,
            ContactPoint.id != point_id,
        )
    )
    if other is not None:
        raise ConflictError(
            _("%(value)s belongs to customer %(other)s by now.") % {"value": point.value, "other": other},
            remedy=_("End it there first, or leave it with them."),
        )


def _tell_search(work: Work, customer_ids: set[int], parts: list[CustomerChangePart]) -> None:
    """They are found by who they are now, and so are the items that went along."""
    work.publish(Changed("customer", tuple(_related(work, customer_ids))))
    items = {part.thing_id for part in parts if part.thing == ITEM}
    if items:
        work.publish(Changed("item", tuple(items)))


def _move_items(work: Work, homes: dict[int, int]) -> None:
    """Whose items are by themselves: the link in force says so."""
    by_home: dict[int, list[int]] = {}
    for item_id, home_id in homes.items():
        by_home.setdefault(home_id, []).append(item_id)
    for home_id, item_ids in by_home.items():
        for start in range(0, len(item_ids), PART):
            work.session.execute(
                update(CustomerLink)
                .where(CustomerLink.item_id.in_(item_ids[start : start + PART]), CustomerLink.valid_to.is_(None))
                .values(customer_id=home_id)
            )


def refresh(work: Work, customer_ids: set[int]) -> None:
    """Write who these customers, and all who are one with them, are: contact points, items, parts, conversations."""
    ids = _related(work, customer_ids)
    heads = heads_of(work, ids)
    work.session.execute(
        update(ContactPoint)
        .where(ContactPoint.customer_id.in_(ids), ContactPoint.home_id.is_(None))
        .values(home_id=ContactPoint.customer_id)
    )
    for head in sorted(set(heads.values())):
        homes = [each for each, its_head in heads.items() if its_head == head]
        work.session.execute(update(ContactPoint).where(ContactPoint.home_id.in_(homes)).values(customer_id=head))
        work.session.execute(
            update(ConversationPerson).where(ConversationPerson.home_id.in_(homes)).values(customer_id=head)
        )
        of_theirs = select(CustomerLink.item_id).where(
            CustomerLink.customer_id.in_(homes), CustomerLink.valid_to.is_(None)
        )
        work.session.execute(
            update(FeedbackItem)
            .where(FeedbackItem.id.in_(of_theirs), FeedbackItem.customer_id.is_distinct_from(head))
            .values(customer_id=head)
        )
    work.session.expire_all()


def _related(work: Work, customer_ids: set[int]) -> list[int]:
    """These customers and everybody who points to one of them, directly or not."""
    found, frontier = set(customer_ids), set(customer_ids)
    while frontier:
        rows = work.session.scalars(
            select(Customer.id).where(Customer.merged_into_id.in_(frontier) | Customer.origin_id.in_(frontier))
        ).all()
        frontier = set(rows) - found
        found |= frontier
    return sorted(found)


def one_with(work: Work, customer_id: int) -> tuple[int, ...]:
    """The other customers who are one with this one now."""
    heads = heads_of(work, _related(work, {customer_id}))
    return tuple(each for each, head in heads.items() if head == customer_id and each != customer_id)


def heads_of(work: Work, customer_ids: Iterable[int]) -> dict[int, int]:
    """Customer -> the one whom they are one with now: along merges, and from a split that was undone to its origin."""
    links: dict[int, tuple[int | None, int | None, datetime | None]] = {}
    frontier = set(customer_ids)
    while frontier:
        rows = work.session.execute(
            select(Customer.id, Customer.merged_into_id, Customer.origin_id, Customer.retired_at).where(
                Customer.id.in_(frontier)
            )
        )
        links.update({row[0]: (row[1], row[2], row[3]) for row in rows})
        frontier = {step for each in frontier if (step := _step(links.get(each))) is not None} - links.keys()
    return {each: _head(each, links) for each in customer_ids}


def _step(link: tuple[int | None, int | None, datetime | None] | None) -> int | None:
    if link is None:
        return None
    merged_into, origin, retired_at = link
    return origin if retired_at is not None and origin is not None else merged_into


def _head(customer_id: int, links: dict[int, tuple[int | None, int | None, datetime | None]]) -> int:
    """The end of the way; where people were split, merged back and the split undone, whoever of the circle lives."""
    at, way = customer_id, [customer_id]
    while (following := _step(links.get(at))) is not None:
        if following in way:
            return next((each for each in way if links[each][2] is None), at)
        at = following
        way.append(at)
    return at
