"""A stream of JSON cut into its values without being read: bounded memory, and each byte is looked at once.

A list gives its elements, an object itself; an object over LONGEST_RECORD gives the elements of the lists in it whose
names say that they hold records. What is broken or huge spoils only itself. JavaScript in front of the first value
(`window.YTD.tweets.part0 = `), semicolons and marks between values are passed over.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bpm.feedback.limits import LONGEST_RECORD

_PIECE = 1 << 20
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},]', re.DOTALL)
_IN_STRING = re.compile(rb'["\\]')
_BETWEEN = re.compile(rb"[\s,;)\x1e\xef\xbb\xbf]*+")
_SCRIPT = re.compile(
    rb"(?:(?:var|let|const)\s{1,9})?[A-Za-z_$][\w.$]{0,200}(?:\[[^\]\n]{0,80}\])?\s{0,20}(?:=\s{0,20}|\()|\)\]\}',?\s*"
)
_COLON = re.compile(rb"\s*+:")

LISTS_OF_RECORDS = frozenset(
    (
        b"tickets", b"comments", b"posts", b"statuses", b"feed", b"items", b"data", b"results", b"records", b"reviews",
        b"responses", b"conversations", b"children", b"list", b"payload", b"rows", b"value", b"values", b"issues",
        b"ancestors", b"descendants", b"notifications", b"entry", b"result", b"hits", b"articles", b"tweets",
        b"feedback", b"surveys", b"answers", b"messages", b"callTranscripts",
    )
)  # fmt: skip
"""Names of lists that are taken apart where the object around them is too large to be held."""


@dataclass(frozen=True)
class Piece:
    """A value as bytes, None for one over LONGEST_RECORD; `member` names the list of a large object it stands in."""

    data: bytes | None
    member: str = ""


class _TooLargeError(Exception):
    """The value does not fit into what is held."""


class _Window:
    """The part of the stream that is held: everything from `keep` on, at most LONGEST_RECORD and a piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.data = bytearray()
        self.base = self.keep = 0
        self.lost = self.strict = False

    @property
    def end(self) -> int:
        return self.base + len(self.data)

    def more(self) -> bool:
        """Read on; what is kept for too long is given up (`lost`), or _TooLargeError where it must not be."""
        if self.end - self.keep > LONGEST_RECORD:
            if self.strict:
                raise _TooLargeError
            self.lost, self.keep = True, self.end
        del self.data[: self.keep - self.base]
        self.base = self.keep
        piece = self._stream.read(_PIECE)
        self.data += piece
        return bool(piece)

    def begin(self, place: int) -> None:
        """A value begins here."""
        self.keep, self.lost = place, False

    def take(self, end: int) -> bytes | None:
        """What was kept, up to here; None when some of it was given up, or it is too long."""
        start = self.keep
        self.keep = end
        if self.lost or end - start > LONGEST_RECORD:
            return None
        return bytes(self.data[start - self.base : end - self.base]).strip()

    def tokens(self, place: int) -> Iterator[tuple[int, int, bytes]]:
        """(begin, end, mark) of what structures the stream from here on; a string has the mark b'"'."""
        while True:
            match = _TOKEN.search(self.data, place - self.base)
            if match is None:
                place = max(place, self.end)
                if not self.more():
                    return
                continue
            begin, end, mark = self.base + match.start(), self.base + match.end(), match[0][:1]
            if mark == b'"' and match[0] == b'"':
                found = self._end_of_string(end)
                if found < 0:
                    return
                end = found
            yield begin, end, mark
            place = end

    def _end_of_string(self, place: int) -> int:
        """Where a string that goes beyond the window ends, -1 at the end of the stream."""
        while True:
            match = _IN_STRING.search(self.data, place - self.base) if place <= self.end else None
            if match is None:
                place = max(place, self.end)
                if not self.more():
                    return -1
            elif match[0] == b'"':
                return self.base + match.end()
            else:
                place = self.base + match.end() + 1


