"""300 labelled hops of people: who wrote before, who writes now on another way, and whether that is the same person.

Made from kinds that are hard: families and offices that share an address or a line, new surnames, short names, a
number typed wrong, namesakes, placeholders, our own accounts. `same` None: nobody is known, then or now.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

GIVEN = ("Mia", "Jon", "Kate", "Tomas", "Olga", "Peer", "Ruth", "Emil", "Zoe", "Karl", "Ines", "Hugo")
SURNAMES = ("Berg", "Lindqvist", "Okafor", "Marchetti", "Novak", "Tanaka", "Fischer", "Moreau", "Silva", "Yilmaz")
SHORT = (("Robert", "Bob"), ("William", "Bill"), ("Elizabeth", "Liz"), ("Johannes", "Hannes"), ("Katherine", "Kate"))
OURS = "help@shop.example"
PLACEHOLDERS: tuple[dict[str, Any], ...] = (
    {"author_email": "noreply@forms.example"}, {"author_handle": "anonymous"}, {"author_phone": "000000"},
    {"author_handle": "[deleted]"}, {"author_name": "Guest"}, {"author_email": OURS}, {"author_handle": "@shop_help"},
)  # fmt: skip
Fields = dict[str, Any]


@dataclass(frozen=True)
class PersonHop:
    """What is told of the author before and now, and what is true of them."""

    kind: str
    before: Fields
    now: Fields
    same: bool | None


def make(count: int = 300, seed: int = 13) -> list[PersonHop]:
    """`count` hops, the same ones every time; each has a house of its own, so that hops do not meet."""
    draw = Random(seed)
    return [_KINDS[place % len(_KINDS)](draw, place) for place in range(count)]


def _two(draw: Random) -> tuple[str, str, str, str]:
    """Two given names that are not alike, two surnames."""
    one, other = draw.sample(GIVEN, 2)
    first, second = draw.sample(SURNAMES, 2)
    return one, other, first, second


def _mail(place: int, local: str = "post") -> str:
    return f"{local}@house{place}.example.org"


def _line(place: int, add: int = 0) -> str:
    return f"+4930{7000000 + 10 * place + add}"


def _other_notation(draw: Random, place: int) -> PersonHop:
    one, _, first, _ = _two(draw)
    shown = draw.choice((f"{first}, {one}", f"{one[0]}. {first}", one, f"{one} {first}".upper(), f"Dr. {one} {first}"))
    written = draw.choice((_mail(place).upper(), f"{one} <{_mail(place)}>", f"mailto:{_mail(place)}"))
    before = {"author_name": f"{one} {first}", "author_email": _mail(place)}
    return PersonHop("other notation", before, {"author_name": shown, "author_email": written}, same=True)


def _family_mail(draw: Random, place: int) -> PersonHop:
    one, other, first, _ = _two(draw)
    mail = {"author_email": _mail(place, f"the.{first.lower()}s")}
    before, now = {"author_name": f"{one} {first}", **mail}, {"author_name": f"{other} {first}", **mail}
    return PersonHop("family on one address", before, now, same=False)


def _role_mailbox(draw: Random, place: int) -> PersonHop:
    one, other, first, second = _two(draw)
    mail = {"author_email": _mail(place, draw.choice(("office", "info", "buchhaltung")))}
    before, now = {"author_name": f"{one} {first}", **mail}, {"author_name": f"{other} {second}", **mail}
    return PersonHop("role mailbox", before, now, same=False)


def _new_surname(draw: Random, place: int) -> PersonHop:
    one, _, first, second = _two(draw)
    now = draw.choice((f"{one} {second}", f"{one} {first}-{second}"))
    mail = {"author_email": _mail(place)}
    return PersonHop("new surname", {"author_name": f"{one} {first}", **mail}, {"author_name": now, **mail}, same=True)


def _short_name(draw: Random, place: int) -> PersonHop:
    (long, short), surname = draw.choice(SHORT), draw.choice(SURNAMES)
    mail = {"author_email": _mail(place)}
    before, now = {"author_name": f"{long} {surname}", **mail}, {"author_name": f"{short} {surname}", **mail}
    return PersonHop("short name", before, now, same=True)


def _mistyped_number(draw: Random, place: int) -> PersonHop:
    """The number now given is a stranger's; the stranger is who came before."""
    one, other, first, second = _two(draw)
    before = {"author_name": f"{one} {first}", "author_email": _mail(place), "author_phone": _line(place)}
    now = {"author_name": f"{other} {second}", "author_email": _mail(place, "own"), "author_phone": _line(place)}
    return PersonHop("a stranger's number", before, now, same=False)


