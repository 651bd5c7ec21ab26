"""Mail: an mbox of many messages, or one message (EML).

Quotes and signatures are cut from the words (the raw record keeps the whole body), automatic replies and bounces are
nobody's voice, and neither is mail from the company's own addresses (option `_own`: addresses or `@domain`; the
mailbox's own address, read from Delivered-To, counts as own). A mail that colleagues forward is the customer's who
wrote it. A Message-ID may be missing, or reused for different mails: the item is named by it together with sender and
date, so one mail delivered to two mailboxes is one item.
"""

import hashlib
from collections.abc import Sequence
from email.message import Message
from typing import Any, BinaryIO

from bpm.feedback.channels.mbox.attached import files_of
from bpm.feedback.channels.mbox.automatic import REPLY, REPORT, is_absence_note, why_automatic, why_by_label
from bpm.feedback.channels.mbox.bulk import Bulk, message_of
from bpm.feedback.channels.mbox.cutting import Mail
from bpm.feedback.channels.mbox.dates import said_at, sent_before
from bpm.feedback.channels.mbox.headers import first_address, header, headers_of, ids
from bpm.feedback.channels.mbox.reports import reports_of
from bpm.feedback.channels.mbox.senders import House
from bpm.feedback.channels.mbox.voice import Voice, voice_of
from bpm.feedback.channels.mbox.words import without_marks
from bpm.feedback.channels.rows import Context, DeliveryReport, Record, Row
from bpm.feedback.limits import LONGEST_TEXT
from bpm.feedback.raw_item import AttachedFile, RawItem
from bpm.foundation.errors import InvalidInputError

OWN = "a mail from the company's own address"


def read(record: Record, context: Context) -> Row:
    """The item that one message tells; InvalidInputError names what does not fit."""
    mail: Mail = record.content
    message, bulk = message_of(mail.data)
    house = House(mail.own)
    voice = voice_of(message, house)
    ignored = "" if context.option("everything") else _nobodys(message, voice, house)
    if ignored:
        return Row(record.number, ignored=ignored, raw=record.raw, reports=_reports(message, ignored))
    item, warnings = _item(message, voice, mail.envelope, context, bulk)
    return Row(record.number, item, raw=record.raw, warnings=warnings)


def columns(stream: BinaryIO) -> list[str]:
    """Mail needs no mapping."""
    return []


def _reports(message: Message, ignored: str) -> tuple[DeliveryReport, ...]:
    """A mail server of the company may have written it, too."""
    return reports_of(message) if ignored == REPORT or why_automatic(message) == REPORT else ()


def _nobodys(message: Message, voice: Voice, house: House) -> str:
    """Why the message is nobody's voice; empty when it is somebody's."""
    labelled = why_by_label(message)
    if voice.sender is None:
        return labelled or (REPORT if why_automatic(message) == REPORT else "")
    if labelled:
        return labelled
    address = first_address(message, "from")[1]
    if house.has(voice.sender.address) or (voice.message is message and house.went_out(address, message)):
        return OWN
    automatic = why_automatic(message)
    if automatic:
        return automatic
    return REPLY if is_absence_note(message, voice.words) else ""


def _item(
    message: Message, voice: Voice, envelope: str, context: Context, bulk: Bulk
) -> tuple[RawItem, tuple[str, ...]]:
    if voice.sender is None:
        raise InvalidInputError("The message has no sender.", place="From", remedy="Add a From line.")
    subject = voice.subject
    when, warnings = said_at(voice.message, "" if voice.message is not message else envelope, context)
    if when is None and voice.message is not message:
        when, warnings = said_at(message, envelope, context)
    if voice.sent:
        when = sent_before(voice.sent, message, when, context) or when
    own_id, references = ids(voice.message, "message-id"), ids(message, "references")
    key = _key(voice.message)
    files = files_of(voice.files, voice.mails, bulk)
    parent = next(iter(ids(message, "in-reply-to")), references[-1] if references else "")
    return RawItem(
        channel=context.channel or "email",
        source=context.source,
        text=voice.words or subject,
        natural_key=key,
        said_at=when,
        subject=subject,
        author_name=voice.sender.name,
        author_email=voice.sender.address,
        thread_key=references[0] if references else parent or (own_id[0] if own_id else ""),
        in_reply_to=parent,
        aliases=tuple(own_id[:1]),
        extra=_extra(voice),
        raw={"headers": headers_of(message), "body": without_marks(voice.body)} | _named(files),
        attachments=files,
    ), (*warnings, *voice.warnings)


def _extra(voice: Voice) -> dict[str, str]:
    shown = {"forwarded_by": voice.forwarded_by} if voice.forwarded_by else {}
    return shown | ({"whole": without_marks(voice.body)} if voice.body.strip() != voice.words else {})


def _named(files: Sequence[AttachedFile]) -> dict[str, list[dict[str, Any]]]:
    """The files as the raw record names them."""
    told = [{"name": each.name, "bytes": each.size, "left_out": each.left_out} for each in files]
    return {"attached": told} if told else {}


def _key(message: Message) -> str:
    """The Message-ID with sender and date; without an id the words tell mails apart."""
    own_id = ids(message, "message-id")
    address, date = first_address(message, "from")[1], header(message, "date")
    told = ["", ""] if own_id else [header(message, "subject"), _payload(message)]
    fingerprint = hashlib.sha256("\n".join([address.lower(), date, *told]).encode("utf-8", "replace")).hexdigest()[:16]
    return f"{own_id[0] if own_id else 'no message id'} {fingerprint}"


def _payload(message: Message) -> str:
    """What the mail holds, as it came; the parts of a mail by their own payloads."""
    parts = (part.get_payload() for part in message.walk())
    return "\n".join(each[:LONGEST_TEXT] for each in parts if isinstance(each, str))
