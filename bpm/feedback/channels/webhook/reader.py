"""Signed webhooks: the sender proves that it knows the secret and that the call is fresh.

Header `X-Earshot-Timestamp`: seconds since 1970. Header `X-Earshot-Signature`: `sha256=` and the hexadecimal
HMAC-SHA256, with the source's secret, of the timestamp, a dot and the body's bytes. Old or far-off timestamps are
refused, so a call overheard cannot be replayed later; within the window a repetition finds its item already there.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bpm.foundation.errors import ForbiddenError, InvalidInputError, TooLargeError

WINDOW = timedelta(minutes=5)
"""How far the timestamp may be from our own time, either way."""

MOST_ITEMS = 500
"""Items in one call."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Earshot-Signature."""
    seal = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={seal.hexdigest()}"


def verify(secret: str, body: bytes, *, timestamp: str, signature: str, now: datetime) -> None:
    """ForbiddenError unless the signature is right and fresh; says nothing about which part of it was wrong."""
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.strip().lower().encode()):
        raise ForbiddenError(
            "The signature does not fit.",
            place="X-Earshot-Signature",
            remedy="Send sha256= and the hexadecimal HMAC-SHA256 of timestamp, dot and body.",
        )
    sent = datetime.fromtimestamp(int(timestamp), UTC) if timestamp.isdecimal() and len(timestamp) < 12 else None
    if sent is None or abs(now - sent) > WINDOW:
        raise ForbiddenError(
            "The call is too old, or the clocks differ.",
            place="X-Earshot-Timestamp",
            remedy=f"Send the seconds since 1970, within {WINDOW.seconds // 60} minutes of now, and sign again.",
        )


def records(body: bytes) -> list[dict[str, Any]]:
    """The objects in the body: one, a list, or {"items": [...]}; InvalidInputError or TooLargeError else."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"The body is no JSON: {error}.", place="body", remedy="Send a JSON object.") from error
    if isinstance(document, dict):
        document = document["items"] if isinstance(document.get("items"), list) else [document]
    if not isinstance(document, list) or not document or not all(isinstance(each, dict) for each in document):
        raise InvalidInputError(
            "The body holds no items.", place="body", remedy='Send an object, a list of objects or {"items": [...]}.'
        )
    if len(document) > MOST_ITEMS:
        raise TooLargeError(f"{len(document)} items in one call.", place="body", remedy=f"Send at most {MOST_ITEMS}.")
    return document
