"""Intercom: conversations with their parts, from the interface or from webhooks.

Users, leads and contacts are customers; admins, bots, teams, notes and parts without words are named.
Source: developers.intercom.com, the conversation model.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, left_out, plain_text, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_CUSTOMERS = frozenset(("user", "lead", "contact", "visitor"))
_CHANNELS = {"email": "email", "phone_call": "call", "twitter": "social", "facebook": "social", "instagram": "social"}


def _fits(part: Part) -> bool:
    record = part.record
    author = isinstance(record.get("author"), Mapping) and "type" in record["author"]
    return author and ("part_type" in record or "delivered_as" in record or record.get("type") == "conversation_part")


def _read(part: Part, context: Context) -> Outcome:
    said, talk = part.record, part.around
    kind = text_at(said, "part_type")
    if kind == "note":
        return left_out(_("a private note"))
    words = plain_text(text_at(said, "body"))
    if not words:
        return left_out(_("a part of a conversation without words"))
    if text_at(said, "author.type") not in _CUSTOMERS:
        return left_out(_("the company's own words"))
    take, number = Taker(context), text_at(talk, "id")
    item = RawItem(
        channel=context.channel or _CHANNELS.get(text_at(talk, "source.type") or text_at(said, "type"), "chat"),
        source=context.source,
        text=words,
        natural_key=f"{number} {text_at(said, 'id')}".strip(),
        said_at=take.at(said, "created_at") or take.at(talk, "created_at"),
        subject=plain_text(text_at(said, "subject") or text_at(talk, "title")),
        author_name=text_at(said, "author.name"),
        author_email=text_at(said, "author.email"),
        author_id=text_at(said, "author.id"),
        thread_key=f"conversation {number}" if number else "",
        raw=dict(said),
    )
    return Outcome(item, warnings=take.warnings)


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    item = get(record, "data.item")
    if record.get("type") == "notification_event" and isinstance(item, Mapping):
        return [Part(item)]
    if not isinstance(record.get("source"), Mapping) or not isinstance(get(record, "source.author"), Mapping):
        return None
    talk: dict[str, Any] = {name: value for name, value in record.items() if name != "conversation_parts"}
    source = {"delivered_as": "", **record["source"]}
    return [Part(each, talk) for each in (source, *records_in(get(record, "conversation_parts.conversation_parts")))]


SHAPE = Shape("intercom", _fits, _read, _expand)