def _namesake(draw: Random, place: int) -> PersonHop:
    one, _, first, _ = _two(draw)
    name = {"author_name": f"{one} {first}"}
    before, now = {**name, "author_email": _mail(place)}, {**name, "author_email": _mail(place, "another")}
    return PersonHop("namesake", before, now, same=False)


def _nobody(draw: Random, place: int) -> PersonHop:
    told = draw.choice(PLACEHOLDERS)
    return PersonHop("nobody", told, told, same=None)


def _family_line(draw: Random, place: int) -> PersonHop:
    one, other, first, _ = _two(draw)
    line = {"author_phone": _line(place)}
    before, now = {"author_name": f"{one} {first}", **line}, {"author_name": f"{other} {first}", **line}
    return PersonHop("family on one line", before, now, same=False)


def _mail_then_call(draw: Random, place: int) -> PersonHop:
    one, _, first, _ = _two(draw)
    before = {"author_name": f"{one} {first}", "author_email": _mail(place), "author_phone": _line(place)}
    spoken = {"author_phone": _line(place).replace("+49", "0049 "), "channel": "call", "source": "calls"}
    return PersonHop("mail, then call", before, spoken, same=True)


def _handle_elsewhere(draw: Random, place: int) -> PersonHop:
    handle = {"author_handle": f"{draw.choice(GIVEN).lower()}_{place}", "channel": "social"}
    before, now = {**handle, "source": "one network"}, {**handle, "source": "another network"}
    return PersonHop("same handle elsewhere", before, now, same=False)


def _shared_device(draw: Random, place: int) -> PersonHop:
    one, other, first, second = _two(draw)
    line = {"author_phone": _line(place), "channel": "chat", "source": "whatsapp"}
    before, now = {"author_name": f"{one} {first}", **line}, {"author_name": f"{other} {second}", **line}
    return PersonHop("shared device", before, now, same=False)


def _new_address(draw: Random, place: int) -> PersonHop:
    """The same person with nothing in common but the name: a person has to say so."""
    one, _, first, _ = _two(draw)
    name = {"author_name": f"{one} {first}"}
    before, now = {**name, "author_email": _mail(place)}, {**name, "author_email": _mail(place, "new")}
    return PersonHop("new address", before, now, same=True)


def _new_mail_on_own_line(draw: Random, place: int) -> PersonHop:
    one, _, first, _ = _two(draw)
    told = {"author_name": f"{one} {first}", "author_phone": _line(place)}
    before, now = {**told, "author_email": _mail(place)}, {**told, "author_email": _mail(place, "work")}
    return PersonHop("new address, own line", before, now, same=True)


def _member_number(draw: Random, place: int) -> PersonHop:
    one, _, first, second = _two(draw)
    told = {"author_id": f"member {place}", "source": "shop"}
    before = {**told, "author_name": f"{one} {first}", "author_email": _mail(place)}
    return PersonHop(
        "member number", before, {**told, "author_name": f"{one} {second}", "channel": "survey"}, same=True
    )


_KINDS = (
    _other_notation, _family_mail, _role_mailbox, _new_surname, _short_name, _mistyped_number, _namesake, _nobody,
    _family_line, _mail_then_call, _handle_elsewhere, _shared_device, _new_address, _new_mail_on_own_line,
    _member_number,
)  # fmt: skip
