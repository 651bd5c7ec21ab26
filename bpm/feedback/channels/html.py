"""HTML from outside, read as the plain text that a person would see.

A scanner of our own, because the standard library's parser tries an unfinished tag again at every character: its cost
grows with the square of what an attacker sends. Here every character is looked at a bounded number of times.
"""

import html
import re

_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol", "table"})
_ENDS = frozenset({"p", "div", "blockquote"})
_SILENT = frozenset({"script", "style", "head", "title"})
_RAW = frozenset({"script", "style", "title"})
"""Elements whose content is no markup: they end at their own end tag alone."""
_LONGEST_TAG = 5_000
"""Characters of one tag; what is longer is taken as text."""

# Quantifiers are possessive, and a tag ends at the next `<`: no character is tried twice from the same tag.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*+)(?:[^<>"']|"[^"]*+"|'[^']*+')*+>""")
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")


def to_text(source: str) -> str:
    """The text with line breaks where blocks end; scripts and styles say nothing."""
    text = re.sub(r"[ \t\xa0]+", " ", "".join(_Scanner(source).run()))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", text)).strip()


class _Scanner:
    """Goes through the source once, from tag to tag."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._silent = 0
        self._absent: set[str] = set()
        """What was looked for and does not come any more."""

    def run(self) -> list[str]:
        place = 0
        while (at := self._source.find("<", place)) >= 0:
            self._say(place, at)
            place = self._mark(at)
        self._say(place, len(self._source))
        return self._parts

    def _say(self, start: int, end: int) -> None:
        if not self._silent and start < end:
            plain = _HUGE_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", self._source[start:end])
            self._parts.append(html.unescape(plain))

    def _mark(self, at: int) -> int:
        """Take what begins with `<` at this place; where to go on."""
        if self._source.startswith("<!--", at):
            return self._past("-->", at + 4)
        if self._source.startswith(("<!", "<?"), at):
            return self._past(">", at + 2)
        match = _TAG.match(self._source, at, at + _LONGEST_TAG)
        if match is None:
            if not self._silent:
                self._parts.append("<")
            return at + 1
        name = match[2].lower()
        if match[1]:
            self._end(name)
            return match.end()
        self._start(name)
        return self._after_raw(name, match.end()) if name in _RAW else match.end()

    def _past(self, mark: str, start: int) -> int:
        """Behind the next `mark`; when there is none, the rest of the source is what it would have ended."""
        found = self._source.find(mark, start)
        return len(self._source) if found < 0 else found + len(mark)

    def _start(self, name: str) -> None:
        if name in _SILENT:
            self._silent += 1
        if name in _BREAKS:
            self._parts.append("\n\n" if name == "p" else "\n")

    def _end(self, name: str) -> None:
        if name in _SILENT and self._silent:
            self._silent -= 1
        elif name in _ENDS:
            self._parts.append("\n")

    def _after_raw(self, name: str, start: int) -> int:
        """At the end tag of a raw element; without one it is taken as ended at once."""
        found = None if name in self._absent else re.compile(rf"</{name}\b", re.IGNORECASE).search(self._source, start)
        if found is None:
            self._absent.add(name)
            self._end(name)
            return start
        return found.start()