def split(stream: BinaryIO) -> Iterator[Piece]:
    """The values of a stream in UTF-8, one after the other."""
    window = _Window(stream)
    window.more()
    place = _skip(window, 0)
    if script := _SCRIPT.match(window.data, place - window.base):
        place = window.base + script.end()
    while (place := _skip(window, place)) < window.end:
        window.begin(place)
        mark = window.data[place - window.base : place - window.base + 1]
        if mark == b"{":
            place = yield from _whole(window, place)
        elif mark == b"[":
            place = yield from _elements(window, place)
        else:
            place = yield from _rest_of_line(window, place)


def _skip(window: _Window, place: int) -> int:
    while True:
        match = _BETWEEN.match(window.data, place - window.base)
        place = window.base + match.end() if match else place
        window.keep = place
        if place < window.end or not window.more():
            return place


def _whole(window: _Window, start: int) -> Generator[Piece, None, int]:
    """One object; where it ends is returned. One that is too large is taken apart."""
    window.strict = True
    try:
        end = _end_of_object(window, start)
    except _TooLargeError:
        end = -1
    finally:
        window.strict = False
    if end < 0:
        return (yield from _elements(window, start))
    yield Piece(window.take(end))
    return end


def _end_of_object(window: _Window, start: int) -> int:
    depth = 0
    for _, end, mark in window.tokens(start):
        depth += (mark in b"[{") - (mark in b"]}")
        if depth == 0 and mark in b"]}":
            return end
    return window.end


def _rest_of_line(window: _Window, start: int) -> Generator[Piece, None, int]:
    """Something that is no JSON, up to the end of its line."""
    place = start
    while (found := window.data.find(b"\n", place - window.base)) < 0:
        place = window.end
        if not window.more():
            break
    end = window.base + found if found >= 0 else window.end
    yield Piece(window.take(end))
    return end


class _Nest:
    """Where in a document the stream is: which brackets are open, and in which of them elements are given."""

    def __init__(self) -> None:
        self.open: list[bytes] = []
        self.inside = 0
        self.member = b""

    def ends_an_element(self, mark: bytes) -> bool:
        return bool(self.inside) and len(self.open) == self.inside and mark in b",]}"

    def step(self, window: _Window, begin: int, end: int, mark: bytes) -> None:
        if mark in b"[{":
            if mark == b"[" and self._holds_records():
                self.inside = len(self.open) + 1
                window.begin(end)
            self.open.append(mark)
        elif mark in b"]}":
            self.open.pop()
            self.inside = self.inside if len(self.open) >= self.inside else 0
        elif mark == b'"' and not self.inside:
            self.member = _name(window, begin, end) or self.member
        if not self.inside:
            window.keep = end

    def _holds_records(self) -> bool:
        alone = not self.inside and b"[" not in self.open
        return alone and (not self.open or self.member in LISTS_OF_RECORDS)

    def piece(self, data: bytes | None) -> Piece:
        return Piece(data, self.member.decode("utf-8", "replace"))


def _elements(window: _Window, start: int) -> Generator[Piece, None, int]:
    """The elements of a list, or of the lists of records in a large object; where it ends is returned."""
    nest, told = _Nest(), False
    for begin, end, mark in window.tokens(start):
        if nest.ends_an_element(mark):
            if (data := window.take(begin)) != b"":
                told = True
                yield nest.piece(data)
            window.begin(end)
        nest.step(window, begin, end, mark)
        if not nest.open:
            if not told and end - start > LONGEST_RECORD:
                yield Piece(None)
            return end
    rest = window.take(window.end) if nest.inside else None
    if rest != b"":
        yield nest.piece(rest)
    return window.end


def _name(window: _Window, begin: int, end: int) -> bytes:
    """The string when it names a member of an object."""
    if end + 8 > window.end:
        window.keep = min(begin, window.end)
        window.more()
    if begin < window.base or not _COLON.match(window.data, end - window.base):
        return b""
    return bytes(window.data[begin + 1 - window.base : end - 1 - window.base])
