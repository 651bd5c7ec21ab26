"""Who said it: customers by exact contact point, with the evidence kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm.feedback.bulk import insert_all, put_all
from bpm.feedback.customers.addresses import Address, addresses_of
from bpm.feedback.customers.blocked import blocked_among
from bpm.feedback.customers.company import Company
from bpm.feedback.customers.deciding import BY_NAME, KnownPoint, Person, brings_new_email, decides, named_points
from bpm.feedback.models import ContactPoint, ContactPointTold, Customer
from bpm.feedback.nobody import is_nobody
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Voice
from bpm.foundation.db import among
from bpm.foundation.work import Work

POINT, CUSTOMER = (cast("Table", each.__table__) for each in (ContactPoint, Customer))

_STRENGTH = {"email": 0.98, "phone": 0.95, "id": 0.99, "handle": 0.97}
"""How surely the same contact point means the same person; addresses and lines may be shared or reused."""
_LINE_AND_NAME = 0.9
"""How surely the same line and a name that agrees mean the same person, though the mail address is another."""
PART = 500
"""Values of one look-up."""


@dataclass(frozen=True)
class Recognised:
    """Whose an item is, by what and how surely; `point` is the contact point that decided."""

    person: Person
    method: str
    confidence: float
    evidence: dict[str, Any]
    point: KnownPoint

    @property
    def home_id(self) -> int | None:
        """The customer whose the deciding contact point is by itself."""
        return self.point.home_id or self.person.id


@dataclass
class Recognition:
    """What became of a batch: one answer an item, and what is to be written for them."""

    found: list[Recognised | None]
    points: dict[Address, KnownPoint]
    held: list[int | None]
    """Of each item the block of its sender."""


def recognise(work: Work, raws: Sequence[RawItem], company: Company) -> Recognition:
    """Whose each item is; None when it tells no contact point that names one person. Writes nothing.

    1. The surest known contact point decides. 2. A line alone decides only for who may be its one user: with a mail
    address that is not theirs and another name it is a shared line, and two people. 3. When contact points belong to
    different people, nobody is merged: the evidence names them. 4. Addresses not known yet become the person's.
    5. Nobody known: a new person. 6. Whoever writes from somebody's mail address or line under a name that plainly is
    another person's is that other person, known there by the name (the scope of the contact point).
    """
    told = [addresses_of(raw, company.region_of(raw.source), company.own) for raw in raws]
    points = _known(work, {address for each in told for address in each})
    blocked = blocked_among(work, points.keys() | {address for each in told for address in each})
    found = [_recognise_one(raw, addresses, points) for raw, addresses in zip(raws, told, strict=True)]
    told = [[*each, *named_points(raw, each, points)] for raw, each in zip(raws, told, strict=True)]
    held = [next((blocked[a] for a in addresses if a in blocked), None) for addresses in told]
    return Recognition(found, points, held)


_POINTS = (
    select(
        POINT.c.id, POINT.c.customer_id, POINT.c.kind, POINT.c.scope, POINT.c.value, POINT.c.home_id, POINT.c.evidence,
        POINT.c.import_run_id, CUSTOMER.c.name, CUSTOMER.c.voice,
    )
    .join(CUSTOMER, CUSTOMER.c.id == POINT.c.customer_id)
    .where(among(POINT.c.value, "values"))
)  # fmt: skip


def _known(work: Work, addresses: set[Address]) -> dict[Address, KnownPoint]:
    people: dict[int, Person] = {}
    points: dict[Address, KnownPoint] = {}
    values = sorted({address.value for address in addresses})
    for point_id, customer_id, kind, scope, value, home_id, evidence, run_id, name, voice in (
        work.session.execute(_POINTS, {"values": values}) if values else ()
    ):
        person = people.setdefault(customer_id, Person(customer_id, name, voice=voice))
        address = Address(kind, scope, value)
        points[address] = KnownPoint(person, point_id, home_id, evidence, bool(evidence.get("shared_with")))
        if run_id is not None and (address in addresses or address.scope.startswith(BY_NAME)):
            person.told.add(point_id)
    lines = {point.person for address, point in points.items() if address.kind == "phone" and address in addresses}
    _read_emails(work, {person.id or 0: person for person in lines})
    return points


def _read_emails(work: Work, people: dict[int, Person]) -> None:
    ids = sorted(people)
    for start in range(0, len(ids), PART):
        for customer_id, value in work.session.execute(
            select(ContactPoint.customer_id, ContactPoint.value).where(
                ContactPoint.customer_id.in_(ids[start : start + PART]), ContactPoint.kind == "email"
            )
        ):
            people[customer_id].emails.add(value)


def _recognise_one(raw: RawItem, addresses: list[Address], points: dict[Address, KnownPoint]) -> Recognised | None:
    if not addresses:
        return None
    name = "" if is_nobody(raw.author_name) else raw.author_name.strip()
    addresses = named_points(raw, addresses, points)
    by = next((a for a in addresses if a in points and decides(a, points[a], addresses, name)), None)
    if by is None and all(address in points for address in addresses):
        return None
    person = points[by].person if by else Person(None, name or _shown(addresses))
    others = sorted({points[a].person.id or 0 for a in addresses if a in points and points[a].person is not person})
    _take(person, addresses, points)
    decisive = by or next(address for address in addresses if points[address].person is person)
    evidence: dict[str, Any] = {"kind": decisive.kind, "value": decisive.value}
    if len(addresses) > 1:
        evidence["told"] = [[each.kind, each.value] for each in addresses]
    if others:
        evidence["also_points_to"] = others
    confidence = _STRENGTH[decisive.kind]
    if decisive.kind == "phone" and by and brings_new_email(points[by].person, addresses):
        confidence = _LINE_AND_NAME
    method = f"same {decisive.kind}" if by else "new customer"
    return Recognised(person, method, confidence, evidence, points[decisive])


def _take(person: Person, addresses: list[Address], points: dict[Address, KnownPoint]) -> None:
    """Give the person what nobody has, and note on a line of somebody else's that they share it."""
    for address in addresses:
        point = points.get(address)
        if point is None:
            points[address] = KnownPoint(person)
            person.addresses.append(address)
        elif point.person is not person and address.kind == "phone" and not point.shared:
            point.shared = point.changed = True
        if address.kind == "email":
            person.emails.add(address.value)


