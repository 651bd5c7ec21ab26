"""Where in a text a pattern needs to look: around its digits, or around its signs. Most of a long text has neither.

A pattern that cannot match without a digit costs as much as the letters do when it is tried at each of them. So it is
tried within REACH of each digit alone; what it looks back at may lie before that, and a stretch ends where a word ends.
"""

import re
from collections.abc import Iterator

REACH = 90
"""Characters before and behind a digit that what it belongs to may have: an IBAN with blanks has 76 behind it."""

FAR = 220
"""The same of a street and its town."""

Stretches = list[tuple[int, int]]
"""Where to look: (from, to) in characters of the text, in order, not overlapping."""

_DIGITS = re.compile(r"\d+")
_SIGN = re.compile("@")
_BLANK = re.compile(r"\s")


def near_digits(text: str, reach: int = REACH) -> Stretches:
    """The stretches of the text that lie within `reach` characters of a digit; none where there is none."""
    return _near(text, _DIGITS, reach)


def near_signs(text: str) -> Stretches:
    """The same for `@`."""
    return _near(text, _SIGN, REACH)


def _near(text: str, pattern: re.Pattern[str], reach: int) -> Stretches:
    found: Stretches = []
    begin = end = 0
    for start, stop in (each.span() for each in pattern.finditer(text)):
        if stop <= end - reach:
            continue
        if start - reach > end or not end:
            if end:
                found.append((begin, end))
            begin = _word_begins(text, start - reach, end)
        blank = _BLANK.search(text, min(len(text), stop + reach))
        end = blank.start() if blank else len(text)
    if end:
        found.append((begin, end))
    return found


def _word_begins(text: str, place: int, least: int) -> int:
    """Where the word begins that stands at the place, but not before `least`."""
    place = max(least, place)
    while place > least and not text[place - 1].isspace():
        place -= 1
    return place


def matches(pattern: re.Pattern[str], text: str, stretches: Stretches) -> Iterator[re.Match[str]]:
    """Every match of the pattern within the stretches."""
    for start, end in stretches:
        yield from pattern.finditer(text, start, end)


def has(pattern: re.Pattern[str], text: str, stretches: Stretches) -> bool:
    """Whether the pattern matches anywhere within the stretches."""
    return any(pattern.search(text, start, end) for start, end in stretches)
