"""Who said it: customers by exact contact point, with the evidence kept."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bpm.feedback.bulk import insert_all
from bpm.feedback.models import ContactPoint, ContactPointTold, Customer
from bpm.feedback.nobody import is_nobody, is_nobodys_email, is_nobodys_phone
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Work

_STRENGTH = {"email": 0.98, "phone": 0.95, "id": 0.99, "handle": 0.97}
"""How surely the same contact point means the same person; addresses and lines may be shared or reused."""


@dataclass(frozen=True)
class Address:
    """A contact point, normalised; `scope` is the source for ids and handles, which are unique only there."""

    kind: str
    scope: str
    value: str


@dataclass(eq=False)
class Person:
    """A customer while a batch is decided; `id` is None until it is written."""

    id: int | None
    name: str
    addresses: list[Address] = field(default_factory=list)
    """The new ones, to be written."""
    emails: set[str] = field(default_factory=set)
    """As far as they were looked up: of people who are known by a telephone that others may share."""
    told: set[int] = field(default_factory=set)
    """Ids of the contact points known already that the batch tells again, but for those nothing can take back."""


@dataclass(frozen=True)
class Recognised:
    """Whose an item is, by what and how surely."""

    person: Person
    method: str
    confidence: float
    evidence: dict[str, Any]


def addresses_of(raw: RawItem) -> list[Address]:
    """The contact points that an item tells, the surest first; what is no address, or nobody's, is left out."""
    found = [
        Address("id", raw.source, raw.author_id.strip()),
        Address("email", "", _email(raw.author_email)),
        Address("phone", "", _phone(raw.author_phone)),
        Address("handle", raw.source, raw.author_handle.strip().lstrip("@").lower()),
    ]
    return [address for address in found if address.value and not _OF_NOBODY[address.kind](address.value)]


_OF_NOBODY = {"id": is_nobody, "email": is_nobodys_email, "phone": is_nobodys_phone, "handle": is_nobody}


def _email(written: str) -> str:
    value = written[:400].strip().lower().removeprefix("mailto:")
    if value.endswith(">") and "<" in value:
        value = value[value.rindex("<") + 1 : -1].removeprefix("mailto:").strip()
    return value if len(value) <= 320 and re.fullmatch(r"[^@\s<>]{1,64}@[^@\s<>]+\.[^@\s<>]+", value) else ""


def _phone(written: str) -> str:
    """Digits with a leading + for international numbers (00 counts as +); 6 to 15 digits (ITU E.164)."""
    value = re.sub(r"\(0\)", "", written[:100].strip().lower().removeprefix("tel:").strip())
    if not re.fullmatch(r"\+?[\d\s()./-]+", value):
        return ""
    digits = re.sub(r"\D", "", value)
    plus = "+" if value.startswith(("+", "00")) else ""
    digits = digits.removeprefix("00") if value.startswith("00") else digits
    return plus + digits if 6 <= len(digits) <= 15 else ""


def recognise(work: Work, raws: Sequence[RawItem]) -> list[Recognised | None]:
    """Whose each item is, one answer an item; None when it tells no contact point. Writes nothing.

    1. The surest known contact point decides; a telephone alone does not when name and mail address are others': two
    people share a line. 2. When the others belong to different people, nobody is merged: the
    evidence names them. 3. Addresses not known yet become the person's. 4. Nobody known: a new person.
    """
    told = [addresses_of(raw) for raw in raws]
    known = _known(work, {address for each in told for address in each})
    _learn_emails(work, known)
    return [_recognise_one(raw, addresses, known) for raw, addresses in zip(raws, told, strict=True)]


def _known(work: Work, addresses: set[Address]) -> dict[Address, Person]:
    if not addresses:
        return {}
    values = sorted({address.value for address in addresses})
    people: dict[int, Person] = {}
    known = {}
    for start in range(0, len(values), 500):
        rows = work.session.execute(
            select(
                ContactPoint.kind,
                ContactPoint.scope,
                ContactPoint.value,
                Customer.id,
                Customer.name,
                ContactPoint.id,
                ContactPoint.import_run_id,
            )
            .join(Customer, Customer.id == ContactPoint.customer_id)
            .where(ContactPoint.value.in_(values[start : start + 500]))
        )
        for kind, scope, value, customer_id, name, point_id, run_id in rows:
            address = Address(kind, scope, value)
            known[address] = person = people.setdefault(customer_id, Person(customer_id, name))
            if run_id is not None and address in addresses:
                person.told.add(point_id)
    return known


