"""Fetches a file of items from one address; nothing is read anew while the server says that it is the same."""

import hashlib
from collections.abc import Mapping

from bpm.feedback.channels import FORMATS, guess_format
from bpm.feedback.connectors.answers import check_answer
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import Ability, Asked, Fetched, Kind, PollRefusedError
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.http.destinations import parse_destination
from bpm.foundation.texts import _

_BEGINNING = 1 << 16
_TOLD = {"etag": "if-none-match", "last-modified": "if-modified-since"}
"""Header of an answer -> header that asks whether it is still so (RFC 9110, 13.1)."""


def _fetch(connection: Connection) -> Fetched:
    settings, cursor = connection.settings, {} if connection.trial else connection.cursor
    headers = {"accept": "application/json, application/rss+xml, application/atom+xml, text/csv, */*;q=0.5"}
    headers |= {ask: str(cursor[told]) for told, ask in _TOLD.items() if cursor.get(told)}
    if token := connection.secrets.get("token"):
        headers["authorization"] = token if " " in token else f"Bearer {token}"
    answer = connection.door.request("GET", settings["address"], headers=headers)
    if answer.status == 304:
        return Fetched(cursor)
    check_answer(answer, now=connection.now)
    digest = hashlib.sha256(answer.body).hexdigest()
    behind = {"digest": digest, **{name: answer.headers[name] for name in _TOLD if name in answer.headers}}
    if not answer.body.strip() or digest == cursor.get("digest"):
        return Fetched(behind)
    return Fetched(behind, answer.body, _format_of(settings, answer.url, answer.body))


def _format_of(settings: Mapping[str, str], url: str, body: bytes) -> str:
    name = url.partition("?")[0].rpartition("/")[2]
    found = settings.get("format") or guess_format(name, body[:_BEGINNING])
    if found is None:
        raise PollRefusedError(
            _("Its answer is of no format that is known."), place=url.partition("?")[0], remedy=_("Choose the format.")
        )
    return found


def _check(settings: Mapping[str, str]) -> None:
    try:
        parse_destination(settings["address"])
    except InvalidInputError as error:
        raise InvalidInputError(str(error), fields={"address": error.message}) from error


KIND = Kind(
    "address",
    _("Web address"),
    _("A file of items at an address: JSON, a feed (RSS, Atom), a table or mail."),
    "survey",
    frozenset({Ability.INGEST}),
    (
        Asked("address", _("Address"), "url", _("As https://shop.example/reviews.json"), required=True),
        Asked("token", _("Token"), "password", _("Sent as Authorization: Bearer; with a scheme before it, as it is.")),
        Asked(
            "format",
            _("Format"),
            "select",
            _("Else as the answer itself tells."),
            options=tuple((each.name, each.label) for each in FORMATS.values()),
        ),
    ),
    _fetch,
    _check,
)
