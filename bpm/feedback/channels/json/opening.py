"""How a JSON file begins: its encoding, and whether it holds one object a line."""

import codecs
import io
import re
from typing import Any, BinaryIO

from bpm.feedback.channels import byte_marks

BEGINNING = 1 << 16
"""Bytes that are looked at."""

_SCRIPT = re.compile(rb"\s*(?:window\.|var |const |let )?[\w.$]{1,80}(?:\[[^\]\n]{0,80}\])?\s*=\s*[\[{]")


class _Chained(io.RawIOBase):
    """What was looked at and what follows, in UTF-8."""

    def __init__(self, beginning: bytes, stream: BinaryIO, encoding: str) -> None:
        self._held = beginning
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        if self._decoder:
            self._held = self._decoder.decode(beginning).encode()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer: its callers give bytearrays
        while not self._held:
            piece = self._stream.read(len(buffer))
            if not piece:
                return 0
            self._held = self._decoder.decode(piece).encode() if self._decoder else piece
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count


def opened(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream from its beginning in UTF-8 without its mark, and how it begins."""
    beginning = stream.read(BEGINNING)
    encoding, skipped = encoding_of(beginning)
    chained: Any = _Chained(beginning[skipped:], stream, encoding)
    whole = io.BufferedReader(chained, 1 << 20)
    return whole, plain_beginning(beginning)


def encoding_of(beginning: bytes) -> tuple[str, int]:
    """(encoding when it is not UTF-8, bytes of its mark)."""
    for mark, encoding in byte_marks.WIDE:
        if beginning.startswith(mark):
            return encoding, len(mark)
    if beginning.startswith(codecs.BOM_UTF8):
        return "", len(codecs.BOM_UTF8)
    first, second = beginning[:1], beginning[1:2]
    if second == b"\x00" and first != b"\x00":
        return "utf-16-le", 0
    return ("utf-16-be", 0) if first == b"\x00" and second != b"\x00" else ("", 0)


def plain_beginning(beginning: bytes) -> bytes:
    """How a file begins, in UTF-8 without mark and white space."""
    encoding, skipped = encoding_of(beginning)
    rest = beginning[skipped:]
    return (rest.decode(encoding, "ignore").encode("utf-8", "replace") if encoding else rest).lstrip()


def looks_like_json(beginning: bytes) -> bool:
    """Whether a file that begins so is JSON or JavaScript around it."""
    plain = plain_beginning(beginning)
    if plain[:1] == b"[":  # a section of an INI file and a time in brackets begin so, too
        return re.match(rb'\[\s*(?:[\[{"\d\]-]|true|false|null|\Z)', plain) is not None and not re.match(
            rb"\[\d{1,4}[./:-]\d", plain
        )
    return re.match(rb'\{\s*(?:"|\}|\Z)', plain) is not None or _SCRIPT.match(plain) is not None


def is_lines(beginning: bytes) -> bool:
    """Whether such a file holds one object a line: the first line is whole in itself, and another one follows."""
    plain = plain_beginning(beginning)
    if plain[:1] == b"[" or _SCRIPT.match(plain):
        return False
    first, found, rest = plain.partition(b"\n")
    if not found:
        return False
    if first[:1] != b"{":  # a spoilt line in front of whole ones
        return any(line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}" for line in rest.split(b"\n")[:20])
    return first.rstrip().endswith(b"}") and first.strip() != b"{}" and rest.strip() != b""
