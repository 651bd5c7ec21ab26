"""A text as the patterns read it: digits and signs of every script as ASCII, nothing invisible, lines joined."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable

from bpm.feedback.privacy.mask.spans import Span

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WRAP = re.compile(r"(?<=[\d@.+-])[ \t]{0,4}(?:\r?\n|\t)[ \t]{0,4}(?=[\dA-Za-z])")


class _Signs(dict[int, str]):
    """Character -> how it is read; found out at its first asking."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if code > 127:
            if sign.isdecimal():
                sign = str(unicodedata.decimal(sign))
            elif 0xFF01 <= code <= 0xFF5E:
                sign = chr(code - 0xFEE0)
            elif unicodedata.category(sign) == "Zs":
                sign = " "
        self[code] = sign
        return sign


_SIGNS = _Signs()


class Plain:
    """`text` is what the patterns read; `back` says where a span of it stands in what was written."""

    def __init__(self, written: str) -> None:
        self.text = written
        self._places: list[int] | None = None
        if not written.isascii():
            self.text = written.translate(_SIGNS)
            if _INVISIBLE.search(self.text):
                self._shorten(_INVISIBLE, "")

    def joined(self) -> "Plain | None":
        """The same with numbers and addresses that a line's end cuts put together; None where none is cut."""
        if ("\n" not in self.text and "\t" not in self.text) or not _WRAP.search(self.text):
            return None
        whole = Plain(self.text)
        whole.seams = whole._shorten(_WRAP, " ")
        outer = self._places
        if outer is not None and whole._places is not None:
            whole._places = [outer[place] for place in whole._places]
        return whole

    seams: tuple[int, ...] = ()
    """Places of the text where lines were joined."""

    def crosses(self, span: Span) -> bool:
        """Whether the span goes over a place where lines were joined."""
        place = bisect_right(self.seams, span.start)
        return place < len(self.seams) and self.seams[place] < span.end - 1

    def back(self, spans: Iterable[Span]) -> list[Span]:
        """The spans in characters of what was written."""
        places = self._places
        if places is None:
            return list(spans)
        return [Span(span.type, places[span.start], places[span.end - 1] + 1) for span in spans]

    def _shorten(self, pattern: re.Pattern[str], by: str) -> tuple[int, ...]:
        """Put `by` (one character at most) for each match; gives where it stands now."""
        pieces: list[str] = []
        places: list[int] = []
        seams: list[int] = []
        done = 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            pieces += [self.text[done:start], by]
            places += range(done, start)
            seams.append(len(places))
            places += [start] * len(by)
            done = end
        pieces.append(self.text[done:])
        places += range(done, len(self.text))
        self.text, self._places = "".join(pieces), places
        return tuple(seams)
