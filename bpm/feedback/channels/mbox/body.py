"""The text that a mail shows: its first plain part, else its first HTML part, attachments left aside."""

from collections.abc import Iterator
from email.message import Message

from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.mbox.headers import decoded


def body_of(message: Message) -> str:
    """The body as text with \\n as line break; empty when nothing in the mail is text."""
    plain, html = None, None
    for part in _shown(message):
        kind = part.get_content_subtype()
        if kind == "html":
            html = html or part
        elif plain is None:
            plain = part
    chosen = plain or html
    if chosen is None:
        return ""
    payload = chosen.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text = decoded(data, chosen.get_content_charset() or "utf-8").replace("\r\n", "\n")
    return to_text(text) if chosen is html else text


def _shown(message: Message) -> Iterator[Message]:
    """Text parts in order; what is attached, and mails inside the mail, are not shown."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += reversed([each for each in inner if isinstance(each, Message)])
        elif part.get_content_maintype() == "text" and not _is_attached(part):
            yield part


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition") or "").strip().lower().startswith("attachment")
