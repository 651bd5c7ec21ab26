"""Mail: an mbox of many messages, or one message (EML).

Quotes and signatures are cut from the words (the raw record keeps the whole body), automatic replies and bounces are
nobody's voice, and neither is mail from the company's own addresses (option `_own`: addresses or `@domain`; the
mailbox's own address, read from Delivered-To, counts as own). A Message-ID may be missing, or reused for different
mails: the item is named by it together with sender and date, so one mail delivered to two mailboxes is one item.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import BinaryIO

from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.mbox.body import body_of
from bpm.feedback.channels.mbox.headers import first_address, header, headers_of, ids
from bpm.feedback.channels.mbox.words import customer_words
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, beginning, lines
from bpm.feedback.limits import LONGEST_HEADER, LONGEST_RECORD, LONGEST_TEXT
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError

_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(auto(matic)?[- ]?reply|out of (the )?office|abwesenheit|undeliverable|mail delivery|delivery status|"
    r"returned mail|failure notice)\b",
    re.IGNORECASE,
)

MOST_NESTED = 100
"""Boundaries that one message may declare: each costs a look at every line inside it."""

MOST_SEARCHED = 5 * LONGEST_TEXT
"""Characters of a body in which the words of this time are looked for; quotes and signature are cut from them."""

MOST_HEADERS = 5_000
"""Lines of headers that one message may have."""

LONGEST_HEAD = 100_000
"""Bytes at a message's beginning in which its mailbox is looked for."""

_DELIVERED_TO = re.compile(
    rb"^Delivered-To:[ \t<]{0,80}([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,255})", re.IGNORECASE | re.MULTILINE
)
_BOUNDARY = re.compile(rb"\bboundary\s{0,10}=", re.IGNORECASE)
# What the standard library reads while it takes a message apart; its reader of parameters costs the square of them.
_LONG_HEADER = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class _Mail:
    """One message as bytes, beside the addresses that are known to be the company's own."""

    data: bytes
    own: frozenset[str]


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The messages of the file; `number` counts them from 1."""
    own = context.names("own")
    for number, data in enumerate(_messages(stream), 1):
        if data is None:
            yield Record(number, problem=TOO_LONG)
            continue
        own |= _delivered_to(data)
        yield Record(number, _Mail(data, own), beginning(data), _too_much(data))


def read(record: Record, context: Context) -> Row:
    """The item that one message tells; InvalidInputError names what does not fit."""
    mail: _Mail = record.content
    message = message_from_bytes(_LONG_HEADER.sub(_shortened, mail.data), policy=policy.compat32)
    ignored = _nobodys(message, mail.own)
    if ignored:
        return Row(record.number, ignored=ignored, raw=record.raw)
    return Row(record.number, _item(message, context), raw=record.raw)


def columns(stream: BinaryIO) -> list[str]:
    """Mail needs no mapping."""
    return []


def _messages(stream: BinaryIO) -> Iterator[bytes | None]:
    """Raw messages; None for one that is too long. A message starts at `From ` after an empty line (RFC 4155)."""
    parts: list[bytes] = []
    size, blank, started = 0, True, False
    for _, line in lines(stream):
        if line is not None and blank and line.startswith(b"From "):
            if started:
                yield _joined(parts, size)
            parts, size, blank, started = [], 0, False, True
            continue
        started = started or bool(line and line.strip())
        size += LONGEST_RECORD if line is None else len(line)
        if line is not None and size < LONGEST_RECORD:
            parts.append(re.sub(rb"^>(>*From )", rb"\1", line))
        blank = line is not None and not line.strip()
    if started:
        yield _joined(parts, size)


def _joined(parts: list[bytes], size: int) -> bytes | None:
    return b"".join(parts) if size < LONGEST_RECORD else None


def _too_much(data: bytes) -> str:
    """Why a message is not read at all: each boundary costs a look at every line, each header one at every question."""
    if len(_BOUNDARY.findall(data)) > MOST_NESTED:
        return f"More than {MOST_NESTED} mails or parts are packed into it. Send what it holds as mails of their own."
    if data.count(b"\n", 0, _head_ends(data)) > MOST_HEADERS:
        return f"It has more than {MOST_HEADERS:,} lines of headers. Save it without them."
    return ""


def _shortened(match: re.Match[bytes]) -> bytes:
    return match[0][:LONGEST_HEADER]


def _head_ends(data: bytes) -> int:
    match = re.search(rb"\r?\n\r?\n", data)
    return match.start() if match else len(data)


def _delivered_to(data: bytes) -> frozenset[str]:
    """The mailbox's own address, from the head of the message alone: cheap enough for messages that are passed over."""
    found = _DELIVERED_TO.findall(data[: min(_head_ends(data), LONGEST_HEAD)])[:20]
    return frozenset(each.decode("ascii", "replace").lower() for each in found)


def _item(message: Message, context: Context) -> RawItem:
    name, address = first_address(message, "from")
    if not address:
        raise InvalidInputError("The message has no sender.", place="From", remedy="Add a From line.")
    date, subject, own_id = header(message, "date"), header(message, "subject"), ids(message, "message-id")
    body = body_of(message)
    text = customer_words(body[:MOST_SEARCHED])
    references = ids(message, "references")
    parent = next(iter(ids(message, "in-reply-to")), references[-1] if references else "")
    seed = "\n".join([address.lower(), date, "" if own_id else subject, "" if own_id else body])
    fingerprint = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:16]
    return RawItem(
        channel=context.channel or "email",
        source=context.source,
        text=text or subject,
        natural_key=f"{own_id[0] if own_id else 'no message id'} {fingerprint}",
        said_at=instant(date, place="Date") if date else None,
        subject=subject,
        author_name=name,
        author_email=address,
        thread_key=references[0] if references else parent or (own_id[0] if own_id else ""),
        in_reply_to=parent,
        aliases=tuple(own_id[:1]),
        extra={"whole": body} if body.strip() != text else {},
        raw={"headers": headers_of(message), "body": body},
    )


def _nobodys(message: Message, own: frozenset[str]) -> str:
    """Why the message is nobody's voice; empty when it is somebody's."""
    address = first_address(message, "from")[1].lower()
    if address in own or f"@{address.rpartition('@')[2]}" in own:
        return "a mail from the company's own address"
    if header(message, "auto-submitted").lower() not in ("", "no"):
        return "an automatic reply"
    if message.get("X-Autoreply") or header(message, "precedence").lower() in ("auto_reply", "bulk", "junk"):
        return "an automatic reply"
    if message.get_content_type() == "multipart/report" or address.startswith("mailer-daemon@"):
        return "a delivery report"
    return "an automatic reply" if _AUTOMATIC_SUBJECT.match(header(message, "subject")) else ""
