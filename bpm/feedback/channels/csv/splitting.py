"""Records from lines: quoted cells that hold delimiters and line breaks, and quotes that only seem to open one.

A quote opens a cell at its start alone, and closes it before a delimiter or the line's end; any other one is a letter.
Within a cell that goes over several lines, a quote that opens another cell shows that the first one was never closed:
then the first line is read by itself and the others again. How far such a search goes is halved each time that it
was in vain, so that a file full of them costs its length.
"""

from collections import deque
from collections.abc import Iterator

from bpm.feedback.channels.rows import TOO_LONG
from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.limits import LONGEST_RECORD
from bpm.foundation.texts import _

_SHORTEST_SEARCH = 2_000
"""Characters within which a quoted cell is always looked for its end."""


class _StrayQuoteError(Exception):
    """The cell that is open was never meant to be quoted."""


class _BackslashError(Exception):
    """This file writes quotes with a backslash before."""


def records(source: Iterator[tuple[int, str | None]], delimiter: str) -> Iterator[Cut]:
    """The records of a file; empty lines are none. `delimiter` empty: each line is one cell."""
    return iter(_Splitter(source, delimiter).run())


class _Splitter:
    def __init__(self, source: Iterator[tuple[int, str | None]], delimiter: str) -> None:
        self._source = source
        self._delimiter = delimiter
        self._again: deque[tuple[int, str | None]] = deque()
        self._backslash = False
        self._search = LONGEST_RECORD

    def run(self) -> Iterator[Cut]:
        while (first := self._next()) is not None:
            number, line = first
            if line is None:
                yield Cut(number, problem=TOO_LONG)
            elif line.strip():
                yield self._record(number, line)

    def _next(self) -> tuple[int, str | None] | None:
        return self._again.popleft() if self._again else next(self._source, None)

    def _record(self, number: int, line: str) -> Cut:
        if '"' not in line:
            return Cut(number, tuple(self._plain(line)))
        taken: list[tuple[int, str | None]] = [(number, line)]
        try:
            return self._quoted(number, taken)
        except _BackslashError:
            self._backslash = True
            self._again.extendleft(reversed(taken[1:]))
            return self._record(number, line)
        except _StrayQuoteError:
            self._search = max(_SHORTEST_SEARCH, self._search // 2)
            self._again.extendleft(reversed(taken[1:]))
            return Cut(number, tuple(self._by_itself(line)), warnings=(
                _('A quotation mark (") opens a cell and none closes it; the line was read by itself.'),))  # fmt: skip

    def _quoted(self, number: int, taken: list[tuple[int, str | None]]) -> Cut:
        """Cells from as many lines as they need; those are put into `taken`."""
        cells = _Cells(self._delimiter, backslash=self._backslash)
        size = 0
        line: str | None = taken[0][1]
        while line is not None and cells.take(self._unescaped(line)):
            size += len(line)
            more = self._next() if size < self._search else None
            if more is None:
                raise _StrayQuoteError
            taken.append(more)
            line = more[1]
        return Cut(number, problem=TOO_LONG) if line is None else Cut(number, tuple(cells.done))

    def _unescaped(self, line: str) -> str:
        if not self._backslash or "\\" not in line:
            return line
        return line.replace("\\\\", "\0").replace('\\"', '""').replace("\0", "\\")

    def _plain(self, line: str) -> list[str]:
        line = line.rstrip("\r\n")
        return line.split(self._delimiter) if self._delimiter else [line]

    def _by_itself(self, line: str) -> list[str]:
        """Cells of a line whose last quote opens nothing."""
        cells = _Cells(self._delimiter, backslash=self._backslash)
        if not cells.take(self._unescaped(line)):
            return cells.done
        return [*cells.done, *self._plain(cells.open_text())]


class _Cells:
    """The cells of a record, line by line."""

    def __init__(self, delimiter: str, *, backslash: bool) -> None:
        self._delimiter = delimiter
        self._backslash = backslash
        self.done: list[str] = []
        self._open: list[str] | None = None
        self._lines = 0

    def open_text(self) -> str:
        """What stands in the cell that is not closed."""
        return "".join(self._open or ())

    def take(self, line: str) -> bool:
        """Go through a line; whether a cell is still open at its end."""
        self._lines += 1
        at = 0
        end = len(line.rstrip("\r\n"))
        while at <= end:
            if self._open is None:
                start = at
                while start < end and line[start] == " ":
                    start += 1
                if start < end and line[start] == '"':
                    self._open, at = [], start + 1
                else:
                    at = self._bare(line, at, end)
                    continue
            closed = self._within(line, at, end)
            if closed < 0:
                return True
            at = closed
        return False

    def _bare(self, line: str, at: int, end: int) -> int:
        found = line.find(self._delimiter, at, end) if self._delimiter else -1
        if found < 0:
            self.done.append(line[at:end])
            return end + 1
        self.done.append(line[at:found])
        return found + 1

    def _within(self, line: str, at: int, end: int) -> int:
        """Behind the open cell and its delimiter, or -1 when the line ends before it does."""
        opened = self._open if self._open is not None else []
        start = at
        while (quote := line.find('"', at, end)) >= 0:
            if line.startswith('""', quote) and quote + 1 < end and not self._closes(line, quote, end):
                opened.append(line[start : quote + 1])
                at = start = quote + 2
                continue
            if self._closes(line, quote, end):
                opened.append(line[start:quote])
                self.done.append("".join(opened))
                self._open = None
                return self._behind(line, quote + 1, end)
            self._doubt(line, quote)
            at = quote + 1
        opened.append(line[start:])
        return -1

    def _closes(self, line: str, quote: int, end: int) -> bool:
        """Whether a delimiter or the line's end follows, spaces left aside."""
        at = quote + 1
        while at < end and line[at] == " ":
            at += 1
        return at >= end or bool(self._delimiter and line.startswith(self._delimiter, at))

    def _behind(self, line: str, at: int, end: int) -> int:
        found = line.find(self._delimiter, at, end) if self._delimiter else -1
        return end + 1 if found < 0 else found + 1

    def _doubt(self, line: str, quote: int) -> None:
        """A quote that neither closes nor is doubled: a letter, unless it shows how the file is written."""
        if quote and line[quote - 1] == "\\" and not self._backslash:
            raise _BackslashError
        before = quote
        while before and line[before - 1] == " ":
            before -= 1
        if self._lines > 1 and (not before or line.endswith(self._delimiter or "\n", 0, before)):
            raise _StrayQuoteError
