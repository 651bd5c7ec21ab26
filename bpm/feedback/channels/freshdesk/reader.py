"""Freshdesk: tickets and the conversations below them.

`incoming` tells the customer's words; answers, private notes and tickets opened by agents are named.
Source: developers.freshdesk.com/api, Tickets and Conversations.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, left_out, plain_text, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_SOURCES = {"1": "email", "2": "email", "3": "call", "7": "chat", "9": "survey", "10": "email", "13": "chat"}
_OUTBOUND = "10"


def _fits(part: Part) -> bool:
    record = part.record
    return ("body_text" in record and isinstance(record.get("incoming"), bool)) or (
        "description_text" in record and "id" in record
    )


def _read(part: Part, context: Context) -> Outcome:
    said, ticket = part.record, part.around or part.record
    if said.get("private") is True:
        return left_out(_("a private note"))
    if said.get("incoming") is False or (text_at(said, "source") == _OUTBOUND and "description_text" in said):
        return left_out(_("an agent's answer"))
    reply = "body_text" in said
    number = text_at(ticket, "id") or text_at(said, "ticket_id")
    take, person = Taker(context), _person(said, ticket)
    item = RawItem(
        channel=context.channel or _SOURCES.get(text_at(ticket, "source"), "email"),
        source=context.source,
        text=text_at(said, "body_text", "description_text") or plain_text(text_at(said, "body", "description")),
        natural_key=f"reply {text_at(said, 'id')}" if reply else f"ticket {number}",
        said_at=take.at(said, "created_at"),
        subject=text_at(ticket, "subject"),
        author_name=text_at(person, "name"),
        author_email=text_at(person, "email") or (text_at(said, "from_email") if reply else ""),
        author_phone=text_at(person, "phone", "mobile"),
        author_id=text_at(said, "user_id", "requester_id"),
        thread_key=f"ticket {number}" if number else "",
        raw=dict(said),
    )
    return Outcome(item, warnings=take.warnings)


def _person(said: Mapping[str, Any], ticket: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = ticket.get("requester")
    same = text_at(said, "user_id", "requester_id") in ("", text_at(ticket, "requester_id"), text_at(asked, "id"))
    return asked if isinstance(asked, Mapping) and same else {}


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    replies = records_in(record.get("conversations"))
    if "description_text" not in record or not replies:
        return None
    ticket = {name: value for name, value in record.items() if name != "conversations"}
    return [Part(ticket), *(Part(each, ticket) for each in replies)]


SHAPE = Shape("freshdesk", _fits, _read, _expand)
