"""Every raw item brought into one shape, and the two hashes that tell items and their versions apart."""

import hashlib
import json
import math
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from bpm.feedback.limits import AHEAD, EARLIEST, LONGEST_KEY, LONGEST_TEXT, MOST_ATTACHED
from bpm.feedback.privacy import hide_private
from bpm.feedback.raw_item import CHANNELS, RawItem, with_fields
from bpm.foundation.errors import InvalidInputError

_MAP_ANOTHER = "Map another column."

DEEPEST = 40
"""Levels of a raw record that are kept when it cannot be stored as it is."""


_STRICT = json.JSONEncoder(allow_nan=False)


def normalise(raw: RawItem, *, now: datetime) -> RawItem:
    """The item with clean text and a key, bounded in size and time, and its private data masked.

    What is cut from its words stays in the raw record, and `extra["cut"]` says so: bytes kept, bytes there were.
    An instant that cannot be (`now` is the clock's) is not known, see `odd_instants`; a score without words is an
    item. InvalidInputError when it has neither, or keys that are too long.
    """
    text = _clean(raw.text)
    if not text and raw.rating is None:
        raise InvalidInputError("It has no words.", place="text", remedy="Map the column with the customer's words.")
    if raw.channel not in CHANNELS:
        raise InvalidInputError(
            f"{raw.channel!r} is no channel.", place="channel", remedy=f"Use one of {', '.join(CHANNELS)}."
        )
    if not raw.source.strip():
        raise InvalidInputError("The source is not named.", place="source", remedy="Name where it comes from.")
    keys = {name: _clean(getattr(raw, name)) for name in ("natural_key", "thread_key", "in_reply_to")}
    for name, value in keys.items():
        if len(value) > LONGEST_KEY:
            raise InvalidInputError(f"It is longer than {LONGEST_KEY} characters.", place=name, remedy=_MAP_ANOTHER)
    clean = with_fields(
        raw,
        text=_cut(text, LONGEST_TEXT),
        source=_clean(raw.source)[:120],
        said_at=_possible(raw.said_at, now),
        revised_at=_possible(raw.revised_at, now),
        subject=_clean(raw.subject)[:400],
        question=_clean(raw.question)[:1000],
        author_name=_clean(raw.author_name)[:200],
        author_handle=_clean(raw.author_handle)[:320],
        author_email=_clean(raw.author_email)[:400],
        author_phone=_clean(raw.author_phone)[:100],
        author_id=_clean(raw.author_id)[:320],
        aliases=tuple(alias for alias in map(_clean, raw.aliases[:20]) if len(alias) <= LONGEST_KEY),
        url=_address(raw.url),
        extra=_bounded(_storable(raw.extra), text),
        raw=_whole(raw),
        attachments=tuple(
            replace(each, name=_clean(each.name)[:200] or "file") for each in raw.attachments[:MOST_ATTACHED]
        ),
        natural_key=keys["natural_key"],
        thread_key=keys["thread_key"],
        in_reply_to=keys["in_reply_to"],
    )
    by_content = f"content {_fingerprint(clean)[:40]}"
    if not clean.natural_key:
        clean = with_fields(clean, natural_key=by_content)
    elif clean.former_key:
        clean = with_fields(clean, former_key=by_content)
    return hide_private(with_fields(clean, fingerprint=content_hash(clean)))


def what_was_cut(item: RawItem) -> str:
    """What a person is told of a normalised item whose words were too long; empty when all of them are in it."""
    return describe_cut(item.extra.get("cut"))


def describe_cut(cut: Any) -> str:
    """`extra["cut"]` of an item in words; empty when there is none."""
    if not isinstance(cut, dict) or not {"kept", "of"} <= cut.keys():
        return ""
    return f"Its words are the first {cut['kept']:,} of {cut['of']:,} bytes; the raw record holds all of it."


def odd_instants(raw: RawItem, *, now: datetime) -> tuple[str, ...]:
    """What a person is told of the instants of an item, as its source gave them, that `normalise` does not believe."""
    named = (("said_at", raw.said_at), ("revised_at", raw.revised_at))
    return tuple(
        f"{name}: {instant.year:04}-{instant:%m-%d} cannot be when it was said (1970 to now), so the date is unknown."
        for name, instant in named
        if instant is not None and _possible(instant, now) is None
    )


