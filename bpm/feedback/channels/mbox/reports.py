"""Delivery reports: which mail they are about and what became of it for whom.

RFC 3464 where the mail server keeps to it (Postfix, Exchange, most others); else by what qmail, Exim and old gateways
write into the text: whose mail it was, and the answer of the server that did not want it.
"""

import re
from collections.abc import Iterable
from email.message import Message

from bpm.feedback.channels.mbox.headers import all_of, header, ids
from bpm.feedback.channels.mbox.parts import content_of
from bpm.feedback.channels.rows import DeliveryReport

MOST_RECIPIENTS = 50
LONGEST_WHY = 500
_LOOKED_AT = 200_000
"""Characters of the text in which an old mail server names the mail."""

_STATES = {"failed": "permanent_failure", "delayed": "temporary_failure", "delivered": "delivered"}
"""Action (RFC 3464, 2.3.3) -> state; what was relayed or expanded may still arrive or not."""
_CLASSES = {"2": "delivered", "4": "temporary_failure", "5": "permanent_failure"}
"""First figure of a status (RFC 3463, 2)."""
_OWN_ID = re.compile(r"^[ \t>]{0,8}(?:X-Original-)?Message-ID:\s{0,5}(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\w.])(?:([45])\.\d{1,3}\.\d{1,3}|([45])\d\d(?=[ -]))(?![\w.])")
_LATER = re.compile(
    r"delayed|will (?:be |continue )(?:retried|to try)|still be(?:ing)? retried|keep trying|temporar|warning:"
)
_ADDRESSED = re.compile(r"^\s{0,8}<?([^\s<>:,]{1,64}@[^\s<>:,]{1,190})>?:?[ \t]*$", re.MULTILINE)


def reports_of(message: Message) -> tuple[DeliveryReport, ...]:
    """One for each recipient that it tells of; none when it does not say which mail it is about."""
    about = _about(message)
    if not about:
        return ()
    told = [block for part in message.walk() if part.get_content_type() == "message/delivery-status"
            for block in _blocks(part)]  # fmt: skip
    found = [report for block in told[:MOST_RECIPIENTS] if (report := _of_block(block, about)) is not None]
    return tuple(found) if found or told else _by_words(message, about)


def _about(message: Message) -> str:
    """The Message-ID of the mail that came back, whole, by its headers, or as words."""
    for part in message.walk():
        if part is not message and part.get_content_type() in ("message/rfc822", "message/global"):
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(first, Message) and (found := ids(first, "message-id")):
                return found[0]
    for text in _texts(message):
        if match := _OWN_ID.search(text):
            return match[1]
    for name in ("x-original-message-id", "original-message-id", "in-reply-to", "references"):
        if named := ids(message, name):
            return named[-1]
    return ""


def _texts(message: Message) -> Iterable[str]:
    for part in message.walk():
        if part.get_content_type() in ("text/rfc822-headers", "message/global-headers", "text/plain"):
            yield content_of(part)[:_LOOKED_AT].decode("utf-8", "replace")


def _blocks(part: Message) -> list[Message]:
    """The fields of each recipient; those of the whole come first and name none."""
    inner = part.get_payload()
    blocks = [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
    return [each for each in blocks if each.get("Final-Recipient") or each.get("Action") or each.get("Status")]


def _of_block(block: Message, about: str) -> DeliveryReport | None:
    action, status = header(block, "action").lower(), header(block, "status")
    state = _STATES.get(action) or ("" if action else _CLASSES.get(status[:1], ""))
    if not state:
        return None
    said = [_value(each) for each in all_of(block, "diagnostic-code")[:1]]
    recipient = _value(header(block, "final-recipient") or header(block, "original-recipient"))
    return DeliveryReport(about, state, _words(" ".join([*said, *([status] if not said else [])])), recipient[:254])


def _value(field: str) -> str:
    """What stands behind the kind of a field: `rfc822; jo@example.org`."""
    return " ".join(field.partition(";")[2].split()) if ";" in field else " ".join(field.split())


def _by_words(message: Message, about: str) -> tuple[DeliveryReport, ...]:
    """By the text above the mail that came back: the address, and the answer with its number."""
    whole = next(iter(_texts(message)), "")
    mark = _OWN_ID.search(whole)
    text = whole[: mark.start() if mark else 4000][:4000]
    own = _STATUS.search(text)
    is_later = bool(_LATER.search(f"{header(message, 'subject')}\n{text}".lower()))
    state = _CLASSES[own[1] or own[2]] if own else "temporary_failure" if is_later else "permanent_failure"
    line = next((each for each in text.splitlines() if own and own[0] in each), "")
    address = _ADDRESSED.search(text)
    who = header(message, "x-failed-recipients").partition(",")[0] or (address[1] if address else "")
    return (DeliveryReport(about, state, _words(line or header(message, "subject")), who.strip()[:254]),)


def _words(said: str) -> str:
    return " ".join(said.split())[:LONGEST_WHY]
