"""Twilio Conversations: a page of messages is one chat, a message that comes alone is one item of it.

Who writes from a telephone number or an account of a messenger is the customer; `system` is a machine. Source:
twilio.com/docs/conversations, Message (`conversation_sid`, `author`, `body`) and `onMessageAdded` (`ConversationSid`,
`Author`, `Body`).
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.calls.roles import AGENT, CUSTOMER, MACHINE, is_number, roles
from bpm.feedback.channels.records import Outcome, Part, Taker, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_HELD = "conversation_messages"
_MESSENGERS = ("whatsapp:", "messenger:")


def is_talk(record: Mapping[str, Any]) -> bool:
    """Whether a record is a message of a conversation, or several that `grouped` put together."""
    if records_in(record.get(_HELD)):
        return True
    told = bool(text_at(record, "conversation_sid", "ConversationSid")) and ("author" in record or "Author" in record)
    return told and ("body" in record or "Body" in record)


def grouped(messages: Iterable[Mapping[str, Any]]) -> list[Part]:
    """One part for each conversation of a page."""
    ordered = sorted(messages, key=_conversation)
    return [Part({"sid": sid, _HELD: list(each)}) for sid, each in groupby(ordered, _conversation)]


def read_talk(record: Mapping[str, Any], context: Context) -> Outcome:
    """The item of a chat or of one message; InvalidInputError when nobody can tell who is the customer."""
    messages = records_in(record.get(_HELD))
    return _whole(record, messages, context) if messages else _alone(record, context)


def _whole(record: Mapping[str, Any], messages: list[Mapping[str, Any]], context: Context) -> Outcome:
    take = Taker(context)
    said = [each for each in sorted(messages, key=_place) if _words(each)]
    turns = [Turn(speaker=_author(each), text=_words(each), role=_role(_author(each))) for each in said]
    theirs = [each for each in said if _role(_author(each)) == CUSTOMER]
    told = Contact(
        key=text_at(record, "sid"),
        channel="chat",
        said_at=take.at((theirs or said or messages)[0], "date_created", "DateCreated"),
        phone=_phone(_author(theirs[0])) if theirs else "",
    )
    return contact(Part(record), context, told, turns=turns, warnings=take.warnings)


def _alone(message: Mapping[str, Any], context: Context) -> Outcome:
    words, author = _words(message), _author(message)
    if not words:
        return left_out(_("a message without words"))
    role = roles({author: _role(author)}, context)[author]
    if role == AGENT:
        return left_out(_("the company's own words"))
    if role == MACHINE:
        return left_out(_("a machine's words"))
    take, phone = Taker(context), _phone(author)
    item = RawItem(
        channel=context.channel or "chat",
        source=context.source,
        text=words,
        natural_key=text_at(message, "sid", "MessageSid"),
        said_at=take.at(message, "date_created", "DateCreated"),
        thread_key=_conversation(message),
        author_phone=phone,
        author_handle="" if phone else author,
        raw=dict(message),
    )
    return Outcome(item, warnings=take.warnings)


def _conversation(message: Mapping[str, Any]) -> str:
    return text_at(message, "conversation_sid", "ConversationSid")


def _place(message: Mapping[str, Any]) -> int:
    written = text_at(message, "index", "Index")
    return int(written) if written.isdecimal() else 0


def _words(message: Mapping[str, Any]) -> str:
    return text_at(message, "body", "Body")


def _author(message: Mapping[str, Any]) -> str:
    return text_at(message, "author", "Author")


def _role(author: str) -> str:
    if author == "system":
        return MACHINE
    return CUSTOMER if author.startswith(_MESSENGERS) or is_number(author) else ""


def _phone(author: str) -> str:
    number = author.rpartition(":")[2]
    return number if is_number(number) else ""
