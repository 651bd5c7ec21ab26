"""Twilio's transcription of a call that is going on: each utterance that is final comes as a message of its own.

The inbound track is who called or was called, the customer; the outbound track is what he hears. Source:
twilio.com/docs/voice/twiml/transcription (`TranscriptionEvent`, `Track`, `TranscriptionData`).
"""

from collections.abc import Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Taker, left_out, text_at
from bpm.feedback.channels.records.parse import loads
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_CONTENT = "transcription-content"


def is_live(record: Mapping[str, Any]) -> bool:
    """Whether a record is a message of a transcription that is going on."""
    return text_at(record, "TranscriptionEvent").startswith("transcription-") and "CallSid" in record


def read_live(record: Mapping[str, Any], context: Context) -> Outcome:
    """The item of one utterance of the customer, or why there is none."""
    if text_at(record, "TranscriptionEvent") != _CONTENT:
        return left_out(_("an event (%(kind)s) in which nothing is said") % {"kind": record["TranscriptionEvent"]})
    if str(record.get("Final", "true")).lower() == "false":
        return left_out(_("a part of words that come whole later"))
    if text_at(record, "Track") == "outbound_track":
        return left_out(_("the company's own words"))
    words = _words(record.get("TranscriptionData"))
    if not words:
        return left_out(_("a message without words"))
    take = Taker(context)
    item = RawItem(
        channel=context.channel or "call",
        source=context.source,
        text=words,
        natural_key=" ".join(filter(None, (text_at(record, "TranscriptionSid"), text_at(record, "SequenceId")))),
        said_at=take.at(record, "Timestamp"),
        thread_key=text_at(record, "CallSid"),
        raw=dict(record),
    )
    return Outcome(item, warnings=take.warnings)


def _words(told: Any) -> str:
    """What was said: the data is an object, or its JSON as a text."""
    if isinstance(told, str):
        try:
            told = loads(told.encode())
        except InvalidInputError:
            return ""
    return text_at(told, "transcript")