def _possible(instant: datetime | None, now: datetime) -> datetime | None:
    """The instant, when something can have been said then; clocks and zones may be a day ahead."""
    return instant if instant is not None and EARLIEST <= instant <= now + AHEAD else None


def _address(written: str) -> str:
    url = _clean(written)
    return url[:1000] if re.match(r"https?://", url, re.IGNORECASE) else ""


def _cut(text: str, most_bytes: int) -> str:
    """The text's beginning, of at most so many bytes of UTF-8."""
    if len(text) * 4 <= most_bytes:
        return text
    return text.encode()[:most_bytes].decode(errors="ignore")


def _bounded(extra: dict[str, Any], text: str) -> dict[str, Any]:
    """What screens show, together at most LONGEST_TEXT, and what was cut from the item's words."""
    size = len(text.encode())
    shown = extra
    if len(orjson.dumps(extra)) > LONGEST_TEXT:
        room = [LONGEST_TEXT]
        shown = {name: _within(value, room) for name, value in extra.items()}
    return shown | ({"cut": {"kept": LONGEST_TEXT, "of": size}} if size > LONGEST_TEXT else {})


def _within(value: Any, room: list[int]) -> Any:
    """The beginning of a value, as far as there is room (bytes, counted down); numbers and names cost 20."""
    if isinstance(value, str):
        kept = _cut(value, max(0, room[0]))
        room[0] -= len(kept.encode()) + 20
        return kept
    room[0] -= 20
    if isinstance(value, list):
        return [_within(each, room) for each in value if room[0] > 0]
    if isinstance(value, dict):
        return {name: _within(each, room) for name, each in value.items()}
    return value


def _whole(raw: RawItem) -> dict[str, Any]:
    """The record as it was received; words that are cut are kept here where the source gave no record."""
    return _storable(raw.raw) or ({"text": _plain(raw.text)} if len(raw.text) * 4 > LONGEST_TEXT else {})


def _clean(text: str) -> str:
    """Line breaks as \\n, no control characters (PostgreSQL takes no NUL), no lone surrogates, Unicode NFC."""
    if text.isascii() and text.isprintable():  # as most cells are
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]", "", text)
    if not text.isascii():
        text = _read_twice(text)
        # Composing sorts marks: a letter with a hundred thousand of them would take minutes.
        text = unicodedata.normalize("NFC", _too_many_marks().sub(r"\1", text))
    return text.strip()


def _read_twice(text: str) -> str:
    """UTF-8 that somebody read as Latin-1 and wrote again (`GrÃ¶Ãe`), as it was; other texts as they are."""
    if not _TWICE.search(text):
        return text
    for encoding in ("latin-1", "cp1252"):
        try:
            return text.encode(encoding).decode()
        except UnicodeError:
            continue
    return text


_TWICE = re.compile(
    "[\u00c2-\u00c5\u00d0\u00d1\u00d7-\u00d9\u00e0-\u00ef\u00f0][\u0080-\u00bf\u2018-\u201e\u20ac\u2122\u0152\u0153\u0178]"
)
"""What such letters begin with, and a sign that no word goes on with."""


@lru_cache(maxsize=1)
def _too_many_marks() -> re.Pattern[str]:
    """More than thirty combining marks in a row, the thirty first of them in group 1 (UAX 15, Stream-Safe Text)."""
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{30}})[{marks}]++")


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """As JSON that PostgreSQL takes: no NUL, no lone surrogate, only text as keys; NaN and Infinity as their names."""
    try:
        # Two levels more than it has: it must stand within a row, too.
        written = orjson.dumps([[[value]]])
        _STRICT.encode(value)
    except (TypeError, ValueError):
        written = b"\\u0000"
    if b"\\u0000" not in written:
        found: dict[str, Any] = orjson.loads(written)[0][0][0]
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
    return _sha256(who, when, raw.thread_key, raw.text, *([raw.question] if raw.question else ()))


def content_hash(raw: RawItem) -> str:
    """What makes a version: words, subject, rating; not counters such as likes, which change all the time."""
    return raw.fingerprint or _sha256(raw.text, raw.subject, "" if raw.rating is None else f"{raw.rating:g}")


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
