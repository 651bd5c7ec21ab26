"""The lines of one message while a mailbox is read: its words whole, its files as far as one mail is held."""

import re
from dataclasses import dataclass

from bpm.feedback.channels.mbox.bulk import left_out_line
from bpm.feedback.limits import LARGEST_MAIL, LONGEST_RECORD

TEXT_BYTES = 300_000
"""Bytes of coded lines in a row that may be words (RFC 2045, 6.8); behind LARGEST_MAIL only so many of a part stay."""

MORE_BYTES = 4_000_000
"""What is held of a mail behind LARGEST_MAIL: heads of its other parts, and its words where they come last."""

# A sender, and a date with its year: `From ann@example.org Mon Mar  2 09:00:00 2026`.
_SEPARATOR = re.compile(rb"From (\S{1,320}|\S{1,100} at \S{1,200}) .{0,60}?\b((?:19|20)\d\d)\b.{0,20}$")
_QUOTED_FROM = re.compile(rb"^>(>*From )")
_CODED = re.compile(rb"[A-Za-z0-9+/]{40,998}={0,2}\r?\n?")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Gathered:
    """One message; `envelope` is the date of its separator line."""

    data: bytes
    envelope: str


class Gathering:
    """One message while its lines come in. What is left out of it has a line that says how much (`left_out_line`)."""

    def __init__(self, *, is_mbox: bool, envelope: str = "") -> None:
        self._parts: list[bytes] = []
        self._held = self._left_out = self._coded = 0
        self._is_mbox = is_mbox
        self._envelope = envelope
        self._blank = False

    @property
    def has_begun(self) -> bool:
        return bool(self._held or self._left_out)

    @property
    def may_end(self) -> bool:
        """Whether a separator may stand here."""
        return self.has_begun and self._blank

    def take(self, line: bytes | None) -> None:
        """Add a line; None: one that is too long to be held. Marks and empty lines before a head are nothing."""
        if line is None:
            self._left_out += LONGEST_RECORD
            return
        if not self.has_begun:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            if not line.strip():
                return
            if line.startswith(b"From ") and not self._is_mbox:
                self._is_mbox, self._envelope = True, date_of(line)
                return
        self._blank = not line.strip()
        if self._is_too_much(line):
            self._left_out += len(line)
            return
        self._told()
        self._held += len(line)
        self._parts.append(_QUOTED_FROM.sub(rb"\1", line) if self._is_mbox and line[:1] == b">" else line)

    def _is_too_much(self, line: bytes) -> bool:
        """Behind LARGEST_MAIL lines of files are too much, and everything when even the rest is long."""
        if self._held + len(line) <= LARGEST_MAIL:
            return False
        self._coded = self._coded + len(line) if _CODED.fullmatch(line) else 0
        return self._coded > TEXT_BYTES or self._held + len(line) > LARGEST_MAIL + MORE_BYTES

    def _told(self) -> None:
        if self._left_out:
            self._parts.append(left_out_line(self._left_out))
            self._left_out = 0

    def gathered(self) -> Gathered:
        self._told()
        data = b"".join(self._parts)
        self._parts.clear()
        return Gathered(data, self._envelope)


def is_separator(line: bytes) -> bool:
    """Whether the line may part two messages of an mbox."""
    return _SEPARATOR.match(line.rstrip()) is not None


def date_of(separator: bytes) -> str:
    """The date of a separator line; empty when it has none."""
    match = _SEPARATOR.match(separator.rstrip())
    return separator.rstrip()[match.end(1) :].decode("ascii", "replace").strip() if match else ""
