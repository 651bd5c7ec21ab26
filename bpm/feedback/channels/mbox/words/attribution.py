"""The line above a quote that says who wrote it: `On Monday Ann wrote:`, in any language, wrapped or not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bpm.feedback.channels.mbox.languages import folded, one_of

LONGEST = 400
"""Characters."""
MOST_LINES = 4
"""Mail programs wrap it."""

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}")
_ENDS_WITH_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w.-]{1,200}[>)\]]{0,3}\s*(?:님|さん|様)?\s*[:：]?\s*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.h時시点點]\s?\d{2}(?!\d)|\d{1,2}(?:시|時|点|點)")
_COLON = re.compile(r"[:：]\s*$")
_DASHED = re.compile(r"^\s*-{2,}\s*(.{5,300}?)\s*-{2,}\s*$")
_ENDS_SENTENCE = re.compile(r"(?:[^\d\W]|[)\"'”’])[.!?…。]$|^[^\d]{1,40}[!?]$")
_SHORT_NAME = 60


@dataclass(frozen=True)
class Attribution:
    """The attribution that begins at a line."""

    lines: int
    """How many lines it takes."""
    is_certain: bool
    """It cuts even when the mail below bears no quote marks."""
    before: str = ""
    """Words of the sender that stand before it in the same line."""
    has_address: bool = False


def attribution(lines: Sequence[str], place: int) -> Attribution | None:
    """The attribution that begins at `place`, if one does; looks at `MOST_LINES` lines at most."""
    written = ""
    for number in range(1, MOST_LINES + 1):
        if place + number > len(lines):
            return None
        if len(lines[place + number - 1]) > LONGEST:
            return None
        line = lines[place + number - 1].strip(" \t*_\xa0")
        if not line or line.startswith(">"):
            return None
        written = f"{written} {line}".strip()
        if len(written) > LONGEST:
            return None
        if _COLON.search(line) or _DASHED.match(line):
            return _judged(lines, place, number, written)
    return None


def _judged(lines: Sequence[str], place: int, number: int, written: str) -> Attribution | None:
    signs = _signs(written)
    if not signs.fits:
        return None
    if number == 1:
        return Attribution(1, signs.is_certain, signs.before, signs.address)
    first = lines[place].strip()
    if _ENDS_SENTENCE.search(first) or not _may_begin(first):
        return None
    rest = _signs(" ".join(line.strip(" \t*_\xa0") for line in lines[place + 1 : place + number]))
    if rest.is_whole and not _opens(first):
        return None
    return Attribution(number, signs.is_certain, has_address=signs.address)


@dataclass(frozen=True)
class _Signs:
    """What an attribution is told by."""

    address: bool
    ends_with_address: bool
    date: bool
    time: bool
    wrote: bool
    opened: bool
    named: bool
    before: str = ""

    @property
    def fits(self) -> bool:
        told = self.wrote and (self.address or self.date or self.named)
        return told or (self.ends_with_address and self.date)

    @property
    def is_whole(self) -> bool:
        return self.date and self.fits

    @property
    def is_certain(self) -> bool:
        return self.date and self.time and self.fits and (self.opened or (self.address and self.wrote))


def _signs(written: str) -> _Signs:
    dashed = _DASHED.match(written)
    if dashed:
        written = dashed[1]
    before, written = _parted(written)
    plain = folded(written)
    wrote = _verb(written, plain)
    return _Signs(
        address=bool(_ADDRESS.search(plain)),
        ends_with_address=bool(_ENDS_WITH_ADDRESS.search(plain)),
        date=bool(_YEAR.search(plain)),
        time=bool(_TIME.search(plain)),
        wrote=wrote is not None,
        opened=_opens(written),
        named=wrote is not None and _is_name(written, wrote),
        before=before,
    )


def _verb(written: str, plain: str) -> int | None:
    """Where the verb of the attribution begins: at its end, or followed by a name, an address or a date alone."""
    last = None
    for match in _wrote().finditer(plain):
        last = match
    if last is None or len(plain) != len(written):
        return last.start() if last else None
    tail = written[last.end() :].strip(" :：*_-")
    if not tail or _ADDRESS.search(tail) or re.search(r"\d", tail):
        return last.start()
    names = tail.split()
    return last.start() if len(names) <= 4 and all(not each[0].islower() for each in names) else None


def _parted(written: str) -> tuple[str, str]:
    """(words before, attribution) where a program put both into one line."""
    if not (_ADDRESS.search(written) and _TIME.search(written)):
        return "", written
    last = None
    for match in _sentence_then_on().finditer(written):
        last = match
    return (written[: last.start(1)].strip(), written[last.start(1) :]) if last else ("", written)


def _is_name(written: str, end: int) -> bool:
    """Whether what stands before the verb is a name alone: `Ann Ex wrote:`."""
    words = written[:end].split()
    return len(written) <= _SHORT_NAME and 1 <= len(words) <= 4 and all(not each[0].islower() for each in words)


def _may_begin(line: str) -> bool:
    return _opens(line) or bool(_ADDRESS.search(line)) or bool(_TIME.search(line)) or bool(_YEAR.search(line))


def _opens(line: str) -> bool:
    """Whether an attribution can begin like this: `On`, a weekday cut short, a number."""
    plain = folded(line)
    return bool(_on().match(plain)) or bool(re.match(r"(?:[^\W\d_]{1,4}\.?,? |\d)", plain) and _YEAR.search(plain))


@lru_cache(maxsize=1)
def _wrote() -> re.Pattern[str]:
    return re.compile(one_of("wrote"))


@lru_cache(maxsize=1)
def _on() -> re.Pattern[str]:
    return re.compile(one_of("on"))


@lru_cache(maxsize=1)
def _sentence_then_on() -> re.Pattern[str]:
    return re.compile(rf"(?<!\d)[.!?]\s+({one_of('on')}\s.{{0,40}}\d)", re.IGNORECASE)
