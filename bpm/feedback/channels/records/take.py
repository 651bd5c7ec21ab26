"""Values taken out of records of foreign services, whatever kind they turn out to be."""

import html
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bpm.feedback.channels.fields import said_habit
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.rows import Context
from bpm.feedback.channels.values.dates import read_date
from bpm.feedback.channels.values.moments import DateError
from bpm.foundation.texts import _


def get(record: Any, path: str) -> Any:
    """The value at `a.b.c`, None where the way ends."""
    for name in path.split("."):
        if not isinstance(record, Mapping):
            return None
        record = record.get(name)
    return record


def text_at(record: Any, *paths: str) -> str:
    """The first text or number at these paths, "" where there is none; truth values are no texts."""
    for path in paths:
        value = get(record, path)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def first(record: Any, *paths: str) -> Any:
    """The first value at these paths that is not None."""
    return next((value for path in paths if (value := get(record, path)) is not None), None)


def records_in(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; none when it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def plain_text(written: str) -> str:
    """HTML as a person sees it; plain text with its entities resolved."""
    return to_text(written) if "<" in written else html.unescape(written)


def is_own(context: Context, *names: str) -> bool:
    """Whether one of these names or addresses is the company's own (option `_own`); never where all is wanted."""
    own = frozenset[str]() if context.option("everything") else context.names("own")
    return bool(own) and any(map(own.__contains__, (form for name in names for form in _forms(name.strip().lower()))))


def _forms(name: str) -> tuple[str, ...]:
    """How an account or address may be named as the company's own; a domain stands for all its addresses."""
    bare = name.lstrip("@")
    return (name, bare, f"@{bare.rpartition('@')[2]}") if "@" in bare else (name, bare)


class Taker:
    """Takes instants and numbers; what cannot be read costs the value and is named in `warnings`."""

    def __init__(self, context: Context) -> None:
        self._habit = said_habit(context)
        self._found: list[str] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._found)

    def at(self, record: Any, *paths: str) -> datetime | None:
        """The first instant at these paths; None and a warning when it cannot be read."""
        for path in paths:
            if not (written := text_at(record, path)):
                continue
            try:
                return read_date(_clock_in_front(written), self._habit).instant
            except DateError as error:
                self._found.append(_("%(place)s: %(why)s; the date is unknown.") % {"place": path, "why": error})
        return None

    def number(self, record: Any, *paths: str) -> float | None:
        """The first number at these paths."""
        for path in paths:
            written = text_at(record, path)
            if not written:
                continue
            try:
                return float(written)
            except ValueError:
                self._found.append(_("%(place)s: %(value)r is no number.") % {"place": path, "value": written[:80]})
        return None


def _clock_in_front(written: str) -> str:
    """`Mon Mar 02 09:00:00 +0000 2026`, as X writes it, with its year where RFC 5322 has it."""
    parts = written.split()
    if len(parts) == 6 and parts[3].count(":") == 2 and parts[5].isdigit():
        return f"{parts[0]}, {parts[2]} {parts[1]} {parts[5]} {parts[3]} {parts[4]}"
    return written


def texts(values: Iterable[str]) -> str:
    """Texts joined by line breaks, without empty ones."""
    return "\n".join(value for value in values if value)
