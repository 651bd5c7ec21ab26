"""Messages taken apart while the bulk of large files lies aside: it is held once and never parsed."""

import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import Message

from bpm.feedback.limits import LONGEST_HEADER

LEFT_OUT = "X-Left-Out-Bytes"
"""Header of a part of which not all is held: how many bytes are missing."""

BULK_BYTES = 100_000
"""Lines of base64 (RFC 2045, 6.8) that together have more bytes are set aside."""

Bulk = Mapping[str, bytes]
"""What was set aside, by the word that stands in its place."""

_LINES = re.compile(rb"^(?:[A-Za-z0-9+/]{40,998}+={0,2}+\r?\n)++", re.MULTILINE)
_WORD = re.compile(r"\s*(bulk-[0-9]{1,6}-set-aside)\n?")
# What the standard library reads while it takes a message apart; its reader of parameters costs the square of them.
_LONG_HEADER = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_LEFT_OUT_LINE = re.compile(r"^left-out-([0-9]{1,15})-bytes\r?\n?", re.MULTILINE)


def left_out_line(size: int) -> bytes:
    """What stands in a message for bytes that are not held."""
    return f"left-out-{size}-bytes\n".encode()


def message_of(data: bytes) -> tuple[Message, Bulk]:
    """The message, and the bulk of its files; its texts are whole."""
    bulk: dict[str, bytes] = {}

    def set_aside(match: re.Match[bytes]) -> bytes:
        if len(match[0]) < BULK_BYTES:
            return match[0]
        word = f"bulk-{len(bulk)}-set-aside"
        bulk[word] = match[0]
        return f"{word}\n".encode()

    lean = _LINES.sub(set_aside, data)
    message = message_from_bytes(_LONG_HEADER.sub(_shortened, lean), policy=policy.compat32)
    for part in message.walk() if bulk else ():
        if part.get_content_maintype() == "text":
            restore(part, bulk)
    for part in message.walk() if b"left-out-" in lean else ():
        _tell_left_out(part)
    return message, bulk


def _tell_left_out(part: Message) -> None:
    """Say in a header what a line in the part says."""
    inner = part.get_payload()
    if isinstance(inner, str) and (found := _LEFT_OUT_LINE.findall(inner)):
        part.set_payload(_LEFT_OUT_LINE.sub("", inner))
        part[LEFT_OUT] = str(sum(map(int, found)))


def left_out_of(part: Message) -> int:
    """Bytes of a part that are not held."""
    told = str(part.get(LEFT_OUT) or "")
    return int(told) if told.isdecimal() and len(told) < 16 else 0


def _shortened(match: re.Match[bytes]) -> bytes:
    return match[0][:LONGEST_HEADER]


def set_aside_of(part: Message, bulk: Bulk) -> tuple[bytes, str] | None:
    """(what was set aside of a part, what follows it there), both base64; None: the part is whole."""
    inner = part.get_payload()
    match = _WORD.match(inner) if isinstance(inner, str) else None
    if match is None or match[1] not in bulk:
        return None
    return bulk[match[1]], str(inner)[match.end() :]


def restore(part: Message, bulk: Bulk) -> None:
    """Put back what was set aside of a part."""
    found = set_aside_of(part, bulk)
    if found is not None:
        part.set_payload(found[0].decode("ascii") + found[1])
