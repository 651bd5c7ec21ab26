"""Answers in a ticket, by the way on which its customer wrote; what became of it comes with Zammad's calls.

Zammad knows no key by which a second try would be the same article. So our key goes along in the article's
preferences, by which `find` knows it again, or by its words. Source: docs.zammad.org, API: articles ("Create").
"""

import hashlib
import re
from base64 import b64encode
from email.utils import parseaddr
from html import unescape
from typing import Any

import orjson

from bpm.feedback.channels import OWN_KEY
from bpm.feedback.connectors.answers import ask, before_sending, check_sent, field_of, sending, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.sending import Accepted, Answers, Outgoing, RefusedError, Said, Target, WayOut, with_name
from bpm.foundation.texts import _

BY_MAIL = frozenset({"", "email", "web", "phone", "note", "chat"})
"""Kinds of article that are answered by mail; every other one on its own way (sms, telegram, whatsapp, ...)."""


def base_of(connection: Connection) -> str:
    """Where its interface begins."""
    return f"{connection.settings['server'].rstrip('/')}/api/v1"


def headers_of(connection: Connection) -> dict[str, str]:
    """What shows who asks."""
    token = connection.secrets.get("token", "")
    return {"accept": "application/json", "authorization": f"Token token={token}"}


def answered(said: Said) -> Target:
    """The ticket by its number, and the article that is answered."""
    record = said.record
    ticket = field_of(record, "ticket_id") or said.thread_key.removeprefix("ticket ")
    article = field_of(record, "id") or said.natural_key.removeprefix("article ")
    author = parseaddr(field_of(record, "from"))[1]
    author = author if "@" in author else next(iter(said.emails), "")
    told = {"who": author, "number": ticket}
    shown = _("%(who)s, ticket %(number)s") % told if author else _("ticket %(number)s") % told
    return Target(ticket, Answers(article, ticket, author=author), said.subject, shown=shown if ticket else "")


def _send(connection: Connection, outgoing: Outgoing) -> Accepted:
    number = _number(outgoing)
    with before_sending():
        asked = _article(connection, outgoing.answers.remote_id)
    kind = field_of(asked, "type")
    by_mail = kind in BY_MAIL
    to = outgoing.answers.author if by_mail else field_of(asked, "from")
    if by_mail and "@" not in to:
        raise RefusedError(_("The customer of this ticket has no mail address."), remedy=_("Call them, or add one."))
    article: dict[str, Any] = {
        "ticket_id": int(number), "body": with_name(outgoing), "content_type": "text/plain", "internal": False,
        "type": "email" if by_mail else kind, "sender": "Agent", "to": to, "subject": outgoing.subject,
        "in_reply_to": field_of(asked, "message_id"), "preferences": {OWN_KEY: _key(outgoing)},
        "cc": ", ".join(outgoing.copies),
        "attachments": [
            {"filename": each.name, "data": b64encode(each.content).decode(), "mime-type": each.media_type}
            for each in outgoing.files
        ],
    }  # fmt: skip
    headers = headers_of(connection) | {"content-type": "application/json"}
    body = orjson.dumps({name: value for name, value in article.items() if value not in ("", [])})
    with sending():
        answer = connection.door.request("POST", f"{base_of(connection)}/ticket_articles", headers=headers, body=body)
    return _accepted(connection, number, small_json(check_sent(answer, now=connection.now)))


def _find(connection: Connection, outgoing: Outgoing) -> Accepted | None:
    number = _number(outgoing)
    found = _get(connection, f"ticket_articles/by_ticket/{number}")
    for each in found if isinstance(found, list) else ():
        if field_of(each, "preferences", OWN_KEY) == _key(outgoing) or _is_same(each, outgoing):
            return _accepted(connection, number, each)
    return None


def _is_same(article: Any, outgoing: Outgoing) -> bool:
    """An article without our preference, with our words: some versions keep none that they do not know."""
    if field_of(article, "sender") != "Agent" or article.get("internal") is not False:
        return False
    return _bare(field_of(article, "body")) == _bare(with_name(outgoing))


def _article(connection: Connection, number: str) -> Any:
    return _get(connection, f"ticket_articles/{number}") if number.isdecimal() else {}


def _number(outgoing: Outgoing) -> str:
    number = outgoing.answers.thread_id or outgoing.to
    if not number.isdecimal():
        raise RefusedError(_("It is not known which ticket this answers."), remedy=_("Answer it in Zammad."))
    return number


def _get(connection: Connection, path: str) -> Any:
    return ask(connection, f"{base_of(connection)}/{path}", headers_of(connection))


def _key(outgoing: Outgoing) -> str:
    return hashlib.sha256(outgoing.key.encode()).hexdigest()[:40]


def _bare(text: str) -> str:
    plain = unescape(re.sub(r"<[^<>]{0,2000}>", " ", text))
    return "".join(each for each in plain.casefold() if each.isalnum())


def _accepted(connection: Connection, ticket: str, article: Any) -> Accepted:
    place = f"{connection.settings['server'].rstrip('/')}/#ticket/zoom/{ticket}"
    return Accepted(field_of(article, "id"), f"{place}/{field_of(article, 'id')}")


WAY_OUT = WayOut(_send, _find, answered=answered, takes_files=True)