def _shown(addresses: list[Address]) -> str:
    """How a person without a name is called; a person's own account before a bare number of the source's."""
    by_kind = {address.kind: address.value for address in addresses}
    return next(by_kind[kind] for kind in ("handle", "email", "phone", "id") if kind in by_kind)


def write(
    work: Work, batch: Recognition, sources: Sequence[str], company: Company, *, run_id: int | None = None
) -> None:
    """Give new people their rows and ids, then keep the new contact points, with the import run that told them."""
    now = work.now()
    people: dict[Person, str] = {}
    for each, source in zip(batch.found, sources, strict=True):
        if each is not None:
            people.setdefault(each.person, source)
    fresh = [person for person in people if person.id is None]
    if fresh:
        for person in fresh:
            person.voice = company.voice_of(people[person]) or Voice.CUSTOMER
        rows = [
            {"name": person.name[:200], "voice": person.voice, "created_at": now, "import_run_id": run_id}
            for person in fresh
        ]
        ids = insert_all(work, Customer, rows, told_apart_by=(Customer.name,))
        for person, new_id in zip(fresh, ids, strict=True):
            person.id = new_id
    points = [
        {
            "customer_id": person.id,
            "home_id": person.id,
            "kind": address.kind,
            "scope": address.scope,
            "value": address.value[:320],
            "source": source,
            "confidence": _STRENGTH[address.kind],
            "evidence": {"method": "told by the source"} | ({"shared_with": True} if _shared(batch, address) else {}),
            "import_run_id": run_id,
            "created_at": now,
        }
        for person, source in people.items()
        for address in person.addresses
    ]
    put_all(work, ContactPoint, points)
    _tell_again(work, {point for person in people for point in person.told}, run_id)
    for point in batch.points.values():
        if point.changed and point.id is not None:
            evidence = point.evidence | {"shared_with": True}
            work.session.execute(update(ContactPoint).where(ContactPoint.id == point.id).values(evidence=evidence))


def points_of(work: Work, customer_ids: Collection[int]) -> dict[int, list[Address]]:
    """Customer -> their contact points."""
    found: dict[int, list[Address]] = {}
    ids = sorted(customer_ids)
    for start in range(0, len(ids), PART):
        rows = work.session.execute(
            select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.scope, ContactPoint.value).where(
                ContactPoint.customer_id.in_(ids[start : start + PART])
            )
        )
        for customer_id, kind, scope, value in rows:
            found.setdefault(customer_id, []).append(Address(kind, scope, value))
    return found


def _tell_again(work: Work, point_ids: set[int], run_id: int | None) -> None:
    """Note that a run told known contact points, too; what no run tells is not taken back with one."""
    ids = sorted(point_ids)
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        if run_id is None:
            work.session.execute(update(ContactPoint).where(ContactPoint.id.in_(part)).values(import_run_id=None))
            continue
        here = select(ContactPointTold.point_id).where(ContactPointTold.run_id == run_id)
        own = select(ContactPoint.id).where(ContactPoint.import_run_id == run_id)
        there = set(work.session.scalars(here.where(ContactPointTold.point_id.in_(part))))
        there |= set(work.session.scalars(own.where(ContactPoint.id.in_(part))))
        put_all(work, ContactPointTold, [{"point_id": each, "run_id": run_id} for each in part if each not in there])


def _shared(batch: Recognition, address: Address) -> bool:
    return batch.points[address].shared
