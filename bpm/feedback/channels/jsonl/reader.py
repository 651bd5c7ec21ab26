"""Objects whose fields tell by their names what they hold, with `text` or with the `turns` of a call or chat."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bpm.feedback.channels.calls import Turn, told
from bpm.feedback.channels.fields import Columns, guess, read_record
from bpm.feedback.channels.records import Outcome, is_own, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.foundation.texts import _

_TURNS = ("turns", "utterances", "messages", "transcript", "Transcript", "dialogue", "dialog", "segments", "entries",
          "conversation", "chat", "thread", "history", "sentences", "phrases", "lines")  # fmt: skip
_DEEPEST = 3
"""Objects within objects in which turns are looked for."""
_SPEAKERS = (
    "role", "participant_type", "participantType", "speaker.role", "speaker", "participant_role", "participantRole",
    "participant", "author.role",
    "author.type", "author.name", "author", "sender_type", "sender.type", "sender.role", "sender.name", "sender",
    "from.role", "from.name", "from", "speaker_name", "speakerName", "speakerId", "speaker_id", "name", "user",
    "type",
)  # fmt: skip
_SAID = ("text", "content", "message", "body", "utterance", "transcript", "message.text", "message.content")
_SIDE = ("role", "sender_type", "senderType", "author_type", "authorType", "author.type", "sender.type", "direction",
         "message_type", "messageType")  # fmt: skip
_EVENT = ("event", "event_type", "eventType", "event_name", "topic", "action", "hook_event", "trigger", "webhookEvent")
"""Where webhooks say what happened."""
_DELETED = ("deleted", "is_deleted", "isDeleted", "removed")
_OURS = frozenset(("agent", "bot", "system", "assistant", "staff", "admin", "operator", "outgoing", "outbound",
                   "activity"))  # fmt: skip


def read_plain(record: Mapping[str, Any], context: Context) -> Outcome:
    """The item that one object tells; InvalidInputError names the field that does not fit."""
    why = "" if context.option("everything") else _not_the_customers(record)
    if why:
        return left_out(why)
    flat = flatten(record)
    fields = context.columns or guess(flat)
    kind = text_at(record, *_EVENT)[:60]
    if kind and not _tells_something(record, flat, fields):
        return left_out(_("an event (%(kind)s) in which nothing is said") % {"kind": kind})
    # Words with a score, told by nobody to be anything else, are a review.
    usual = "review" if {"text", "rating"} <= set(fields.values()) else ""
    spoken = [turn for turn in map(_turn, _turns_in(record, _DEEPEST)) if turn.text]
    usual = usual or ("call" if any(turn.start is not None for turn in spoken) else "")
    built = read_record(flat, Columns(fields, channel=usual), context)
    if "_own" in context.mapping and is_own(
        context, built.item.author_email, built.item.author_handle, built.item.author_id
    ):
        return left_out(_("the company's own words"))
    item = replace(built.item, raw=dict(record))
    if not spoken or (item.text and not _is_all_of(item.text, spoken)):
        return Outcome(item, warnings=built.warnings)
    call = told(spoken, context)
    if not call.text.strip():
        return left_out(_("a call in which only the company's side speaks"))
    return Outcome(replace(item, text=call.text, extra=call.extra), warnings=(*built.warnings, *call.warnings))


def _tells_something(record: Mapping[str, Any], flat: Mapping[str, Any], fields: Mapping[str, str]) -> bool:
    """Whether words, a score or turns stand in an object."""
    said = any(str(flat.get(name) or "").strip() for name, field in fields.items() if field in ("text", "rating"))
    return said or bool(_turns_in(record, _DEEPEST))


def _not_the_customers(record: Mapping[str, Any]) -> str:
    """Why an object is not the customer's word; empty when it may be."""
    if any(text_at(record, name).lower() in _OURS for name in _SIDE):
        return _("the company's own words")
    if any(record.get(name) is True for name in _DELETED):
        return _("deleted or removed: its words are gone")
    private = record.get("private") is True or record.get("internal") is True
    return _("a private note") if private else ""


def flatten(record: Mapping[str, Any], *, depth: int = 3) -> dict[str, Any]:
    """Fields of inner objects become `outer.inner`, `depth` levels deep; lists stay out (the raw record keeps them)."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            inner = flatten(value, depth=depth - 1) if depth else {}
            flat.update({f"{name}.{part}": what for part, what in inner.items()})
        elif not isinstance(value, list):
            flat[name] = value
    return flat


def _is_all_of(text: str, turns: Sequence[Turn]) -> bool:
    """Whether a text beside turns holds the words of all who speak, so that it is nobody's alone."""
    several = len({turn.speaker for turn in turns}) > 1
    return several and all(turn.text.strip() in text for turn in turns[:20])


def _turns_in(record: Mapping[str, Any], depth: int) -> list[Mapping[str, Any]]:
    """The turns in an object, or in the objects inside of it."""
    found = next((found for name in _TURNS if (found := records_in(record.get(name)))), None)
    if found is not None or not depth:
        return found or []
    inner = (_turns_in(value, depth - 1) for value in record.values() if isinstance(value, Mapping))
    return next((turns for turns in inner if turns), [])


def _turn(turn: Mapping[str, Any]) -> Turn:
    sentences = records_in(turn.get("sentences"))
    return Turn(
        speaker=text_at(turn, *_SPEAKERS),
        text=text_at(turn, *_SAID) or " ".join(text_at(each, *_SAID) for each in sentences),
        start=_seconds(sentences[0] if sentences else turn, "start"),
        end=_seconds(turn, "end"),
    )


def _seconds(turn: Mapping[str, Any], name: str) -> float | None:
    value = next((turn[each] for each in (name, f"{name}_time", f"{name}Time") if each in turn), None)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
