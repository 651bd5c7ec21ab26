"""What a mail is made of: texts in order, mails inside it, files."""

import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from bpm.feedback.channels.mbox.charsets import decoded
from bpm.feedback.channels.mbox.headers import charset_of_words, plain

LOGO_BYTES = 20_000
"""A picture that a page shows is kept as a file from this size on; smaller ones are logos and pixels."""

_NO_WORDS = frozenset({"calendar", "x-vcard", "vcard", "directory", "csv", "rtf", "x-amp-html", "watch-html", "css"})
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?([\w-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """One text of a mail, in one or both of its forms."""

    plain: str = ""
    html: str = ""
    """Source."""


@dataclass
class Parts:
    """The parts of one mail."""

    texts: list[Text] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    """Mails that are attached as such."""
    files: list[Message] = field(default_factory=list)


def parts_of(message: Message) -> Parts:
    """The mail's parts; the depth is bounded by the boundaries that a message may declare."""
    found = Parts()
    _take(message, found, charset_of_words(message))
    return found


def _take(part: Message, into: Parts, hint: str) -> None:
    kind, inner = part.get_content_type(), part.get_payload()
    if kind.startswith("multipart/"):
        children = [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
        if not children and isinstance(inner, str):
            into.texts.append(Text(plain=_decoded(part, hint)))
        _MULTIPARTS.get(kind, _in_order)(children, into, hint)
    elif kind in ("message/rfc822", "message/global"):
        into.mails += [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []
    elif kind.startswith("text/") and not _is_file(part, into):
        text = _decoded(part, hint)
        into.texts.append(Text(html=text) if kind == "text/html" else Text(plain=_flowed(part, text)))
    else:
        into.files.append(part)


def _in_order(children: list[Message], into: Parts, hint: str) -> None:
    for each in children:
        _take(each, into, hint)


def _alternative(children: list[Message], into: Parts, hint: str) -> None:
    """One text in several forms."""
    forms = Parts(mails=into.mails, files=into.files)
    for each in children:
        _take(each, forms, hint)
    written = "\n\n".join(each.plain for each in forms.texts if each.plain)
    if forms.texts:
        into.texts.append(Text(written, "\n".join(each.html for each in forms.texts if each.html)))


def _related(children: list[Message], into: Parts, hint: str) -> None:
    """A page with what it shows."""
    _in_order(children[:1], into, hint)
    shown = Parts()
    _in_order(children[1:], shown, hint)
    into.mails += shown.mails
    into.files += [each for each in shown.files if _size(each) >= LOGO_BYTES or not each.get("Content-ID")]


def _first(children: list[Message], into: Parts, hint: str) -> None:
    """What was signed, without the signature."""
    _in_order(children[:1], into, hint)


_MULTIPARTS: dict[str, Any] = {
    "multipart/alternative": _alternative,
    "multipart/related": _related,
    "multipart/signed": _first,
}


def _is_file(part: Message, into: Parts) -> bool:
    if part.get_content_subtype() in _NO_WORDS:
        return True
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    if disposition.startswith("attachment"):
        return True
    return bool(file_name(part)) and (bool(into.texts) or disposition.startswith("inline"))


def file_name(part: Message) -> str:
    """The name that a part's sender gave it; empty: none."""
    try:
        return plain(str(part.get_filename() or "")).strip()
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _size(part: Message) -> int:
    inner = part.get_payload()
    return len(inner) * 3 // 4 if isinstance(inner, str) else 0


def content_of(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding taken away."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: Message, hint: str) -> str:
    data = content_of(part)
    try:
        charset = str(part.get_content_charset() or "")
    except (ValueError, LookupError, TypeError):
        charset = ""
    if not charset and part.get_content_subtype() == "html" and (told := _META.search(data[:3000])):
        charset = told[1].decode("ascii")
    return decoded(data, charset, hint=hint).replace("\r\n", "\n").replace("\r", "\n")


def _flowed(part: Message, text: str) -> str:
    """Lines that a program broke joined again (RFC 3676), quoted ones with their like."""
    if str(part.get_param("format") or "").lower() != "flowed" or " \n" not in text:
        return text
    done: list[str] = []
    open_ended, depth = False, 0
    for line in text.split("\n"):
        quoted = re.match(r">*", line)
        marks = quoted.end() if quoted else 0
        rest = line[marks:].removeprefix(" ") if marks or line.startswith(" ") else line
        if open_ended and marks == depth and line != "-- ":
            done.append(rest)
        else:
            done.append(("\n" if done else "") + ("> " * marks if marks else "") + rest)
        open_ended, depth = line.endswith(" ") and line != "-- ", marks
    return "".join(done)
