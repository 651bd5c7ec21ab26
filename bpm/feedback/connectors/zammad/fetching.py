"""Fetches tickets that changed, and takes Zammad's calls; agents' words, the system's and internal notes are left out.

Source: docs.zammad.org, API: tickets ("Search"), articles ("By ticket"); admin-docs.zammad.org, webhooks
(`X-Hub-Signature`: `sha1=` and the HMAC-SHA1 of the body).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from bpm.feedback.connectors.answers import ask, field_of
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.desks import Listed, demand_sha1, walk
from bpm.feedback.connectors.kind import SIGNED_BY, Ability, Asked, Fetched, Kind
from bpm.feedback.connectors.zammad.sending import WAY_OUT, base_of, headers_of
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.http.destinations import parse_destination
from bpm.foundation.texts import _

PAGE = 50


def _fetch(connection: Connection) -> Fetched:
    return walk(connection, lambda page: _list(connection, page), lambda number: _read(connection, number))


def _list(connection: Connection, page: int) -> list[Listed]:
    asked = f"tickets/search?query=*&expand=true&sort_by=updated_at&order_by=desc&page={page}&per_page={PAGE}"
    found = _get(connection, asked)
    rows = [(field_of(each, "id"), field_of(each, "updated_at")) for each in (found if isinstance(found, list) else ())]
    return [Listed(number, at) for number, at in rows if number.isdigit() and at]


def _read(connection: Connection, number: str) -> bytes:
    """The articles of a ticket as an export holds them: with the ticket around."""
    ticket = _get(connection, f"tickets/{number}")
    articles = _get(connection, f"ticket_articles/by_ticket/{number}")
    around = {"id": int(number), "title": field_of(ticket, "title"), "customer_id": field_of(ticket, "customer_id")}
    return orjson.dumps({**around, "articles": articles if isinstance(articles, list) else []})


def _get(connection: Connection, path: str) -> Any:
    return ask(connection, f"{base_of(connection)}/{path}", headers_of(connection))


def _prove(headers: Mapping[str, str], body: bytes, secret: str, _now: datetime) -> None:
    demand_sha1(secret, body, headers.get("x-hub-signature", ""), place="X-Hub-Signature")


def _check(settings: Mapping[str, str]) -> None:
    try:
        parse_destination(settings["server"])
    except InvalidInputError as error:
        raise InvalidInputError(str(error), fields={"server": error.message}) from error


KIND = Kind(
    "zammad",
    _("Zammad"),
    _("What customers write in your Zammad tickets, answered there."),
    "email",
    frozenset(Ability),
    (
        Asked("server", _("Server"), "url", _("As https://help.example.com"), required=True),
        Asked(
            "token",
            _("Access token"),
            "password",
            _("There: Profile, Token access, with ticket.agent. Answers go out as that agent."),
            required=True,
        ),
        Asked(
            SIGNED_BY,
            _("Signature token of its webhook"),
            "password",
            _("There: Manage, Webhook, and a trigger that uses it. Without it, it is only asked from time to time."),
        ),
    ),
    _fetch,
    _check,
    WAY_OUT,
    proof=_prove,
)
