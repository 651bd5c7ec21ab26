"""The cookie by which a browser is known again to the accounts that signed in from it, so that strangers cannot lock
their people out: signed, a random word per account, good for no more than that."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from web.core.sessions.cookies import is_secure_cookie

COOKIE = "earshot_device"
KNOWN_FOR = timedelta(days=180)
"""Since the account last signed in there."""
MOST_ACCOUNTS = 8
"""Of one browser; the one that signed in longest ago is forgotten first."""


def known_device(user_id: int | None, now: datetime) -> str:
    """The random word of this browser for the account; empty when the account has not signed in from it lately."""
    return next((word for number, word, _ in _read(now) if number == user_id), "")


def remember_device(response: Response, user_id: int, now: datetime) -> None:
    """Let the browser be known to the account from now on."""
    word = known_device(user_id, now) or secrets.token_urlsafe(16)
    others = [each for each in _read(now) if each[0] != user_id]
    known = [[user_id, word, int(now.timestamp())], *others][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        _serializer().dumps(known),
        max_age=KNOWN_FOR,
        path="/sign-in",
        httponly=True,
        secure=is_secure_cookie(current_app),
        samesite="Lax",
    )


def _read(now: datetime) -> list[list[Any]]:
    """[user id, word, seconds since 1970 of the last sign-in] of each account that is still known here."""
    try:
        known = _serializer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return []
    return [each for each in known if datetime.fromtimestamp(each[2], UTC) > now - KNOWN_FOR]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="devices known to an account")
