"""Who takes part in a conversation: authors, those they name or copy, colleagues who answer."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bpm.feedback.bulk import put_all
from bpm.feedback.customers import Address
from bpm.feedback.customers.addresses import email_of, handle_of
from bpm.feedback.models import ContactPoint, ConversationPerson
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Role
from bpm.foundation.work import Work

_MENTION = re.compile(r"(?<![\w@./])@([\w.-]{1,100}\w(?:@[\w-]+(?:\.[\w-]+)+)?)")
MOST_OTHERS = 50
"""Of one item."""
PART = 500


@dataclass(frozen=True)
class Part:
    """Somebody's part in a conversation: a customer by `home_id`, or a colleague by `user_id`."""

    conversation_id: int
    role: Role
    at: datetime
    home_id: int | None = None
    customer_id: int | None = None
    user_id: int | None = None


def others_of(raw: RawItem) -> list[tuple[Role, Address]]:
    """Whom an item names (`@account` in public posts and chats) or copies (To and Cc of a mail)."""
    if raw.channel in ("social", "chat", "review"):
        if "@" not in raw.text:
            return []
        names = dict.fromkeys(handle_of(name) for name in _MENTION.findall(raw.text[:20_000]))
        return [(Role.MENTIONED, Address("handle", raw.source, name)) for name in names if name][:MOST_OTHERS]
    headers = raw.raw.get("headers") if raw.channel == "email" else None
    if not isinstance(headers, list):
        return []
    pairs = (pair for pair in headers if isinstance(pair, list | tuple) and len(pair) == 2)
    written = ",".join(str(value) for name, value in pairs if str(name).lower() in ("to", "cc"))
    emails = dict.fromkeys(email_of(each) for each in written.split(",")[: MOST_OTHERS * 2])
    return [(Role.BYSTANDER, Address("email", "", email)) for email in emails if email][:MOST_OTHERS]


def known_others(work: Work, raws: Sequence[RawItem], own: Collection[Address]) -> list[list[tuple[Role, int, int]]]:
    """Of each item: (role, home, customer) of those named or copied who are known customers."""
    told = [[(role, address) for role, address in others_of(raw) if address not in own] for raw in raws]
    values = sorted({address.value for each in told for _, address in each})
    points: dict[Address, tuple[int, int]] = {}
    for start in range(0, len(values), PART):
        for kind, scope, value, home_id, customer_id in work.session.execute(
            select(
                ContactPoint.kind,
                ContactPoint.scope,
                ContactPoint.value,
                ContactPoint.home_id,
                ContactPoint.customer_id,
            ).where(ContactPoint.value.in_(values[start : start + PART]))
        ):
            points[Address(kind, scope, value)] = (home_id or customer_id, customer_id)
    return [[(role, *points[address]) for role, address in each if address in points] for each in told]


def note_parts(work: Work, parts: Iterable[Part]) -> None:
    """Keep who takes part: new ones are added, the first and last time of known ones moved.

    Who wrote in it is no bystander of it: the roles stand side by side, and screens show the foremost.
    """
    wanted: dict[tuple[int, int | None, int | None, Role], list[Part]] = {}
    for part in parts:
        wanted.setdefault((part.conversation_id, part.home_id, part.user_id, part.role), []).append(part)
    if not wanted:
        return
    known = _known(work, sorted({key[0] for key in wanted}))
    fresh, grown = [], []
    for key, same in wanted.items():
        first, last = min(part.at for part in same), max(part.at for part in same)
        row = known.get(key)
        if row is None:
            values: dict[str, Any] = {"conversation_id": key[0], "home_id": key[1], "user_id": key[2], "role": key[3]}
            fresh.append(values | {"customer_id": same[0].customer_id, "first_at": first, "last_at": last})
        elif first < row[1] or last > row[2]:
            grown.append({"id": row[0], "first_at": min(first, row[1]), "last_at": max(last, row[2])})
    put_all(work, ConversationPerson, fresh)
    if grown:
        work.session.execute(update(ConversationPerson), grown)


def _known(
    work: Work, talk_ids: list[int]
) -> dict[tuple[int, int | None, int | None, Role], tuple[int, datetime, datetime]]:
    found: dict[tuple[int, int | None, int | None, Role], tuple[int, datetime, datetime]] = {}
    for start in range(0, len(talk_ids), PART):
        rows = work.session.scalars(
            select(ConversationPerson).where(ConversationPerson.conversation_id.in_(talk_ids[start : start + PART]))
        )
        for row in rows:
            key = (row.conversation_id, row.home_id, row.user_id, row.role)
            found[key] = (row.id, row.first_at, row.last_at)
    return found
