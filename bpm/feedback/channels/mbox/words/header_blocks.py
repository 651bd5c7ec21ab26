"""The header lines that mail programs put above an old mail: `From: ... Sent: ... To: ... Subject: ...`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bpm.feedback.channels.mbox.languages import alternatives, folded, one_of, phrases

MOST_LINES = 24
"""Lines of one block that are looked at, empty ones too."""
LONGEST_LABEL = 40
"""Characters."""
_KINDS = ("from", "sent", "to", "cc", "subject")
_LABELLED = re.compile(r"^[\s*_|]{0,8}([^\W\d_][^:：\n@]{0,40}?)[\s*_]{0,4}[:：](?:[\s*_]+(.*)|(\S.*)?)$")
_IN_CELLS = re.compile(r"^\s*\|\s*([^|:：\n@]{1,40}?)\s*\|\s*([^|\n]*?)\s*\|\s*$")
"""`| From | Shop<help@shop.example> |`, as a mail program writes a table in plain text."""
_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_YEAR_AND_TIME = re.compile(r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d))(?=.*\d{1,2}[:.]\d{2})")
_CERTAIN = frozenset({"from", "sent", "to", "subject"})


@dataclass(frozen=True)
class Block:
    """A header block: where what it heads begins, and what it tells."""

    end: int
    """The first line behind it."""
    kinds: frozenset[str]
    has_address: bool
    values: dict[str, str] = field(default_factory=dict)

    @property
    def counts_alone(self) -> bool:
        """Whether it is a mail program's without any mark before it: a journey has From and To, but no address."""
        if len(self.kinds) < 2 or "from" not in self.kinds:
            return False
        dated = bool(_YEAR_AND_TIME.search(self.values.get("sent", "")))
        return self.has_address or (self.kinds >= _CERTAIN and dated)

    @property
    def counts_behind_a_mark(self) -> bool:
        return len(self.kinds) >= 2 and "from" in self.kinds

    @property
    def sender(self) -> tuple[str, str]:
        """(name, address) of who wrote the old mail; empty texts where it does not say."""
        written = self.values.get("from", "")
        found = _ADDRESS.search(written)
        if not found:
            return written.strip(), ""
        name = written[: found.start()].replace("mailto:", "")
        return name.strip(" \t<>[](){}\"'*_"), found[0]


def header_block(lines: Sequence[str], place: int) -> Block | None:
    """The block that begins at this line, if one does."""
    if not _kind_of(lines[place]):
        return None
    values: dict[str, str] = {}
    addressed, end, gap, last = False, place, 0, ""
    for at in range(place, min(len(lines), place + MOST_LINES)):
        line = lines[at]
        told = _kind_of(line)
        if not line.strip():
            gap += 1
            if gap > 1 or last == "subject":
                break
            continue
        if told and told[0] not in values:
            last = told[0]
            values[last] = told[1]
        elif told or not (last and gap == 0 and _goes_on(line, last)):
            break
        addressed = addressed or bool(_ADDRESS.search(line))
        gap, end = 0, at + 1
    return Block(end, frozenset(values), addressed, values)


def _goes_on(line: str, last: str) -> bool:
    """Whether a line without label belongs to the list of people above it."""
    return last in ("from", "to", "cc") and (bool(_ADDRESS.search(line)) or line.lstrip().startswith((";", ",")))


def _kind_of(line: str) -> tuple[str, str] | None:
    match = _LABELLED.match(line)
    if match is None:
        cells = _IN_CELLS.match(line) if line.lstrip()[:1] == "|" else None
        return (kind, cells[2]) if cells and (kind := _labels().get(folded(cells[1]))) else None
    kind = _labels().get(" ".join(folded(match[1]).replace("*", "").split()))
    return (kind, (match[2] or match[3] or "").strip(" *_")) if kind else None


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in reversed(_KINDS):
        found |= dict.fromkeys(phrases(kind), kind)  # type: ignore[arg-type]  # the kinds are subjects of the table
    return found


_DASHES = r"[-–—_=*~>#\s]"


def says_old_mail(line: str) -> bool:
    """Whether the line itself says that old mail follows: `-----Original Message-----`, `Begin forwarded message:`."""
    if len(line) > 120:
        return False
    return bool(_separator().match(folded(line)))


_HASHED = re.compile(r"^\s*##-\s.{8,160}\s-##\s*$")
"""Zendesk's, in whatever language."""


def says_above(line: str) -> bool:
    """Whether the line is a help desk's `reply above this line`."""
    return len(line) < 200 and (bool(_above().search(folded(line))) or bool(_HASHED.match(line)))


@lru_cache(maxsize=1)
def _separator() -> re.Pattern[str]:
    words = alternatives((*phrases("original"), *phrases("forwarded")))
    begins = alternatives(each for each in phrases("forwarded") if len(each) > 8)
    drawn = rf"[-–—_=*~#]{_DASHES}{{1,60}}{words}[^\n]{{0,40}}?{_DASHES}{{2,60}}"
    return re.compile(rf"^\s*(?:{drawn}|{begins}\s*[:：])\s*$")


@lru_cache(maxsize=1)
def _above() -> re.Pattern[str]:
    return re.compile(one_of("above"))
