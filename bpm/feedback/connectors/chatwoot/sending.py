"""Answers in a conversation; what the channel behind it says of it comes with Chatwoot's calls.

Chatwoot knows no key by which a second try would be the same message. So our key goes along as `echo_id`, and in the
message's own attributes, by which `find` knows it again. Source: chatwoot.com/developers, "Create New Message".
"""

import hashlib
from typing import Any

import orjson

from bpm.feedback.connectors.answers import ask, before_sending, check_sent, field_of, sending, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.sending import Accepted, Answers, Outgoing, RefusedError, Said, Target, WayOut, with_name
from bpm.foundation.texts import _

LONGEST = 150_000
OUTGOING = frozenset({"1", "outgoing"})
KEY = "earshot_key"


def base_of(connection: Connection) -> str:
    """Where the account's interface begins."""
    settings = connection.settings
    return f"{settings['server'].rstrip('/')}/api/v1/accounts/{settings['account']}"


def headers_of(connection: Connection) -> dict[str, str]:
    """What shows who asks."""
    return {"accept": "application/json", "api_access_token": connection.secrets.get("token", "")}


def answered(said: Said) -> Target:
    """The conversation by its number."""
    record = said.record
    number = field_of(record, "conversation", "id") or field_of(record, "conversation_id")
    number = number or said.thread_key.removeprefix("conversation ")
    message = field_of(record, "id") or said.natural_key.removeprefix("message ")
    who = field_of(record, "sender", "name") or said.author_handle
    told = {"who": who, "number": number}
    shown = _("%(who)s, conversation %(number)s") % told if who else _("conversation %(number)s") % told
    return Target(number, Answers(message, number, author=said.author_handle), shown=shown if number else "")


def _send(connection: Connection, outgoing: Outgoing) -> Accepted:
    number = _number(outgoing)
    if outgoing.files:
        raise RefusedError(_("Files do not go along there yet."), remedy=_("Send a link to them."))
    with before_sending():
        # A conversation that is gone, and a token that is not valid any more, are found out before the words go out.
        _get(connection, f"conversations/{number}")
    key = _key(outgoing)
    message: dict[str, Any] = {
        "content": with_name(outgoing), "message_type": "outgoing", "private": False, "content_type": "text",
        "echo_id": key, "content_attributes": {KEY: key},
    }  # fmt: skip
    if outgoing.copies:
        message["cc_emails"] = ",".join(outgoing.copies)
    url = f"{base_of(connection)}/conversations/{number}/messages"
    headers = headers_of(connection) | {"content-type": "application/json"}
    with sending():
        answer = connection.door.request("POST", url, headers=headers, body=orjson.dumps(message))
    return _accepted(connection, number, small_json(check_sent(answer, now=connection.now)))


def _find(connection: Connection, outgoing: Outgoing) -> Accepted | None:
    """Among the latest messages of the conversation."""
    number = _number(outgoing)
    told = _get(connection, f"conversations/{number}/messages")
    messages = told.get("payload") if isinstance(told, dict) else None
    for each in messages if isinstance(messages, list) else ():
        if field_of(each, "content_attributes", KEY) == _key(outgoing) or _is_same(each, outgoing):
            return _accepted(connection, number, each)
    return None


def _is_same(message: Any, outgoing: Outgoing) -> bool:
    """A message without our attribute, with our words: some versions keep no attributes that they do not know."""
    is_ours = field_of(message, "message_type") in OUTGOING and message.get("private") is not True
    return is_ours and field_of(message, "content").split() == with_name(outgoing).split()


def _number(outgoing: Outgoing) -> str:
    number = outgoing.answers.thread_id or outgoing.to
    if not number.isdecimal():
        raise RefusedError(_("It is not known which conversation this answers."), remedy=_("Answer it in Chatwoot."))
    return number


def _get(connection: Connection, path: str) -> Any:
    return ask(connection, f"{base_of(connection)}/{path}", headers_of(connection))


def _key(outgoing: Outgoing) -> str:
    return hashlib.sha256(outgoing.key.encode()).hexdigest()[:40]


def _accepted(connection: Connection, number: str, message: Any) -> Accepted:
    settings, own = connection.settings, field_of(message, "id")
    place = f"{settings['server'].rstrip('/')}/app/accounts/{settings['account']}/conversations/{number}"
    return Accepted(own, f"{place}?messageId={own}")


WAY_OUT = WayOut(_send, _find, longest=LONGEST, answered=answered)
