"""An mbox cut into its messages, or one message alone; and whose mailbox it is, as far as their heads tell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bpm.feedback.channels.mbox.gathering import Gathered, Gathering, date_of, is_separator
from bpm.feedback.channels.mbox.languages import folded, phrases
from bpm.feedback.channels.rows import Context, Record, beginning, lines
from bpm.feedback.limits import LONGEST_HEADER
from bpm.foundation.errors import InvalidInputError

MOST_NESTED = 100
"""Boundaries that one message may declare: each costs a look at every line inside it."""

MOST_HEADERS = 5_000
"""Lines of headers that one message may have."""

LONGEST_HEAD = 100_000
"""Bytes at a message's beginning in which its mailbox is looked for."""

LOOKED_AHEAD = 4_000_000
"""Bytes of messages that are looked at before the first is given: the mailbox may be told by a later one."""

_DELIVERED_TO = re.compile(
    rb"^(?:Delivered-To|X-Delivered-To):[ \t<]{0,80}([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,255})",
    re.IGNORECASE | re.MULTILINE,
)
_LABELS = re.compile(rb"^X-Gmail-Labels:[ \t]*([^\r\n]{1,2000})", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(
    rb"^From:[^\r\n]{0,400}?([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,255})>?[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_BOUNDARY = re.compile(rb"\b[Bb][Oo][Uu][Nn][Dd][Aa][Rr][Yy]\s{0,10}=")
_HEADER = re.compile(rb"[!-9;-~]{1,80}:|>?From ")


@dataclass(frozen=True)
class Mail:
    """One message as bytes, beside the addresses that are known to be the company's own."""

    data: bytes
    own: frozenset[str]
    envelope: str = ""
    """The date of the mailbox's own separator line."""


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The messages of the file; `number` counts them from 1. InvalidInputError when there is none."""
    own = context.names("own")
    number = 0
    for number, (mail, own_ahead) in enumerate(_with_mailboxes(_messages(stream, context)), 1):
        yield Record(
            number, Mail(mail.data, own | own_ahead, mail.envelope), beginning(mail.data), _too_much(mail.data)
        )
    if not number:
        raise InvalidInputError("The file is empty.", remedy="Choose a file that holds mail.")


def _with_mailboxes(messages: Iterator[Gathered]) -> Iterator[tuple[Gathered, frozenset[str]]]:
    """Each message with the mailboxes that are told by it, those before and the first ones behind."""
    own: frozenset[str] = frozenset()
    ahead: list[Gathered] = []
    size = 0
    for mail in messages:
        own |= _mailboxes(mail.data)
        if size < LOOKED_AHEAD:
            ahead.append(mail)
            size += len(mail.data)
            if size < LOOKED_AHEAD:
                continue
            yield from ((each, own) for each in ahead)
            ahead.clear()
            continue
        yield mail, own
    yield from ((each, own) for each in ahead)


def _messages(stream: BinaryIO, context: Context) -> Iterator[Gathered]:
    """Raw messages. One starts at `From `, a sender and a date after an empty line (RFC 4155), a header behind it."""
    message = Gathering(is_mbox=False)
    single = context.file_name.lower().removesuffix(".gz").endswith(".eml")
    separator: bytes | None = None
    for _, line in lines(stream):
        if separator is not None and line is not None and _HEADER.match(line):
            yield message.gathered()
            message = Gathering(is_mbox=True, envelope=date_of(separator))
        elif separator is not None:
            message.take(separator)
        separator = None
        if line is not None and not single and message.may_end and is_separator(line):
            separator = line
        else:
            message.take(line)
    if separator is not None:
        message.take(separator)
    if message.has_begun:
        yield message.gathered()


def _too_much(data: bytes) -> str:
    """Why a message is not read at all: each boundary costs a look at every line, each header one at every question."""
    if len(_BOUNDARY.findall(data)) > MOST_NESTED:
        return f"More than {MOST_NESTED} mails or parts are packed into it. Send what it holds as mails of their own."
    if data.count(b"\n", 0, _head_ends(data)) > MOST_HEADERS:
        return f"It has more than {MOST_HEADERS:,} lines of headers. Save it without them."
    return ""


def _head_ends(data: bytes) -> int:
    match = re.search(rb"\r?\n\r?\n", data)
    return match.start() if match else len(data)


def _mailboxes(data: bytes) -> frozenset[str]:
    """The mailbox's own addresses, from the head of the message alone: cheap for messages that are passed over."""
    head = data[: min(_head_ends(data[: LONGEST_HEAD + 4]), LONGEST_HEAD)]
    found = _DELIVERED_TO.findall(head)[:20]
    labels = _LABELS.search(head)
    if labels is not None and _is_sent(labels[1]):
        found += _FROM.findall(head)[:1]
    return frozenset(each.decode("ascii", "replace").lower() for each in found)


def _is_sent(labels: bytes) -> bool:
    written = labels[:LONGEST_HEADER].decode("utf-8", "replace")
    return bool({folded(each.strip(" \"'")) for each in written.split(",")} & set(phrases("sent_label")))
