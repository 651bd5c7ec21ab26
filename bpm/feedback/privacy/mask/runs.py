"""Runs of digits in a text, as people write numbers: groups with blanks, dots, dashes, slashes and brackets between."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bpm.feedback.privacy.mask.near import Stretches, matches

_RUN = re.compile(
    r"(?:\+|\(\+?)?\d+(?:(?:[ \u00a0\u202f]?[-.\u2010-\u2014/()_][ \u00a0\u202f]?|[ \u00a0\u202f]|[)] ?[-/]? ?|"
    r" ?\(|\) ?\()\d+){0,30}(?: ?(?:x|ext\.?|extension|poste|durchwahl|#) ?\d{1,6}\b)?",
    re.IGNORECASE,
)
_WHOLE = 8
_PLAIN = {"has_extension": False, "separators": frozenset[str]()}
"""What a run of digits alone has."""
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_EXTENSION = re.compile(r" ?(?:x|ext\.?|extension|poste|durchwahl|#) ?\d{1,6}$", re.IGNORECASE)


@dataclass(frozen=True)
class Run:
    """One run and what stands around it."""

    text: str
    start: int
    before: str
    """The character before it, empty at the beginning."""
    after: str
    """What follows, the first dozen characters."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def main(self) -> str:
        """Without the extension."""
        return _EXTENSION.sub("", self.text)

    @cached_property
    def has_extension(self) -> bool:
        return self.main != self.text

    @cached_property
    def digits(self) -> str:
        return re.sub(r"\D", "", self.main)

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """Digits in each group."""
        return tuple(map(len, re.findall(r"\d+", self.main)))

    @cached_property
    def separators(self) -> frozenset[str]:
        return frozenset(re.sub(r"[\d\s+]", "", self.main)) | (
            frozenset(" ") if re.search(r"\d\s\d", self.main) else frozenset()
        )

    @cached_property
    def stands_alone(self) -> bool:
        """Not part of a longer word, a decimal number or an amount."""
        glued = self.before.isalnum() or self.before in tuple("_$€£.,=#&@%~^\\-/")
        return not glued and not re.match(r"[\w%°€$£]|[.,:]\d|-\w|/\w|=", self.after)

    def part(self, start: int, end: int) -> "Run":
        """The run between these places of its own text."""
        before = " " if start else self.before
        return Run(self.text[start:end], self.start + start, before, (self.text[end:] + self.after)[:12])


def runs_of(text: str, near: Stretches, *, at_least: int = 3) -> Iterator[Run]:
    """Every run with so many digits that is not part of a web address, in order; `near` is where the digits are."""
    links = [found.span() for found in _LINK.finditer(text)] if "://" in text or "www." in text.casefold() else []
    place = 0
    for found in matches(_RUN, text, near):
        start, end = found.span()
        if end - start < at_least:
            continue
        while place < len(links) and links[place][1] <= start:
            place += 1
        if place < len(links) and links[place][0] <= start:
            continue
        run = Run(found[0], start, text[start - 1] if start else "", text[end : end + 12])
        if run.text.isdecimal():  # as most are: nothing is to be taken apart
            run.__dict__.update(_PLAIN, main=run.text, digits=run.text, groups=(end - start,))
            yield run
            continue
        yield from (each for each in _apart(run) if len(each.digits) >= at_least)


def _apart(run: Run) -> Iterator[Run]:
    """The run, or its two halves where a slash divides two whole numbers."""
    for found in re.finditer(r" ?[/|] ?", run.text):
        first, second = run.part(0, found.start()), run.part(found.end(), len(run.text))
        if min(len(first.digits), len(second.digits)) >= _WHOLE:
            yield first
            yield second
            return
    yield run
