"""Genesys Cloud: transcripts of conversations; `external` is the customer, `internal` the agent.

Source: developer.genesys.cloud, speech and text analytics: transcript files (`transcripts`, `phrases`, `participants`).
"""

from collections.abc import Mapping
from typing import Any

from bpm.feedback.channels.calls import Turn
from bpm.feedback.channels.calls.contacts import Contact, contact
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, records_in, text_at
from bpm.feedback.channels.rows import Context

_ROLES = {"external": "customer", "customer": "customer", "internal": "agent", "agent": "agent", "user": "agent",
          "acd": "machine", "ivr": "machine", "bot": "machine", "botflow": "machine", "workflow": "machine",
          "voicemail": "machine"}  # fmt: skip
_CHANNELS = {
    "message": "chat",
    "chat": "chat",
    "webmessaging": "chat",
    "email": "email",
    "call": "call",
    "voice": "call",
}


def _fits(part: Part) -> bool:
    return any("phrases" in each for each in records_in(part.record.get("transcripts"))[:20])


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    phrases = [each for told in records_in(record["transcripts"]) for each in records_in(told.get("phrases"))]
    begun = _number(record, "conversationStartTime") or _number(record, "startTime")
    turns = [_turn(each, begun) for each in phrases if text_at(each, "text", "decoratedText")]
    told = Contact(
        key=text_at(record, "conversationId", "communicationId"),
        channel=_CHANNELS.get(text_at(record, "mediaType").lower(), "call"),
        said_at=take.at(record, "conversationStartTime", "startTime"),
        phone=_phone(record),
    )
    return contact(part, context, told, turns=turns, warnings=take.warnings)


def _turn(phrase: Mapping[str, Any], begun: float | None) -> Turn:
    who = text_at(phrase, "participantPurpose") or f"participant {text_at(phrase, 'participantId')}".strip()
    start, lasts = _number(phrase, "startTimeMs"), _number(phrase, "duration.milliseconds")
    from_start = start - begun if start is not None and begun and start >= begun else start
    return Turn(
        speaker=who,
        text=text_at(phrase, "text", "decoratedText"),
        start=from_start / 1000 if from_start is not None else None,
        end=(from_start + lasts) / 1000 if from_start is not None and lasts is not None else None,
        role=_ROLES.get(who.lower(), ""),
    )


def _number(record: Mapping[str, Any], path: str) -> float | None:
    value = get(record, path)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _phone(record: Mapping[str, Any]) -> str:
    """The caller's number (ANI) of the external participant."""
    for each in records_in(record.get("participants")):
        if text_at(each, "participantPurpose") in ("external", "customer"):
            return text_at(each, "ani").removeprefix("tel:")
    return ""


SHAPE = Shape("genesys", _fits, _read)