def _learn_emails(work: Work, known: dict[Address, Person]) -> None:
    people = {person.id: person for address, person in known.items() if address.kind == "phone" and person.id}
    for customer_id, points in points_of(work, people).items():
        people[customer_id].emails = {point.value for point in points if point.kind == "email"}


def _shares_line(person: Person, by: Address, raw: RawItem, told: list[Address]) -> bool:
    """Whether somebody else writes who has the same telephone: another name and another mail address."""
    emails = {address.value for address in told if address.kind == "email"}
    if by.kind != "phone" or not emails or not person.emails or emails & person.emails:
        return False
    name = raw.author_name.strip().casefold()
    return bool(name) and bool(person.name) and name != person.name.casefold()


def points_of(work: Work, customer_ids: Collection[int]) -> dict[int, list[Address]]:
    """Customer -> their contact points."""
    found: dict[int, list[Address]] = {}
    ids = sorted(customer_ids)
    for start in range(0, len(ids), 500):
        rows = work.session.execute(
            select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.scope, ContactPoint.value).where(
                ContactPoint.customer_id.in_(ids[start : start + 500])
            )
        )
        for customer_id, kind, scope, value in rows:
            found.setdefault(customer_id, []).append(Address(kind, scope, value))
    return found


def _recognise_one(raw: RawItem, addresses: list[Address], known: dict[Address, Person]) -> Recognised | None:
    if not addresses:
        return None
    by = next((a for a in addresses if a in known and not _shares_line(known[a], a, raw, addresses)), None)
    person = known[by] if by else Person(None, raw.author_name.strip() or addresses[0].value)
    others = sorted({known[a].id or 0 for a in addresses if a in known and known[a] is not person})
    for address in addresses:
        if address not in known:
            known[address] = person
            person.addresses.append(address)
            person.emails |= {address.value} if address.kind == "email" else set()
    decisive = by or addresses[0]
    evidence: dict[str, Any] = {"kind": decisive.kind, "value": decisive.value}
    if len(addresses) > 1:
        evidence["told"] = [[each.kind, each.value] for each in addresses]
    if others:
        evidence["also_points_to"] = others
    return Recognised(person, f"same {decisive.kind}" if by else "new customer", _STRENGTH[decisive.kind], evidence)


def write(
    work: Work,
    found: Sequence[Recognised | None],
    sources: Sequence[str],
    now: datetime,
    *,
    run_id: int | None = None,
) -> None:
    """Give new people their rows and ids, then keep the new contact points, with the import run that told them."""
    people: dict[Person, str] = {}
    for each, source in zip(found, sources, strict=True):
        if each is not None:
            people.setdefault(each.person, source)
    fresh = [person for person in people if person.id is None]
    if fresh:
        rows = [{"name": person.name[:200], "created_at": now, "import_run_id": run_id} for person in fresh]
        ids = insert_all(work, Customer, rows, told_apart_by=(Customer.name,))
        for person, new_id in zip(fresh, ids, strict=True):
            person.id = new_id
    points = [
        {
            "customer_id": person.id,
            "kind": address.kind,
            "scope": address.scope,
            "value": address.value[:320],
            "source": source,
            "confidence": _STRENGTH[address.kind],
            "evidence": {"method": "told by the source"},
            "import_run_id": run_id,
            "created_at": now,
        }
        for person, source in people.items()
        for address in person.addresses
    ]
    if points:
        work.session.execute(insert(ContactPoint), points)
    _tell_again(work, {point for person in people for point in person.told}, run_id)


def _tell_again(work: Work, point_ids: set[int], run_id: int | None) -> None:
    """Note that a run told known contact points, too; what no run tells is not taken back with one."""
    ids = sorted(point_ids)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        if run_id is None:
            work.session.execute(update(ContactPoint).where(ContactPoint.id.in_(part)).values(import_run_id=None))
            continue
        here = select(ContactPointTold.point_id).where(ContactPointTold.run_id == run_id)
        own = select(ContactPoint.id).where(ContactPoint.import_run_id == run_id)
        there = set(work.session.scalars(here.where(ContactPointTold.point_id.in_(part))))
        there |= set(work.session.scalars(own.where(ContactPoint.id.in_(part))))
        rows = [{"point_id": each, "run_id": run_id} for each in part if each not in there]
        if rows:
            work.session.execute(insert(ContactPointTold), rows)
