"""Answers a status: in public or to its author alone, once, whatever the network does.

`Idempotency-Key` makes a second try within an hour the same status; after that `find` looks for it among the newest
of the account's own, by what it answers and its words. Source: docs.joinmastodon.org, methods statuses ("Post a new
status"), accounts ("Get account's statuses") and search.
"""

import hashlib
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import orjson

from bpm.feedback.connectors.answers import before_sending, check_answer, check_sent, field_of, sending, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.sending import Accepted, Answers, Outgoing, RefusedError, Said, Target, WayOut, with_name
from bpm.foundation.texts import _

LONGEST, ADDED = 500, 70
"""Characters of a status where the server says nothing else, and as many of them are left for mention and name."""
LINK = 23
"""As many characters a link counts, however long it is."""
OPEN = frozenset({"public", "unlisted"})

_LINK = re.compile(r"https?://\S{1,2000}")
_REMOTE = re.compile(r"(@[\w.-]{1,60})@[\w.-]{1,200}")


def measure(text: str) -> int:
    """The length as the server counts it: links by LINK, accounts without their server."""
    return len(_REMOTE.sub(r"\1", _LINK.sub("x" * LINK, text)))


def answered(said: Said) -> Target:
    """The status by its id on this server, where its record is still there; else by its address, which is looked up."""
    own = field_of(said.record, "id") or said.natural_key
    author = said.author_handle.removeprefix("@")
    public = field_of(said.record, "visibility") in OPEN
    return Target(author, Answers(remote_id=own, thread_id=said.thread_key, author=author), public=public)


def _send(connection: Connection, outgoing: Outgoing) -> Accepted:
    with before_sending():
        parent = _parent(connection, outgoing.answers.remote_id)
    status = {
        "status": _words(outgoing),
        "visibility": "public" if outgoing.public else "direct",
        **({"in_reply_to_id": parent} if parent else {}),
        **({"language": outgoing.language} if outgoing.language else {}),
    }
    headers = _headers(connection) | {
        "content-type": "application/json",
        "idempotency-key": hashlib.sha256(outgoing.key.encode()).hexdigest(),
    }
    url = f"{_server(connection)}/api/v1/statuses"
    with sending():
        answer = connection.door.request("POST", url, headers=headers, body=orjson.dumps(status))
    return _accepted(small_json(check_sent(answer, now=connection.now)))


def _find(connection: Connection, outgoing: Outgoing) -> Accepted | None:
    """Among the newest 40 of the account's own: one that answers the same with the same words."""
    me = field_of(_get(connection, "/api/v1/accounts/verify_credentials"), "id")
    parent = _parent(connection, outgoing.answers.remote_id)
    for each in _get(connection, f"/api/v1/accounts/{me}/statuses", limit="40", exclude_reblogs="true"):
        is_answer = field_of(each, "in_reply_to_id") == parent
        if is_answer and _bare(field_of(each, "content")) == _bare(_words(outgoing)):
            return _accepted(each)
    return None


def _parent(connection: Connection, named: str) -> str:
    """Its id on this server. RefusedError when it is not there any more."""
    if not named or named.isalnum():
        return named
    found = _get(connection, "/api/v2/search", q=named, resolve="true", type="statuses", limit="1")
    statuses = found.get("statuses") if isinstance(found, dict) else None
    if not isinstance(statuses, list) or not statuses:
        raise RefusedError(_("What it answers is not there any more."), remedy=_("Write to the person another way."))
    return field_of(statuses[0], "id")


def _words(outgoing: Outgoing) -> str:
    """The words with who is answered named in them, for only then are they told."""
    who = f"@{outgoing.answers.author or outgoing.to}".replace("@@", "@")
    text = with_name(outgoing)
    is_named = not who.strip("@") or re.search(rf"{re.escape(who)}(?![\w.@-])", text, re.IGNORECASE)
    return text if is_named else f"{who} {text}"


def _get(connection: Connection, path: str, **query: str) -> Any:
    url = f"{_server(connection)}{path}" + (f"?{urlencode(query)}" if query else "")
    return small_json(
        check_answer(connection.door.request("GET", url, headers=_headers(connection)), now=connection.now)
    )


def _headers(connection: Connection) -> dict[str, str]:
    return {"accept": "application/json", "authorization": f"Bearer {connection.secrets.get('token', '')}"}


def _server(connection: Connection) -> str:
    return connection.settings["server"].rstrip("/")


def _accepted(status: Any) -> Accepted:
    return Accepted(f"status:{field_of(status, 'id')}", field_of(status, "url"))


def _bare(text: str) -> str:
    """Letters and digits alone, without mark-up and mentions' servers: what a server does to words leaves them."""
    plain = unescape(re.sub(r"<[^<>]{0,2000}>", " ", text))
    return "".join(each for each in _REMOTE.sub(r"\1", plain).casefold() if each.isalnum())


WAY_OUT = WayOut(_send, _find, longest=LONGEST - ADDED, public=True, answered=answered, measure=measure)
