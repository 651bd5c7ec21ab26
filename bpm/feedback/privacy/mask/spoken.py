"""Numbers spoken as words: "four one five, five five five, oh one two three", in English, German and French."""

import re
from collections.abc import Iterator
from typing import Any

from bpm.feedback.privacy.mask.cues import cue_before
from bpm.feedback.privacy.mask.spans import Kind, Span
from bpm.feedback.privacy.mask.words import words

_ONES = words(
    "zero oh o nought null zéro one two three four five six seven eight nine eins zwei zwo drei vier fünf sechs sieben "
    "acht neun un deux trois quatre cinq sept huit neuf"
)
_TENS = words(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen zehn elf zwölf dix onze douze "
    "treize quatorze quinze seize"
)
_TIES = words(
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand zwanzig dreißig vierzig fünfzig sechzig "
    "siebzig achtzig neunzig vingt trente quarante cinquante soixante"
)
_DIGITS = {**dict.fromkeys(_ONES, 1), **dict.fromkeys(_TENS, 2), **dict.fromkeys(_TIES, 1), "double": 1, "triple": 2}
"""How many digits each word stands for, at least ("double" says one more of the next)."""

_WORD = re.compile(r"[^\W\d_]+|\d{1,4}(?!\d)")
_BETWEEN = re.compile(r"[\s,.\-–]{1,3}(?:(?:and|uh|um|then|und|et)[\s,]{1,2})?")
_LONG, _CARD, _SHORT = 7, 13, 3


def spoken_numbers(text: str) -> Iterator[Span]:
    """Runs of number words that are somebody's number: long ones by themselves, short ones by the words before."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        said = word[0].casefold()
        if said not in _DIGITS and not said.isdigit():
            continue
        if run and not _BETWEEN.fullmatch(text, run[-1].end(), word.start()):
            yield from _of(text, run)
            run = []
        run.append(word)
    yield from _of(text, run)


def _of(text: str, run: list[Any]) -> Iterator[Span]:
    said = [word[0].casefold() for word in run]
    if all(word.isdigit() for word in said):
        return
    count = sum(len(word) if word.isdigit() else _DIGITS[word] for word in said)
    if count >= _SHORT and (kind := _kind(text, run[0].start(), count, said)):
        yield Span(kind, run[0].start(), run[-1].end())


def _kind(text: str, start: int, count: int, said: list[str]) -> Kind | None:
    cue = cue_before(text, start)
    if cue.meaning == "other" or (count < _LONG and len(set(said)) == 1 and not cue.meaning):
        return None
    if cue.meaning == "iban":
        return "account"
    if cue.meaning and (cue.named or cue.near) and (count >= _LONG or (cue.named and count >= _SHORT)):
        return cue.meaning
    if cue.last_four:
        return "card"
    if count < _LONG or _counts_up(said):
        return None
    return "card" if count >= _CARD else "phone"


def _counts_up(said: list[str]) -> bool:
    """One two three four ...: somebody counts."""
    counted = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return "".join(said) in "".join(counted) or "".join(said) in "".join(counted[::-1])
