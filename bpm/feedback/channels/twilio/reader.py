"""Twilio: sentences of a transcript (Conversational Intelligence), text messages, conversations, live transcription.

Without a transcript's participants nobody knows which channel is the customer's: `_agents` says it ("channel 1"). Of
messages the inbound ones are the customer's. Source: twilio.com/docs/conversational-intelligence, Transcript and
Sentence (`media_channel`, `transcript`); twilio.com/docs/messaging, Message (`direction`, `from`, `body`) and what its
webhook sends (`MessageSid`, `Body`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, first, get, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.channels.twilio.live import is_live, read_live
from bpm.feedback.channels.twilio.talk import grouped, is_talk, read_talk
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_ROLES = {
    "customer": "customer",
    "agent": "agent",
    "human agent": "agent",
    "supervisor": "agent",
    "virtual agent": "machine",
}


_OURS = ("outbound-api", "outbound-call", "outbound-reply")


def _fits(part: Part) -> bool:
    told = is_talk(part.record) or is_live(part.record) or _is_message(part.record)
    return told or any(_is_sentence(each) for each in records_in(part.record.get("sentences"))[:20])


def _is_sentence(record: Mapping[str, Any]) -> bool:
    return "transcript" in record and ("media_channel" in record or "mediaChannel" in record)


def _is_message(record: Mapping[str, Any]) -> bool:
    logged = text_at(record, "direction") in ("inbound", *_OURS) and "sid" in record and "body" in record
    return logged or ("MessageSid" in record and "Body" in record and "From" in record)


def _message(message: Mapping[str, Any], context: Context) -> Outcome:
    if text_at(message, "direction") in _OURS:
        return left_out(_("the company's own words"))
    words, sender = text_at(message, "body", "Body"), text_at(message, "from", "From")
    if not words:
        return left_out(_("a message without words"))
    take, number = Taker(context), sender.rpartition(":")[2]
    item = RawItem(
        channel=context.channel or "chat",
        source=context.source,
        text=words,
        natural_key=text_at(message, "sid", "MessageSid"),
        said_at=take.at(message, "date_sent", "date_created"),
        author_phone=number if number.startswith("+") else "",
        author_name=text_at(message, "ProfileName"),
        raw=dict(message),
    )
    return Outcome(item, warnings=take.warnings)


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    if is_talk(record):
        return read_talk(record, context)
    if is_live(record):
        return read_live(record, context)
    if _is_message(record):
        return _message(record, context)
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
    """A page of messages, or one that holds the transcript beside its sentences."""
    messages = records_in(part.record.get("messages"))
    if messages and all(map(is_talk, messages)):
        return grouped(messages)
    if messages and all(map(_is_message, messages)):
        return [Part(each) for each in messages]
    inner = part.record.get("transcript")
    if not isinstance(inner, Mapping) or not records_in(part.record.get("sentences")):
        return None
    return [Part({**inner, "sentences": part.record["sentences"]})]


SHAPE = Shape("twilio", _fits, _read, _expand)
