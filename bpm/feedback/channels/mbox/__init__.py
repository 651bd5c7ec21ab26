"""Mail: an mbox of many messages, or one message (EML).

Quotes and signatures are cut from the words (the raw record keeps the whole body), automatic replies and bounces are
nobody's voice, and neither is mail from the company's own addresses (option `_own`: addresses or `@domain`; the
mailbox's own address, read from Delivered-To, counts as own). A Message-ID may be missing, or reused for different
mails: the item is named by it together with sender and date, so one mail delivered to two mailboxes is one item.
"""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import BinaryIO

from bpm.errors import InvalidInputError
from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.mbox.words import customer_words
from bpm.feedback.channels.rows import LONGEST_RECORD, Context, Row, decode, lines
from bpm.feedback.raw import RawItem

_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(auto(matic)?[- ]?reply|out of (the )?office|abwesenheit|undeliverable|mail delivery|delivery status|"
    r"returned mail|failure notice)\b",
    re.IGNORECASE,
)


def parse(stream: BinaryIO, context: Context) -> Iterator[Row]:
    """The messages of the file; `number` counts them from 1."""
    own = set(context.names("own"))
    for number, data in enumerate(_messages(stream), 1):
        yield _row(number, data, context, own)


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


def _row(number: int, data: bytes | None, context: Context, own: set[str]) -> Row:
    if data is None:
        return Row(number, reason=f"The message is longer than {LONGEST_RECORD // 1_000_000} MB.")
    raw = data[:500].decode("utf-8", "replace")
    try:
        message = message_from_bytes(data, policy=policy.default)
        own.update(address.lower() for _, address in _addresses(message, "Delivered-To"))
        ignored = _nobodys(message, own)
        return Row(number, ignored=ignored, raw=raw) if ignored else Row(number, _item(message, context), raw=raw)
    except InvalidInputError as error:
        return Row(number, reason=str(error), raw=raw)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        return Row(number, reason=f"The message cannot be read: {error}.", raw=raw)


def _item(message: EmailMessage, context: Context) -> RawItem:
    name, address = next(iter(_addresses(message, "From")), ("", ""))
    if not address:
        raise InvalidInputError("The message has no sender.", place="From", remedy="Add a From line.")
    date, subject, own_id = _header(message, "Date"), _header(message, "Subject"), _ids(message, "Message-ID")
    body = _body(message)
    text = customer_words(body)
    references = _ids(message, "References")
    parent = next(iter(_ids(message, "In-Reply-To")), references[-1] if references else "")
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
        raw={"headers": [[key, str(value)] for key, value in message.items()], "body": body},
    )


def _nobodys(message: EmailMessage, own: set[str]) -> str:
    """Why the message is nobody's voice; empty when it is somebody's."""
    address = next((a.lower() for _, a in _addresses(message, "From")), "")
    if address in own or f"@{address.rpartition('@')[2]}" in own:
        return "a mail from the company's own address"
    if _header(message, "Auto-Submitted").lower() not in ("", "no"):
        return "an automatic reply"
    if message.get("X-Autoreply") or _header(message, "Precedence").lower() in ("auto_reply", "bulk", "junk"):
        return "an automatic reply"
    if message.get_content_type() == "multipart/report" or address.startswith("mailer-daemon@"):
        return "a delivery report"
    return "an automatic reply" if _AUTOMATIC_SUBJECT.match(_header(message, "Subject")) else ""


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name) or "").split())


def _addresses(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    return [(n, a) for n, a in getaddresses([str(v) for v in message.get_all(name, [])]) if "@" in a]


def _ids(message: EmailMessage, name: str) -> list[str]:
    return re.findall(r"<[^<>\s]{1,380}>", str(message.get(name) or ""))


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = decode(data)
    text = text.replace("\r\n", "\n")
    return to_text(text) if part.get_content_subtype() == "html" else text
