"""Amazon Connect: calls and chats as Contact Lens analyses them, and transcripts of chats; one contact is one item.

Source: docs.aws.amazon.com/connect, Contact Lens output files (`Transcript`, `Participants`, `CustomerMetadata`), chat
transcripts (`InitialContactId`, `ContentType`) and ListRealtimeContactAnalysisSegments (`Segments`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.calls.roles import CUSTOMER, UNKNOWN, by_words
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, records_in, text_at
from bpm.feedback.channels.rows import Context

_ROLES = {"CUSTOMER": "customer", "AGENT": "agent", "SUPERVISOR": "agent", "SYSTEM": "machine", "CUSTOM_BOT": "machine"}
_CHANNELS = {"VOICE": "call", "CHAT": "chat", "EMAIL": "email", "SMS": "chat"}


_WORDS = ("", "text/plain", "text/markdown")
"""Kinds of content that are words; others are events, cards and what was chosen on them."""


def _fits(part: Part) -> bool:
    said = records_in(part.record.get("Transcript"))[:20]
    return any("ParticipantId" in each or ("ParticipantRole" in each and "Content" in each) for each in said)


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    people = {text_at(each, "ParticipantId"): each for each in records_in(record.get("Participants"))}
    lines = records_in(record["Transcript"])
    said = [each for each in lines if text_at(each, "Content") and text_at(each, "ContentType").split(";")[0] in _WORDS]
    turns = [_turn(each, people) for each in said]
    timed = any("BeginOffsetMillis" in each for each in lines)
    begun = take.at(record, "InitiationTimestamp", "ContactStartTime", "Time", "Timestamp")
    told = Contact(
        key=text_at(record, "ContactId", "CustomerMetadata.ContactId"),
        channel=_CHANNELS.get(text_at(record, "Channel").upper(), "call" if timed else "chat"),
        said_at=begun or take.at(lines[0], "AbsoluteTime"),
        phone=text_at(record, "CustomerEndpoint.Address"),
        name=_customers_name(said),
    )
    return contact(part, context, told, turns=turns, warnings=take.warnings)


def _customers_name(said: Iterable[Mapping[str, Any]]) -> str:
    """The name under which the customer writes in a chat; empty where it only says what he is there."""
    names = [
        text_at(each, "DisplayName") for each in said if text_at(each, "ParticipantRole").upper() == CUSTOMER.upper()
    ]
    return next((name for name in names if name and by_words(name) == UNKNOWN), "")


def _turn(said: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> Turn:
    who = text_at(said, "ParticipantId")
    role = text_at(said, "ParticipantRole") or text_at(people.get(who), "ParticipantRole") or who
    return Turn(
        speaker=text_at(said, "DisplayName") or who or role,
        text=text_at(said, "Content"),
        start=_seconds(said.get("BeginOffsetMillis")),
        end=_seconds(said.get("EndOffsetMillis")),
        role=_ROLES.get(role.upper(), ""),
    )


def _seconds(value: Any) -> float | None:
    return value / 1000 if isinstance(value, int | float) and not isinstance(value, bool) else None


def _expand(part: Part) -> Iterable[Part] | None:
    """Segments of a contact that is going on, as one transcript."""
    said = [each["Transcript"] for each in records_in(part.record.get("Segments")) if _is_said(each)]
    if not said:
        return None
    rest = {name: value for name, value in part.record.items() if name != "Segments"}
    return [Part({**rest, "Transcript": said})]


def _is_said(segment: Mapping[str, Any]) -> bool:
    return isinstance(segment.get("Transcript"), Mapping) and "ParticipantId" in segment["Transcript"]


SHAPE = Shape("amazon_connect", _fits, _read, _expand)
