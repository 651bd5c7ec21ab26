"""Chatwoot: messages of webhooks, of its interface and of exports with conversations around them.

Only incoming messages are the customer's; `account` is the company's own. Outgoing ones, private notes, activity
lines, events without words and deleted messages are named. Source: chatwoot.com/docs, webhooks and the messages API.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, left_out, plain_text, records_in, text_at
from bpm.feedback.channels.rows import OWN_KEY, Context, DeliveryReport
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_KINDS = {"0": "incoming", "1": "outgoing", "2": "activity", "3": "template"}
_STATES = {"delivered": "delivered", "read": "delivered", "failed": "permanent_failure"}
_CHANNELS = {"Channel::Email": "email", "Channel::FacebookPage": "social", "Channel::TwitterProfile": "social",
             "Channel::Instagram": "social", "Channel::Voice": "call"}  # fmt: skip


def _fits(part: Part) -> bool:
    record = part.record
    if text_at(record, "event").startswith(("conversation_", "automation_event.")) and "message_type" not in record:
        return True
    here = "inbox" in record or "inbox_id" in record or "conversation" in record or "conversation_id" in record
    if "message_type" in record and (here or "account" in record or "meta" in part.around):
        return True
    return isinstance(record.get("event"), str) and (here or isinstance(record.get("account"), Mapping))


def _read(part: Part, context: Context) -> Outcome:
    message = part.record
    if "message_type" not in message:
        kind = text_at(message, "event")[:60]
        return left_out(_("an event (%(kind)s) in which nothing is said") % {"kind": kind})
    if message.get("private") is True:
        return left_out(_("a private note"))
    kind = text_at(message, "message_type")
    kind = _KINDS.get(kind, kind)
    answer = get(message, "content_attributes.submitted_values.csat_survey_response")
    if isinstance(answer, Mapping):
        return _item(part, context, text_at(answer, "feedback_message"), rating=Taker(context).number(answer, "rating"))
    if kind != "incoming":
        if kind == "activity":
            return left_out(_("what happened to a conversation, not said in it"))
        return left_out(_("the company's own words"), *_reports(message))
    words = plain_text(text_at(message, "content"))
    if get(message, "content_attributes.deleted") is True:
        return left_out(_("deleted or removed: its words are gone"))
    if not words:
        return left_out(_("a message without words"))
    return _item(part, context, words)


def _reports(message: Mapping[str, Any]) -> list[DeliveryReport]:
    """What the channel behind the conversation says of a message of ours."""
    state = _STATES.get(text_at(message, "status"), "")
    number = text_at(message, "id")
    why = text_at(message, "content_attributes.external_error")[:500]
    is_ours = bool(text_at(message, f"content_attributes.{OWN_KEY}"))
    return [DeliveryReport(number, state, why, is_ours=is_ours)] if state and number else []


def _item(part: Part, context: Context, words: str, *, rating: float | None = None) -> Outcome:
    """A message; with a rating what somebody answered to the question how satisfied he is."""
    message, talk = part.record, _talk(part)
    who = _sender(part)
    take, number = Taker(context), text_at(talk, "id", "display_id") or text_at(message, "conversation_id")
    channel = text_at(talk, "channel", "meta.channel") or text_at(message, "inbox.channel_type")
    item = RawItem(
        channel=context.channel or ("survey" if rating is not None else _CHANNELS.get(channel, "chat")),
        source=context.source,
        text=words,
        natural_key=f"message {text_at(message, 'id')}" if text_at(message, "id") else "",
        said_at=take.at(message, "created_at"),
        revised_at=take.at(message, "updated_at") if text_at(message, "event") == "message_updated" else None,
        subject=text_at(message, "content_attributes.email.subject"),
        author_name=text_at(who, "name"),
        author_email=text_at(who, "email"),
        author_phone=text_at(who, "phone_number"),
        author_id=text_at(who, "id") or text_at(message, "sender_id"),
        question=plain_text(text_at(message, "content")) if rating is not None else "",
        rating=rating,
        thread_key=f"conversation {number}" if number else "",
        raw=dict(message),
    )
    return Outcome(item, warnings=take.warnings)


def _talk(part: Part) -> Mapping[str, Any]:
    told = part.record.get("conversation")
    return told if isinstance(told, Mapping) else part.around


def _sender(part: Part) -> Mapping[str, Any]:
    told = part.record.get("sender")
    if isinstance(told, Mapping) and text_at(told, "type") in ("user", "agent_bot"):
        return next((each for each in (get(_talk(part), "meta.sender"),) if isinstance(each, Mapping)), {})
    for told in (part.record.get("sender"), get(_talk(part), "meta.sender"), get(_talk(part), "contact")):
        if isinstance(told, Mapping):
            return told
    return {}


def _expand(part: Part) -> Iterable[Part] | None:
    """A conversation of an export: its messages."""
    record = part.record
    messages = records_in(record.get("messages"))
    if "event" in record or not any("message_type" in each for each in messages):
        return None
    talk = {"meta": {}, **{name: value for name, value in record.items() if name != "messages"}}
    return [Part(each, talk) for each in messages]


SHAPE = Shape("chatwoot", _fits, _read, _expand)
