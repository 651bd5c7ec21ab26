"""The bytes of a file as UTF-8 with usual line ends, where its letters take two, four or seven bits else."""

import codecs
import io
import re
from typing import BinaryIO

from bpm.feedback.channels import byte_marks

BEGINNING = 1 << 16
"""Bytes at a file's start that tell its encoding and its line ends."""


def strictly(data: bytes, encoding: str) -> str:
    """The text, or empty when the bytes are none in that encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def read_start(stream: BinaryIO, size: int) -> bytes:
    """The first bytes, as many as there are up to `size`."""
    data = bytearray()
    while len(data) < size and (piece := stream.read(size - len(data))):
        data += piece
    return bytes(data)


def wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32 by its mark, UTF-16 by its zero bytes, UTF-7 by its shifted letters; empty else."""
    for mark, name in byte_marks.WIDE:
        if start.startswith(mark):
            return name
    even, odd = start[0:4000:2].count(0), start[1:4000:2].count(0)
    few = len(start[:4000]) // 10
    if odd > few and odd > 10 * even:
        return "utf-16-le"
    if even > few and even > 10 * odd:
        return "utf-16-be"
    return "utf-7" if b"+" in start and start.isascii() and _is_shifted(start) else ""


_SHIFTED = re.compile(rb"\+([A-Za-z0-9/]{3,200})-")
_FEWEST_SHIFTED = 2


def _is_shifted(start: bytes) -> bool:
    """Whether what stands between `+` and `-` are always letters beyond ASCII in UTF-7 (RFC 2152)."""
    told = _SHIFTED.findall(start)
    if len(told) < _FEWEST_SHIFTED:
        return False
    letters = [strictly(b"+" + each + b"-", "utf-7") for each in told[:50]]
    return all(text and not text.isascii() and text.isalpha() for text in letters)


class Joined(io.RawIOBase):
    """What was read already, then the rest."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start, self._rest = memoryview(start), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer: its callers give bytearrays
        piece = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


class WithLineFeeds(io.RawIOBase):
    """Carriage returns read as line feeds, for files that have no others."""

    def __init__(self, inner: io.RawIOBase) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # as above
        piece = (self._inner.read(len(buffer)) or b"").replace(b"\r", b"\n")
        buffer[: len(piece)] = piece
        return len(piece)


class Recoded(io.RawIOBase):
    """Text of two or four bytes a letter as UTF-8."""

    def __init__(self, inner: io.RawIOBase, encoding: str) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # as above
        while not self._ready and not self._ended:
            piece = self._inner.read(BEGINNING) or b""
            self._ended = not piece
            self._ready = self._decoder.decode(piece, self._ended).encode("utf-8", "replace")
        piece = self._ready[: len(buffer)]
        self._ready = self._ready[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)
