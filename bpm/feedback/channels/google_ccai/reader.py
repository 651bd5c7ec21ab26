"""Google's contact centre: conversations as they are uploaded (`entries`), as the interface answers them, as exported.

Source: cloud.google.com/contact-center/insights, conversation data format, the Conversation resource (its names in
either spelling) and the export's table (`sentences`).
"""

from collections.abc import Mapping
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, records_in, text_at
from bpm.feedback.channels.rows import Context

_ROLES = {"CUSTOMER": "customer", "END_USER": "customer", "AGENT": "agent", "HUMAN_AGENT": "agent",
          "AUTOMATED_AGENT": "machine", "ANY_AGENT": "agent"}  # fmt: skip
_SINCE_1970 = 10**14
"""Microseconds beyond which a time counts from 1970 and not from the beginning of the call."""


def _fits(part: Part) -> bool:
    uploaded = any(
        "start_timestamp_usec" in each and "role" in each for each in records_in(part.record.get("entries"))[:20]
    )
    return uploaded or bool(_segments(part.record))


def _segments(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    exported = [each for each in records_in(record.get("sentences")) if "participantRole" in each]
    return (
        records_in(get(record, "transcript.transcriptSegments"))
        or records_in(get(record, "transcript.transcript_segments"))
        or exported
    )


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    entries = records_in(record.get("entries"))
    turns = [_entry(each) for each in entries] or [_segment(each) for each in _segments(record)]
    begun = take.at(record, "startTime", "start_time", "startTimestampUtc", "createTime", "create_time")
    if begun is None and entries and _usec(entries[0]) > _SINCE_1970:
        begun = take.at({"start": _usec(entries[0]) // 1_000_000}, "start")
    told = Contact(
        key=text_at(record, "name", "conversationName", "conversation_id", "conversationId"),
        channel="chat" if text_at(record, "medium") == "CHAT" else "call",
        said_at=begun,
    )
    return contact(part, context, told, turns=[each for each in turns if each.text], warnings=take.warnings)


def _usec(entry: Mapping[str, Any]) -> int:
    written = text_at(entry, "start_timestamp_usec")
    return int(written) if written.isdigit() and len(written) < 20 else 0


def _entry(entry: Mapping[str, Any]) -> Turn:
    role = text_at(entry, "role")
    return Turn(
        f"{role} {text_at(entry, 'user_id')}".strip(), text_at(entry, "text"), role=_ROLES.get(role.upper(), "")
    )


def _segment(segment: Mapping[str, Any]) -> Turn:
    role = text_at(segment, "segmentParticipant.role", "segment_participant.role", "participantRole")
    who = text_at(segment, "segmentParticipant.userId", "segment_participant.user_id", "participantId")
    who = who or f"channel {text_at(segment, 'channelTag', 'channel_tag')}"
    return Turn(f"{role} {who}".strip(), text_at(segment, "text", "sentence"), role=_ROLES.get(role.upper(), ""))


SHAPE = Shape("google_ccai", _fits, _read)
