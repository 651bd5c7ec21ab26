"""Files as they come: packed or not, with a count of how far they were read."""

import gzip
import io
from collections.abc import Callable
from typing import BinaryIO

GZIP_MARK = b"\x1f\x8b"


class _Counted(io.RawIOBase):
    """Passes reads on and counts the bytes."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        self.done += len(data)
        return len(data)


def open_content(stream: BinaryIO) -> tuple[BinaryIO, Callable[[], int]]:
    """The plain bytes of a file, unpacked on the way when it is gzip, and how many bytes of the file were read."""
    counted = _Counted(stream)
    buffered = io.BufferedReader(counted)  # type: ignore[type-var]  # the stubs want a name and a mode
    if buffered.peek(2)[:2] == GZIP_MARK:
        unpacked = gzip.GzipFile(fileobj=buffered)
        return io.BufferedReader(unpacked), lambda: counted.done
    return buffered, lambda: counted.done
