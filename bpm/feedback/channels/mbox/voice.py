"""Whose words a mail brings, and which: its sender's, or the customer's whose mail somebody forwarded."""

import re
from dataclasses import dataclass, replace
from email.message import Message

from bpm.feedback.channels.mbox.body import MOST_SEARCHED, body_of
from bpm.feedback.channels.mbox.headers import header
from bpm.feedback.channels.mbox.parts import Parts, parts_of
from bpm.feedback.channels.mbox.senders import House, Sender, is_machine, sender_of
from bpm.feedback.channels.mbox.words import Words, words_of

DEEPEST = 5
"""Forwards within forwards that are followed."""

_FORWARDED = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:(?:fwd?|fw|wg|tr|rv|enc|i|vs|vb|doorst|pd|továbbítás|yan|ilt|yönlendirme|πρθ|προωθ|"
    r"转发|轉寄|転送|전달|fwd|перенаправл\w*)\s*[:：]\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Voice:
    """Who says what in a mail."""

    sender: Sender | None
    """None: the mail names nobody at all."""
    words: str
    subject: str
    message: Message
    """The mail in which the words stand: the one that came, or one that is attached to it."""
    body: str
    """The whole body of the mail that came, with marks."""
    forwarded_by: str = ""
    sent: str = ""
    """When the words were sent, as the header block above them writes it; empty where they are the mail's own."""
    warnings: tuple[str, ...] = ()
    files: tuple[Message, ...] = ()
    """Parts that are files."""
    mails: tuple[Message, ...] = ()
    """Attached mails that are not the voice."""


def voice_of(message: Message, house: House) -> Voice:
    """Whose words the mail brings, with all files."""
    parts = parts_of(message)
    voice = _voice(message, parts, house)
    mails = tuple(each for each in parts.mails if each is not voice.message)
    return replace(voice, files=(*voice.files, *parts.files), mails=mails)


def _voice(message: Message, parts: Parts, house: House) -> Voice:
    body = body_of(parts.texts)
    sender, words = sender_of(message, house), words_of(body[:MOST_SEARCHED])
    plain = Voice(sender, words.own, header(message, "subject"), message, body)
    if sender is None:
        return plain
    near = house.is_near(sender.address, message) if sender.address else True
    if words.own and not near:
        return plain
    inner = _attached(parts, house, plain) or _inline(words, house, plain)
    return inner or plain


def _attached(parts: Parts, house: House, outer: Voice) -> Voice | None:
    """The first customer's mail among those attached."""
    theirs = []
    for each in parts.mails[:20]:
        inner = _of_attached(each, house, outer)
        if inner is not None:
            theirs.append(inner)
    if not theirs:
        return None
    more = len(theirs) - 1
    warnings = (f"{more} more attached mails are not read. Save them as files of their own.",) if more else ()
    first = theirs[0]
    by = _named(outer.sender)
    return replace(first, body=outer.body or first.body, forwarded_by=by, warnings=warnings)


def _of_attached(message: Message, house: House, outer: Voice) -> Voice | None:
    sender = sender_of(message, house)
    if sender is None or not sender.address or not _is_customer(sender.address, house, outer):
        return None
    parts = parts_of(message)
    body = body_of(parts.texts)
    words = words_of(body[:MOST_SEARCHED])
    if not words.own:
        return None
    return Voice(sender, words.own, header(message, "subject"), message, body, files=tuple(parts.files))


def _inline(words: Words, house: House, outer: Voice) -> Voice | None:
    """The first mail below whose sender is not the company."""
    for _ in range(DEEPEST):
        if words.block is None:
            return None
        name, address = words.block.sender
        below = words_of(words.old)
        if address and _is_customer(address, house, outer) and below.own:
            subject = words.block.values.get("subject", "") or _FORWARDED.sub("", outer.subject)
            known = Sender(name, address)
            by = "" if _is_same(known, outer.sender) else _named(outer.sender)
            sent = words.block.values.get("sent", "")
            return Voice(known, below.own, subject, outer.message, outer.body, by, sent)
        words = below
    return None


def _is_customer(address: str, house: House, outer: Voice) -> bool:
    return not is_machine(address) and not house.is_near(address, outer.message)


def _is_same(one: Sender, other: Sender | None) -> bool:
    return other is not None and one.address.lower() == other.address.lower()


def _named(sender: Sender | None) -> str:
    if sender is None:
        return ""
    return f"{sender.name} <{sender.address}>".strip() if sender.address else sender.name
