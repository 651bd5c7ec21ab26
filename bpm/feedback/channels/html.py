"""HTML from outside, read as the plain text that a person would see.

A scanner of our own, because a browser's parser costs the square of what nests deeply in it, and the standard
library's tries an unfinished tag again at every character. Here every character is looked at a bounded number of times.
"""

import html
import re

from bpm.feedback.channels.html_elements import ALT, Meaning, attributes, meaning_of

_BREAKS = frozenset(
    {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "dl", "dt",
     "dd", "pre", "hr", "section", "article", "header", "footer", "address", "form", "fieldset", "figure", "center"}
)  # fmt: skip
_ENDS = frozenset({"p", "div", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "section", "article", "center"})
_CELLS = frozenset({"td", "th"})
_RAW = frozenset({"script", "style", "title", "noembed", "noframes", "template"})
"""Elements that say nothing and whose content is no markup: they end at their own end tag alone."""
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})
_LONGEST_TAG = 5_000
"""Characters of one tag; what is longer is taken as text."""
_MOST_REGIONS = 50
"""Elements with a meaning of their own that are open at once; those within are read as what they stand in."""

# Quantifiers are possessive, and a tag ends at the next `<`: no character is tried twice from the same tag.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*+)((?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""")
_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 847, 8203), " ")
_OPENED = {
    Meaning.QUOTE: "\n\x04",
    Meaning.REPLY_LINE: "\n\x06",
    Meaning.OLD_MAIL: "\n\x02\n",
    Meaning.RULE: "\n\x03\n",
}
_CLOSED = {Meaning.QUOTE: "\n\x05", Meaning.REPLY_LINE: "\n\x07"}
_MOST_REPLY_LINES = 3
"""Lines of an attribution; more of them are a header block."""


def to_text(source: str) -> str:
    """The text with line breaks where blocks end; scripts, styles and what is hidden say nothing."""
    return _tidy("".join(_Scanner(source, marks=False).run()))


def to_mail_text(source: str) -> str:
    """The text of a mail: quotes bear `> `, and marks (see `mbox.words.marks`) say where old mail begins."""
    return _tidy("\n".join(_quoted("".join(_Scanner(source, marks=True).run()).split("\n"))))


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t\xa0]+", " ", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", text)).strip()


def _quoted(lines: list[str]) -> list[str]:
    """Lines with the marks of quotes and of attributions at their beginning."""
    done: list[str] = []
    depth, told = 0, -1
    for line in lines:
        depth = max(0, depth + line.count("\x04") - line.count("\x05"))
        if "\x06" in line:
            told = len(done)
        if "\x07" in line and told >= 0:
            _mark(done, told)
            told = -1
        plain = line.translate({4: None, 5: None, 6: None, 7: None}).strip()
        done.append(f"{'> ' * min(depth, 9)}{plain}" if depth and plain else plain)
    return done


def _mark(done: list[str], start: int) -> None:
    """Lines from `start` on tell who wrote the quote below, unless they are a header block."""
    if sum(bool(line) for line in done[start:]) <= _MOST_REPLY_LINES and not any(
        "---" in line for line in done[start:]
    ):
        done[start:] = [f"\x01{line}" if line else line for line in done[start:]]


class _Scanner:
    """Goes through the source once, from tag to tag."""

    def __init__(self, source: str, *, marks: bool) -> None:
        self._source = source.translate(_CONTROLS)
        self._marks = marks
        self._parts: list[str] = []
        self._regions: list[tuple[str, Meaning]] = []
        self._nested: list[int] = []
        """How often the name of each open region is open."""
        self._absent: set[str] = set()
        """What was looked for and does not come any more."""

    def run(self) -> list[str]:
        place = 0
        while (at := self._source.find("<", place)) >= 0:
            self._say(place, at)
            place = self._mark(at)
        self._say(place, len(self._source))
        return self._parts

    def _is_in(self, meaning: Meaning) -> bool:
        return any(each[1] is meaning for each in self._regions)

    def _put(self, text: str) -> None:
        if not self._is_in(Meaning.HIDDEN):
            self._parts.append(text)

    def _say(self, start: int, end: int) -> None:
        if start < end:
            plain = html.unescape(_HUGE_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", self._source[start:end]))
            self._put(plain if self._is_in(Meaning.AS_WRITTEN) else re.sub(r"[ \t\r\n]+", " ", plain))

    def _mark(self, at: int) -> int:
        """Take what begins with `<` at this place; where to go on."""
        if self._source.startswith("<!--", at):
            return self._past("-->", at + 4)
        if self._source.startswith(("<!", "<?"), at):
            return self._past(">", at + 2)
        match = _TAG.match(self._source, at, at + _LONGEST_TAG)
        if match is None:
            self._put("<")
            return at + 1
        name = match[2].lower()
        if match[1]:
            self._end(name)
            return match.end()
        if name in _RAW:
            return self._after_raw(name, match.end())
        self._start(name, match[3])
        return match.end()

    def _past(self, mark: str, start: int) -> int:
        """Behind the next `mark`; when there is none, the rest of the source is what it would have ended."""
        found = self._source.find(mark, start)
        return len(self._source) if found < 0 else found + len(mark)

    def _start(self, name: str, written: str) -> None:
        if name in _BREAKS:
            if self._regions and self._regions[-1][0] == "p":
                self._end("p")
            self._put("\n\n" if name == "p" else "\n")
        elif name in _CELLS:
            self._put(" ")
        self._open(name, written)

    def _open(self, name: str, written: str) -> None:
        for place in range(len(self._regions) - 1, -1, -1):
            if self._regions[place][0] == name:
                self._nested[place] += 1
                break
        told = attributes(written)
        if name == "img" and ALT.fullmatch(told.get("alt", "")):
            self._put(told["alt"])
        meaning = meaning_of(name, told, marks=self._marks)
        if meaning is None:
            return
        self._put(_OPENED.get(meaning, ""))
        if name not in _VOID and meaning not in (Meaning.OLD_MAIL, Meaning.RULE) and len(self._regions) < _MOST_REGIONS:
            self._regions.append((name, meaning))
            self._nested.append(1)

    def _end(self, name: str) -> None:
        for place in range(len(self._regions) - 1, -1, -1):
            if self._regions[place][0] != name:
                continue
            self._nested[place] -= 1
            if not self._nested[place]:
                self._close(place)
            break
        if name in _ENDS:
            self._put("\n")

    def _close(self, place: int) -> None:
        """The region at `place` ends, and all within it."""
        while len(self._regions) > place:
            _, meaning = self._regions.pop()
            self._nested.pop()
            self._put(_CLOSED.get(meaning, ""))

    def _after_raw(self, name: str, start: int) -> int:
        """Behind the end tag of a raw element; without one it is taken as ended at once."""
        found = None if name in self._absent else re.compile(rf"</{name}\b", re.IGNORECASE).search(self._source, start)
        if found is None:
            self._absent.add(name)
            return start
        return found.start()
