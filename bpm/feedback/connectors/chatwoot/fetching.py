"""Fetches conversations that changed, and takes Chatwoot's calls; agents' words and private notes are left out.

Source: chatwoot.com/developers, "Conversations List", "Get messages", and "Webhooks" (signature: `sha256=` and the
HMAC-SHA256 of timestamp, a dot and the body, in X-Chatwoot-Signature and X-Chatwoot-Timestamp).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from bpm.feedback.channels import webhook
from bpm.feedback.connectors.answers import ask, field_of
from bpm.feedback.connectors.chatwoot.sending import WAY_OUT, base_of, headers_of
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.desks import Listed, walk
from bpm.feedback.connectors.kind import SIGNED_BY, Ability, Asked, Fetched, Kind
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.http.destinations import parse_destination
from bpm.foundation.texts import _


def _fetch(connection: Connection) -> Fetched:
    return walk(connection, lambda page: _list(connection, page), lambda number: _read(connection, number))


def _list(connection: Connection, page: int) -> list[Listed]:
    asked = f"conversations?status=all&assignee_type=all&sort_by=last_activity_at_desc&page={page}"
    told = _get(connection, asked)
    data = told.get("data", told) if isinstance(told, dict) else {}
    found = data.get("payload") if isinstance(data, dict) else None
    rows = [(field_of(each, "id"), field_of(each, "last_activity_at")) for each in found or ()]
    return [Listed(number, at.zfill(12)) for number, at in rows if number.isdigit() and at.isdigit()]


def _read(connection: Connection, number: str) -> bytes:
    """The latest messages of a conversation as an export holds them: with the conversation around."""
    talk = _get(connection, f"conversations/{number}")
    told = _get(connection, f"conversations/{number}/messages")
    messages = told.get("payload") if isinstance(told, dict) else None
    around: dict[str, Any] = {"id": int(number), "meta": talk.get("meta") if isinstance(talk, dict) else {}}
    return orjson.dumps({**around, "messages": messages if isinstance(messages, list) else []})


def _get(connection: Connection, path: str) -> Any:
    return ask(connection, f"{base_of(connection)}/{path}", headers_of(connection))


def _prove(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    signature, timestamp = headers.get("x-chatwoot-signature", ""), headers.get("x-chatwoot-timestamp", "")
    try:
        webhook.verify(secret, body, timestamp=timestamp, signature=signature, now=now)
    except ForbiddenError as error:
        raise ForbiddenError(
            error.message,
            place="X-Chatwoot-Signature",
            remedy=_("Copy the secret of the webhook from there; both clocks must be right."),
        ) from error


def _check(settings: Mapping[str, str]) -> None:
    problems = {}
    try:
        parse_destination(settings["server"])
    except InvalidInputError as error:
        problems["server"] = error.message
    if not settings["account"].isdecimal():
        problems["account"] = _("It is the number in the address: /app/accounts/1/")
    if problems:
        raise InvalidInputError(_("The account cannot be kept like this."), fields=problems)


KIND = Kind(
    "chatwoot",
    _("Chatwoot"),
    _("What customers say in your Chatwoot inboxes, answered there."),
    "chat",
    frozenset(Ability),
    (
        Asked("server", _("Server"), "url", _("As https://app.chatwoot.com"), required=True),
        Asked("account", _("Account"), "number", _("The number in the address: /app/accounts/1/"), required=True),
        Asked(
            "token",
            _("Access token"),
            "password",
            _("There: Profile settings, Access token; of an agent who sees the inboxes. Answers go out as that agent."),
            required=True,
        ),
        Asked(
            SIGNED_BY,
            _("Secret of its webhook"),
            "password",
            _("There: Settings, Integrations, Webhooks. Without it, it is only asked from time to time."),
        ),
    ),
    _fetch,
    _check,
    WAY_OUT,
    proof=_prove,
)
