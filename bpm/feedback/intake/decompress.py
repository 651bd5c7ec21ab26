"""Files as they come: packed or not, with a count of how far they were read."""

import gzip
import io
import zlib
from collections.abc import Callable
from typing import BinaryIO

from bpm.feedback.limits import ALWAYS_UNPACKED, MOST_UNPACKED
from bpm.foundation.errors import InvalidInputError

DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError)
"""What a damaged file raises while it is read."""

GZIP_MARK = b"\x1f\x8b"


class _Counted(io.RawIOBase):
    """Passes reads on and counts the bytes."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer: its callers give bytearrays
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        self.done += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """Passes unpacked bytes on; InvalidInputError once a small file has become a huge one."""

    def __init__(self, unpacked: BinaryIO, packed: _Counted) -> None:
        self._unpacked = unpacked
        self._packed = packed
        self._done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer: its callers give bytearrays
        data = self._unpacked.read(len(buffer))
        buffer[: len(data)] = data
        self._done += len(data)
        if self._done > max(ALWAYS_UNPACKED, MOST_UNPACKED * self._packed.done):
            raise InvalidInputError(
                f"Unpacked it is more than {MOST_UNPACKED} times as large.",
                remedy="Unpack it and import what is in it.",
            )
        return len(data)


def open_content(stream: BinaryIO) -> tuple[BinaryIO, Callable[[], int]]:
    """The plain bytes of a file, unpacked on the way when it is gzip, and how many bytes of the file were read."""
    counted = _Counted(stream)
    buffered = io.BufferedReader(counted)  # type: ignore[type-var]  # the stubs want a name and a mode
    if buffered.peek(2)[:2] == GZIP_MARK:
        unpacked = _Unpacked(gzip.GzipFile(fileobj=buffered), counted)  # type: ignore[arg-type]  # it reads bytes
        return io.BufferedReader(unpacked), lambda: counted.done  # type: ignore[type-var]  # as above
    return buffered, lambda: counted.done
