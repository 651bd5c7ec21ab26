"""Telegram: chats exported by the desktop client, and updates of a bot.

In a personal chat the partner is the customer; whose account was exported in a group is said with `_own`. Bots, posts
of a channel, commands to a bot, forwarded words and service lines are named. Source: core.telegram.org/bots/api, Update
and Message; the export's result.json.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, is_own, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_SAYS = ("message", "edited_message", "channel_post", "edited_channel_post", "business_message")


def _fits(part: Part) -> bool:
    record = part.record
    if "update_id" in record:
        return True
    exported = "date_unixtime" in record or ("from_id" in record and "date" in record)
    return record.get("type") in ("message", "service") and "id" in record and exported


def _read(part: Part, context: Context) -> Outcome:
    if "update_id" in part.record:
        name = next((name for name in _SAYS if isinstance(part.record.get(name), Mapping)), "")
        if not name:
            return left_out(_("an update in which nobody says anything"))
        return _update(part.record[name], context, edited=name.startswith("edited"))
    return _exported(part, context)


def _update(message: Mapping[str, Any], context: Context, *, edited: bool) -> Outcome:
    sender = message.get("from")
    why = _not_the_senders(message)
    if why and not context.option("everything"):
        return left_out(why)
    who, handle, chat = text_at(sender, "id"), text_at(sender, "username"), text_at(message, "chat.id")
    if is_own(context, who, handle):
        return left_out(_("the company's own words"))
    take, name = Taker(context), " ".join(filter(None, (text_at(sender, "first_name"), text_at(sender, "last_name"))))
    reply = text_at(message, "reply_to_message.message_id")
    key = f"{chat} {text_at(message, 'message_id')}"
    item = RawItem(
        channel=context.channel or "chat",
        source=context.source,
        text=text_at(message, "text", "caption"),
        natural_key=key,
        said_at=take.at(message, "date"),
        revised_at=take.at(message, "edit_date") if edited else None,
        author_name=name,
        author_handle=handle,
        author_id=who,
        author_phone=text_at(message, "contact.phone_number") if text_at(message, "contact.user_id") == who else "",
        thread_key=f"chat {chat}" if text_at(message, "chat.type") == "private" else "",
        in_reply_to=f"{chat} {reply}" if reply else "",
        aliases=(key,),
        raw=dict(message),
    )
    return Outcome(item, warnings=take.warnings) if item.text else left_out(_("a message without words"))


def _not_the_senders(message: Mapping[str, Any]) -> str:
    """Why a message of an update is not the customer's word; empty when it is."""
    sender, origin = message.get("from"), message.get("forward_origin")
    if isinstance(sender, Mapping) and sender.get("is_bot") is True:
        return _("a bot's words")
    from_channel = text_at(message, "sender_chat.type") == "channel" or text_at(message, "chat.type") == "channel"
    private = text_at(message, "chat.type") == "private"
    business = private and "business_connection_id" in message and text_at(sender, "id") != text_at(message, "chat.id")
    if from_channel or business:
        return _("the company's own words")
    first = next(iter(message["entities"]), None) if isinstance(message.get("entities"), list) else None
    words = text_at(message, "text")
    if text_at(first, "type") == "bot_command" and text_at(first, "length") == str(len(words)):
        return _("a command to a bot")
    theirs = text_at(origin, "sender_user.id") or text_at(message, "forward_from.id")
    forwarded = isinstance(origin, Mapping) or "forward_from" in message or "forward_sender_name" in message
    return _("forwarded: the words are somebody else's") if forwarded and theirs != text_at(sender, "id") else ""


def _exported(part: Part, context: Context) -> Outcome:
    message, chat = part.record, part.around
    if message["type"] == "service":
        return left_out(_("what happened to a conversation, not said in it"))
    who, name = text_at(message, "from_id"), text_at(message, "from")
    if is_own(context, who, name) or _is_exporters(chat, who):
        return left_out(_("the company's own words"))
    words = _words(message.get("text"))
    if not words:
        return left_out(_("a message without words"))
    take, number = Taker(context), text_at(chat, "id")
    reply = text_at(message, "reply_to_message_id")
    key = f"{number} {text_at(message, 'id')}".strip()
    item = RawItem(
        channel=context.channel or "chat",
        source=context.source,
        text=words,
        natural_key=key,
        said_at=take.at(message, "date_unixtime", "date"),
        revised_at=take.at(message, "edited_unixtime", "edited"),
        author_name=name,
        author_id=who,
        thread_key=f"chat {number}" if text_at(chat, "type") == "personal_chat" else "",
        in_reply_to=f"{number} {reply}".strip() if reply else "",
        aliases=(key,),
        raw=dict(message),
    )
    return Outcome(item, warnings=take.warnings)


def _is_exporters(chat: Mapping[str, Any], who: str) -> bool:
    """In a personal chat, whoever is not the partner: its id is the partner's."""
    return text_at(chat, "type") == "personal_chat" and bool(who) and who.removeprefix("user") != text_at(chat, "id")


def _words(text: Any) -> str:
    """A text, or pieces of one: plain ones and objects with a link or a mention."""
    if isinstance(text, list):
        return "".join(each if isinstance(each, str) else text_at(each, "text") for each in text).strip()
    return text.strip() if isinstance(text, str) else ""


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    messages = records_in(record.get("messages"))
    if messages and any("from_id" in each or "date_unixtime" in each for each in messages[:50]):
        chat = {name: value for name, value in record.items() if name != "messages"}
        return [Part(each, chat) for each in messages]
    chats = record.get("chats")
    if isinstance(chats, Mapping):
        return [Part(each) for each in records_in(chats.get("list"))]
    return None


SHAPE = Shape("telegram", _fits, _read, _expand)
