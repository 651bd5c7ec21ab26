"""Amazon Connect: calls and chats as Contact Lens analyses them; one contact is one item.

Source: docs.aws.amazon.com/connect, Contact Lens output files (`Transcript`, `Participants`, `CustomerMetadata`).
"""

from collections.abc import Mapping
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, records_in, text_at
from bpm.feedback.channels.rows import Context

_ROLES = {"CUSTOMER": "customer", "AGENT": "agent", "SUPERVISOR": "agent", "SYSTEM": "machine", "CUSTOM_BOT": "machine"}
_CHANNELS = {"VOICE": "call", "CHAT": "chat", "EMAIL": "email", "SMS": "chat"}


def _fits(part: Part) -> bool:
    return any("ParticipantId" in each for each in records_in(part.record.get("Transcript"))[:20])


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    people = {text_at(each, "ParticipantId"): each for each in records_in(record.get("Participants"))}
    turns = [_turn(each, people) for each in records_in(record["Transcript"]) if text_at(each, "Content")]
    begun = take.at(record, "InitiationTimestamp", "ContactStartTime", "Time", "Timestamp")
    told = Contact(
        key=text_at(record, "ContactId", "CustomerMetadata.ContactId"),
        channel=_CHANNELS.get(text_at(record, "Channel").upper(), "call"),
        said_at=begun or take.at(records_in(record["Transcript"])[0], "AbsoluteTime"),
        phone=text_at(record, "CustomerEndpoint.Address"),
    )
    return contact(part, context, told, turns=turns, warnings=take.warnings)


def _turn(said: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> Turn:
    who = text_at(said, "ParticipantId")
    role = text_at(said, "ParticipantRole") or text_at(people.get(who), "ParticipantRole") or who
    return Turn(
        speaker=text_at(said, "DisplayName") or who,
        text=text_at(said, "Content"),
        start=_seconds(said.get("BeginOffsetMillis")),
        end=_seconds(said.get("EndOffsetMillis")),
        role=_ROLES.get(role.upper(), ""),
    )


def _seconds(value: Any) -> float | None:
    return value / 1000 if isinstance(value, int | float) and not isinstance(value, bool) else None


SHAPE = Shape("amazon_connect", _fits, _read)
