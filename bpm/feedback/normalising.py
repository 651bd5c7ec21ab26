"""Every raw item brought into one shape, and the two hashes that tell items and their versions apart."""

import hashlib
import json
import math
import re
import unicodedata
from dataclasses import replace
from typing import Any

import orjson

from bpm.errors import InvalidInputError
from bpm.feedback.raw import CHANNELS, RawItem

LONGEST_TEXT = 200_000
"""Characters of one item; the raw record keeps what is cut."""

DEEPEST = 40
"""Levels of a raw record that are kept when it cannot be stored as it is."""


_STRICT = json.JSONEncoder(allow_nan=False)


def normalise(raw: RawItem) -> RawItem:
    """The item with clean text and a key; InvalidInputError when it has no words, or keys that are too long."""
    text = _clean(raw.text)[:LONGEST_TEXT]
    if not text:
        raise InvalidInputError("It has no words.", place="text", remedy="Map the column with the customer's words.")
    if raw.channel not in CHANNELS:
        raise InvalidInputError(
            f"{raw.channel!r} is no channel.", place="channel", remedy=f"Use one of {', '.join(CHANNELS)}."
        )
    if not raw.source.strip():
        raise InvalidInputError("The source is not named.", place="source", remedy="Name where it comes from.")
    key = _clean(raw.natural_key)
    for name, value in (("natural_key", key), ("thread_key", raw.thread_key), ("in_reply_to", raw.in_reply_to)):
        if len(value) > 400:
            raise InvalidInputError("It is longer than 400 characters.", place=name, remedy="Map another column.")
    clean = replace(
        raw,
        text=text,
        source=raw.source.strip()[:120],
        natural_key=key,
        subject=_clean(raw.subject)[:400],
        author_name=_clean(raw.author_name)[:200],
        author_handle=_clean(raw.author_handle)[:320],
        author_id=_clean(raw.author_id)[:320],
        url=raw.url.strip()[:1000] if re.match(r"https?://", raw.url.strip(), re.IGNORECASE) else "",
        extra=_storable(raw.extra),
        raw=_storable(raw.raw),
    )
    return clean if key else replace(clean, natural_key=f"content {_fingerprint(clean)[:40]}")


def _clean(text: str) -> str:
    """Unicode NFC, line breaks as \\n, no control characters (PostgreSQL takes no NUL), no lone surrogates."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]", "", text)
    return text.strip()


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """As JSON that PostgreSQL takes: no NUL, no lone surrogate, only text as keys; NaN and Infinity as their names."""
    try:
        written = orjson.dumps(value)
        _STRICT.encode(value)
    except (TypeError, ValueError):
        written = b"\\u0000"
    if b"\\u0000" not in written:
        found: dict[str, Any] = orjson.loads(written)
        return found
    return {_plain(str(name)): _scrubbed(each, DEEPEST) for name, each in value.items()}


def _scrubbed(value: Any, depth: int) -> Any:
    """What is nested deeper than `depth` is left out: nobody reads it, and it could break the reader."""
    if depth == 0:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {_plain(str(name)): _scrubbed(each, depth - 1) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(each, depth - 1) for each in value]
    return value if isinstance(value, int | float | None) else _plain(str(value))


def _plain(text: str) -> str:
    return re.sub(r"[\x00\ud800-\udfff]", "", text)


def _fingerprint(raw: RawItem) -> str:
    """For an item that its source does not name: who, when and what."""
    who = raw.author_id or raw.author_email or raw.author_handle or raw.author_phone or raw.author_name
    when = raw.said_at.isoformat() if raw.said_at else ""
    return _sha256(who, when, raw.thread_key, raw.text)


def content_hash(raw: RawItem) -> str:
    """What makes a version: words, subject, rating; not counters such as likes, which change all the time."""
    return _sha256(raw.text, raw.subject, "" if raw.rating is None else f"{raw.rating:g}")


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
