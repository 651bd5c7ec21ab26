"""Answers a message in its chat. Telegram knows no key and shows a bot no old messages, so nothing can be looked for.

Source: core.telegram.org/bots/api, sendMessage.
"""

from typing import Any

from bpm.feedback.connectors.answers import check_sent, field_of, sending, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.sending import Accepted, Answers, Outgoing, RefusedError, Said, Target, WayOut, with_name
from bpm.feedback.connectors.telegram.talk import call
from bpm.foundation.texts import _

LONGEST, ADDED = 4096, 70
"""Characters of a message, and as many of them are left for the author's name."""


def answered(said: Said) -> Target:
    """The chat, and the message in it."""
    chat, _space, number = said.natural_key.partition(" ")
    chat, number = field_of(said.record, "chat", "id") or chat, field_of(said.record, "message_id") or number
    is_open = field_of(said.record, "chat", "type") not in {"", "private"}
    name = field_of(said.record, "from", "first_name") or said.author_handle
    return Target(chat, Answers(number, chat, author=said.author_handle), public=is_open, shown=name)


def _send(connection: Connection, outgoing: Outgoing) -> Accepted:
    text, chat = with_name(outgoing), outgoing.answers.thread_id or outgoing.to
    if len(text) > LONGEST:
        told = {"number": LONGEST}
        raise RefusedError(_("A message there has at most %(number)s characters.") % told, remedy=_("Say it shorter."))
    if outgoing.files:
        raise RefusedError(_("Files do not go along there yet."), remedy=_("Send a link to them."))
    message: dict[str, Any] = {"chat_id": int(chat) if chat.lstrip("-").isdecimal() else chat, "text": text}
    if outgoing.answers.remote_id.isdecimal():
        message["reply_parameters"] = {
            "message_id": int(outgoing.answers.remote_id), "allow_sending_without_reply": True,
        }  # fmt: skip
    with sending():
        answer = call(connection, "sendMessage", message)
    told = small_json(check_sent(answer, now=connection.now))
    return Accepted(f"{chat} {field_of(told, 'result', 'message_id')}")


WAY_OUT = WayOut(_send, longest=LONGEST - ADDED, answered=answered)
