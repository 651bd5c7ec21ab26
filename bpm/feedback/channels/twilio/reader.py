"""Twilio: sentences of a transcript (Conversational Intelligence); the channels' roles as the transcript tells them.

Without its participants nobody knows which channel is the customer's: `_agents` says it ("channel 1"). Source:
twilio.com/docs/conversational-intelligence, Transcript and Sentence (`media_channel`, `transcript`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, first, get, records_in, text_at
from bpm.feedback.channels.rows import Context

_ROLES = {
    "customer": "customer",
    "agent": "agent",
    "human agent": "agent",
    "supervisor": "agent",
    "virtual agent": "machine",
}


def _fits(part: Part) -> bool:
    return any(_is_sentence(each) for each in records_in(part.record.get("sentences"))[:20])


def _is_sentence(record: Mapping[str, Any]) -> bool:
    return "transcript" in record and ("media_channel" in record or "mediaChannel" in record)


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    people = records_in(get(record, "channel.participants")) or records_in(record.get("participants"))
    role_of = {text_at(each, "channel_participant", "channelParticipant"): each for each in people}
    turns = [_turn(each, role_of) for each in records_in(record["sentences"])]
    customer = next((each for each in people if text_at(each, "role").lower() == "customer"), {})
    told = Contact(
        key=text_at(record, "sid", "transcript_sid", "customer_key") or _sid(record),
        channel="call",
        said_at=take.at(record, "media_start_time", "mediaStartTime"),
        phone=text_at(customer, "media_participant_id"),
        name=text_at(customer, "full_name"),
        email=text_at(customer, "email"),
    )
    return contact(part, context, told, turns=turns, warnings=take.warnings)


def _turn(said: Mapping[str, Any], role_of: Mapping[str, Mapping[str, Any]]) -> Turn:
    number = text_at(said, "media_channel", "mediaChannel")
    role = text_at(role_of.get(number), "role")
    return Turn(
        speaker=text_at(role_of.get(number), "full_name") or role or f"channel {number}",
        text=text_at(said, "transcript"),
        start=_seconds(first(said, "start_time", "startTime")),
        end=_seconds(first(said, "end_time", "endTime")),
        role=_ROLES.get(role.lower(), ""),
    )


def _seconds(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _sid(record: Mapping[str, Any]) -> str:
    """The transcript's id as the address of a page of sentences tells it."""
    parts = text_at(record, "meta.url").split("/Transcripts/")
    return parts[1].split("/")[0] if len(parts) == 2 else ""


def _expand(part: Part) -> Iterable[Part] | None:
    """A page that holds the transcript beside its sentences."""
    inner = part.record.get("transcript")
    if not isinstance(inner, Mapping) or not records_in(part.record.get("sentences")):
        return None
    return [Part({**inner, "sentences": part.record["sentences"]})]


SHAPE = Shape("twilio", _fits, _read, _expand)
