"""Who calls the API: a program with a token in its header; a browser's session is no way in here."""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Response, g, jsonify, make_response, request
from sqlalchemy.exc import SQLAlchemyError

from bpm import identity
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Origin
from bpm.identity import Caller, Permission, may
from web.core.numbers import LARGEST_KEY
from web.core.on_record import rows as audit_rows
from web.core.rate_limits import limited
from web.core.request_context import SignInNeededError, product
from web.core.security import needs

log = logger(__name__)
FIRST_YEAR, LAST_YEAR = 1900, 2999
Answer = Callable[..., dict[str, Any] | tuple[dict[str, Any], int]]


def by_token(permission: Permission) -> Callable[[Answer], Callable[..., Response]]:
    """Let whoever has a token for that permission in; the view gets the transaction first and gives plain values.

    It wears this below its `@blueprint.route`. GET reads, all else writes in one transaction.
    """

    def mark(view: Answer) -> Callable[..., Response]:
        @wraps(view)
        def answered(**named: Any) -> Response:
            caller = _caller()
            if not may(caller.actor, permission):
                raise ForbiddenError(
                    _("This token does not allow %(name)s.") % {"name": permission.value},
                    remedy=_("Make one that does, as somebody who may."),
                )
            origin = audit_rows.origin()
            via = Origin(origin.request_id, f"{origin.address} {caller.shown}"[:64])
            unit, acts = product().unit_of_work, replace(caller.actor, via=via)
            with unit.reading(acts) if request.method == "GET" else unit(acts) as work:
                given = view(work, **named)
            _note(caller)
            body, status = given if isinstance(given, tuple) else (given, 200)
            return make_response(jsonify(body), status)

        return limited("api")(needs(Permission.PUBLIC, unit="own", csrf=False)(answered))

    return mark


def caller() -> Caller:
    """Whose token this request came with."""
    found: Caller = g.api_caller
    return found


def _caller() -> Caller:
    scheme, _blank, word = request.headers.get("Authorization", "").partition(" ")
    with product().unit_of_work.reading() as work:
        found = identity.find_caller(work, word.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise SignInNeededError(
            _("This needs a token that holds."),
            remedy=_("Send it as “Authorization: Bearer …”; people make theirs in their profile."),
        )
    g.api_caller = found
    return found


def _note(caller: Caller) -> None:
    if not caller.worth_noting:
        return
    try:
        identity.note_token_use(product().unit_of_work, caller.token_id)
    except SQLAlchemyError as error:
        log.warning("use of a token not noted", error=str(error))


def sent_object(*known: str) -> dict[str, Any]:
    """The JSON object of the request; InvalidInputError for anything else, and for a name that is not known here."""
    sent = request.get_json(force=True, silent=True)
    if not isinstance(sent, dict):
        raise InvalidInputError(_("The body is no JSON object."), remedy=_("Send one, as docs/api.md shows."))
    refuse_unknown(sent, known)
    return sent


def refuse_unknown(sent: Iterable[str], known: Collection[str]) -> None:
    """InvalidInputError for names that are not known here: nothing that is sent is passed over."""
    strange = sorted(set(sent) - set(known))
    if strange:
        raise InvalidInputError(
            _("Not known here: %(names)s.") % {"names": ", ".join(strange)},
            remedy=_("Known are %(names)s.") % {"names": ", ".join(known) or "–"},
            fields={name: _("not known") for name in strange},
        )


def text_of(sent: dict[str, Any], name: str, default: str = "") -> str:
    """A text of the object; InvalidInputError with its name for anything else."""
    value = sent.get(name, default)
    if not isinstance(value, str):
        raise InvalidInputError(_("“%(name)s” is no text.") % {"name": name}, fields={name: _("a text")})
    return value


def number_of(sent: dict[str, Any], name: str) -> int | None:
    """A whole number of the object that the databases can hold, or None where it is left out."""
    value = sent.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_KEY):
        return value
    raise InvalidInputError(_("“%(name)s” is no number.") % {"name": name}, fields={name: _("a number")})


def amount_of(sent: dict[str, Any], name: str, default: float | None = None) -> float:
    """A number of the object; InvalidInputError with its name for anything else, and where it has to be said."""
    value = sent.get(name, default)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise InvalidInputError(_("“%(name)s” is no number.") % {"name": name}, fields={name: _("a number")})


def instant_of(sent: dict[str, Any], name: str) -> datetime | None:
    """An instant of the object in UTC, or None where it is left out."""
    text = text_of(sent, name)
    try:
        return read_instant(text) if text else None
    except ValueError as error:
        raise InvalidInputError(
            _("“%(name)s” is no instant.") % {"name": name},
            remedy=_("Write for example 2026-03-31T12:00+02:00."),
            fields={name: str(error)},
        ) from error


def read_instant(text: str) -> datetime:
    """The instant in UTC; ValueError says what it has to be. Times can be counted on and back from it."""
    try:
        found: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(_("an instant with its distance to UTC"))
    return found.astimezone(UTC)
