"""Whether a contact point that is known says who it is, and under which one a name is known at a shared one. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bpm.feedback.customers.addresses import Address
from bpm.feedback.customers.naming import are_two_people, folded, names_agree
from bpm.feedback.nobody import is_nobody
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Voice

BY_NAME = "name "
"""What the scope of a contact point begins with that is one of several people's at the same address or line."""


@dataclass(eq=False)
class Person:
    """A customer while a batch is decided; `id` is None until it is written."""

    id: int | None
    name: str
    addresses: list[Address] = field(default_factory=list)
    """The new ones, to be written."""
    emails: set[str] = field(default_factory=set)
    """Every mail address they are known by."""
    voice: Voice | None = None
    told: set[int] = field(default_factory=set)
    """Ids of the contact points known already that the batch tells again, but for those nothing can take back."""


@dataclass(eq=False)
class KnownPoint:
    """A contact point while a batch is decided: whose it is, and who else uses the line.

    `home_id` is whose it is by itself, `person` whom that customer is one with (see `ContactPoint`).
    """

    person: Person
    id: int | None = None
    home_id: int | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    shared: bool = False
    changed: bool = False


def named_points(raw: RawItem, addresses: Sequence[Address], points: dict[Address, KnownPoint]) -> list[Address]:
    """The addresses; instead of those that are another person's the ones by which this name is known there."""
    return [_as_named(address, raw.author_name, points) for address in addresses]


def _as_named(address: Address, name: str, points: dict[Address, KnownPoint]) -> Address:
    point = points.get(address)
    if point is None or address.kind not in ("email", "phone") or is_nobody(name):
        return address
    if not are_two_people(name, point.person.name):
        return address
    if not point.shared:
        point.shared = point.changed = True
    return Address(address.kind, f"{BY_NAME}{_told_apart(name, address)}", address.value)


def _told_apart(name: str, address: Address) -> str:
    """What a name is called at an address: nothing that tells the name to whoever does not know both."""
    return hashlib.sha256(f"{folded(name)} {address.value}".encode()).hexdigest()[:16]


def decides(address: Address, point: KnownPoint, addresses: list[Address], name: str) -> bool:
    """Whether the known contact point says who it is: a line does not, when somebody else may speak on it."""
    if address.kind == "email" and point.shared:
        return bool(name)
    if address.kind != "phone" or address.scope:
        return True
    agrees = bool(name) and names_agree(name, point.person.name)
    brings_email = any(each.kind == "email" and each.value not in point.person.emails for each in addresses)
    if point.shared or (brings_email and point.person.emails):
        return agrees
    return agrees or not brings_email or not name or not _is_named(point.person)


def _is_named(person: Person) -> bool:
    return any(letter.isalpha() for letter in person.name) and "@" not in person.name


def brings_new_email(person: Person, addresses: list[Address]) -> bool:
    """Whether the item brings a mail address while the person is known by others."""
    told = {address.value for address in addresses if address.kind == "email"}
    return bool(told and person.emails and not told & person.emails)
