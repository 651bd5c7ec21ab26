"""The language of the search: words in any order, "phrases", fields, and a minus before what is not wanted.

It never refuses: what cannot be read is left out and named, with the remedy.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bpm.foundation.texts import _
from bpm.search.words import mark, words_of

LONGEST, MOST_TERMS = 500, 20
"""Characters; terms that are read."""
PREFIX_FROM = 3
"""Letters from which on a word stands for all words that begin with it."""

MARKS = ("topic", "kind", "channel", "source", "is")
IN: Mapping[str, str] = {
    "feedback": "item", "items": "item", "item": "item", "inbox": "item", "replies": "reply", "reply": "reply",
    "customers": "customer", "customer": "customer", "cases": "case", "case": "case", "tasks": "task", "task": "task",
    "processes": "process", "process": "process", "versions": "process", "triggers": "trigger", "trigger": "trigger",
    "comments": "comment", "comment": "comment",
}  # fmt: skip
"""Word after `in:` -> the kind of document."""
FIELDS = (*MARKS, "from", "before", "after", "in")
_TERM = re.compile(r'(-?)(?:([A-Za-z]{1,20}):)?("[^"]*"?|[^\s"]+|)(\*?)(?=\s|$|")')
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True)
class Term:
    """Words that stand in a row, in any part or by whom; `is_open`: the last one may go on."""

    words: tuple[str, ...]
    is_open: bool = False
    of_who: bool = False


@dataclass(frozen=True)
class Asked:
    """What somebody asks for."""

    text: str
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    marks: tuple[str, ...] = ()
    unwanted_marks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds of documents that are asked for; empty: all."""
    unwanted_kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    problems: tuple[str, ...] = ()
    """What could not be read, with the remedy."""

    @property
    def is_empty(self) -> bool:
        parts = (self.wanted, self.unwanted, self.marks, self.unwanted_marks, self.kinds, self.unwanted_kinds)
        return not any(parts) and self.since is None and self.until is None

    def asks_for(self, kind: str) -> bool:
        """Whether documents of the kind are wanted."""
        return (not self.kinds or kind in self.kinds) and kind not in self.unwanted_kinds


class _Reading:
    """What was read so far."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.wanted: list[Term] = []
        self.unwanted: list[Term] = []
        self.marks: list[str] = []
        self.unwanted_marks: list[str] = []
        self.kinds: list[str] = []
        self.unwanted_kinds: list[str] = []
        self.since: datetime | None = None
        self.until: datetime | None = None
        self.problems: list[str] = []

    def take(self, minus: str, name: str, value: str, star: str) -> None:
        """One term of what is asked."""
        field = name.lower()
        if minus and not name and not value:
            self.problems.append(_("A minus stands alone; write it right before a word."))
        elif field not in FIELDS:
            self._unknown(name, value)
            self._words(minus, f"{name}:{value}" if name else value, star)
        elif not words_of(value):
            self.problems.append(_("“%(field)s:” needs a value right after it.") % {"field": field})
        elif field in {"before", "after"}:
            self._instant(field, value.strip('"'), minus)
        elif field == "in":
            self._kind(minus, value.strip('"').lower())
        elif field == "from":
            self._words(minus, value, star, of_who=True)
        else:
            (self.unwanted_marks if minus else self.marks).append(mark(field, value))

    def _unknown(self, name: str, value: str) -> None:
        """Say so where a field was misspelt; a colon may stand in what is looked for, too."""
        near = difflib.get_close_matches(name.lower(), FIELDS, n=1, cutoff=0.7) if name and value else []
        if near:
            said = {"name": name, "near": near[0]}
            self.problems.append(_("“%(name)s:” is no field and was read as a word; is “%(near)s:” meant?") % said)

    def _words(self, minus: str, value: str, star: str, *, of_who: bool = False) -> None:
        is_phrase = value.startswith('"')
        if is_phrase and (len(value) < 2 or not value.endswith('"')):
            self.problems.append(_("A quotation mark stands alone; it was read as if one stood at the end, too."))
        words = tuple(words_of(value, most=MOST_TERMS))
        if not words:
            if value.strip('"'):
                self.problems.append(_("“%(text)s” holds no word; it was left out.") % {"text": value[:40]})
            return
        is_open = bool(star) or value.endswith("*") or (not is_phrase and len(words[-1]) >= PREFIX_FROM)
        (self.unwanted if minus else self.wanted).append(Term(words, is_open, of_who))

    def _kind(self, minus: str, value: str) -> None:
        if value not in IN:
            known = ", ".join(("feedback", "replies", "customers", "cases", "tasks", "processes", "triggers"))
            self.problems.append(
                _("“in:%(value)s” is not known; use one of %(known)s, comments.")
                % {"value": value[:40], "known": known}
            )
            return
        (self.unwanted_kinds if minus else self.kinds).append(IN[value])

    def _instant(self, field: str, value: str, minus: str) -> None:
        began = _start_of(value, self.zone)
        if began is None:
            self.problems.append(
                _("“%(field)s:%(value)s” is no date; write it as 2026-03-31, 2026-03 or 2026.")
                % {"field": field, "value": value[:40]}
            )
        elif (field == "before") is not bool(minus):
            self.until = min(self.until or began, began)
        else:
            self.since = max(self.since or began, began)


def read_asked(text: str, *, zone: tzinfo = UTC) -> Asked:
    """Read what somebody typed; dates are days of `zone`: `after:` from their beginning on, `before:` up to it."""
    text = " ".join(text.replace("\x00", " ").split())
    reading = _Reading(zone)
    if len(text) > LONGEST:
        reading.problems.append(_("Only the first %(most)s characters were read.") % {"most": LONGEST})
        text = text[:LONGEST]
    terms = [match.groups() for match in _TERM.finditer(text) if any(match.groups())]
    if len(terms) > MOST_TERMS:
        reading.problems.append(_("Only the first %(most)s words and fields were read.") % {"most": MOST_TERMS})
    for minus, name, value, star in terms[:MOST_TERMS]:
        reading.take(minus, name or "", value, star)
    return Asked(
        text,
        tuple(reading.wanted),
        tuple(reading.unwanted),
        tuple(reading.marks),
        tuple(reading.unwanted_marks),
        tuple(reading.kinds),
        tuple(reading.unwanted_kinds),
        reading.since,
        reading.until,
        tuple(dict.fromkeys(reading.problems)),
    )


def _start_of(value: str, zone: tzinfo) -> datetime | None:
    """The first instant of a year, month or day."""
    found = _DAY.fullmatch(value.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        local = datetime(year, month, day, tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
