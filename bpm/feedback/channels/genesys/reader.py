"""Genesys Cloud: transcripts of conversations; `external` is the customer, `internal` the agent.

Recordings of chats and messages hold their lines themselves. Source: developer.genesys.cloud, speech and text
analytics: transcript files (`transcripts`, `phrases`, `participants`), and recordings (`messagingTranscript`).
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


_LINES = ("messagingTranscript", "transcript", "emailTranscript")


def _fits(part: Part) -> bool:
    told = records_in(part.record.get("transcripts"))[:20]
    return any("phrases" in each for each in told) or bool(_messages(part.record))


def _messages(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of a chat's recording; none when it is none."""
    found = next((lines for name in _LINES if (lines := records_in(record.get(name)))), [])
    return found if "conversationId" in record and any(_purpose(each) for each in found[:20]) else []


def _purpose(line: Mapping[str, Any]) -> str:
    return text_at(line, "purpose", "participantPurpose").lower()


def _read(part: Part, context: Context) -> Outcome:
    record, take = part.record, Taker(context)
    lines = _messages(record)
    if lines:
        return _chat(part, context, lines)
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


def _chat(part: Part, context: Context, lines: list[Mapping[str, Any]]) -> Outcome:
    record, take = part.record, Taker(context)
    turns = [
        Turn(text_at(each, "from", "fromUser.name") or _purpose(each), words, role=_ROLES.get(_purpose(each), ""))
        for each in lines
        if (words := text_at(each, "messageText", "body", "chatBody"))
    ]
    first = next((each for each in lines if _ROLES.get(_purpose(each)) == "customer"), lines[0])
    told = Contact(
        key=text_at(record, "conversationId"),
        channel=_CHANNELS.get(text_at(record, "media", "mediaType").lower(), "chat"),
        said_at=take.at(record, "startTime") or take.at(first, "timestamp", "utc"),
        name=_named(first.get("fromExternalContact")),
    )
    return contact(part, context, told, turns=turns, warnings=take.warnings)


def _named(person: Any) -> str:
    return " ".join(filter(None, (text_at(person, "firstName"), text_at(person, "lastName"))))


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
    """The number of the external participant: the one that called (ANI), or that we called (DNIS)."""
    for each in records_in(record.get("participants")):
        if text_at(each, "participantPurpose") in ("external", "customer"):
            is_ours = text_at(each, "initialDirection").lower() == "outbound"
            written = text_at(each, "dnis" if is_ours else "ani").removeprefix("tel:")
            number = written.removeprefix("sip:").partition("@")[0]
            return number if number.lstrip("+").isdigit() else ""
    return ""


SHAPE = Shape("genesys", _fits, _read)
