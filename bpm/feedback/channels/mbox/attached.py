"""Files that a mail brings: names, sizes and bytes, within bounds; what is over is named."""

import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Sequence
from email.message import Message
from mimetypes import guess_extension

from bpm.feedback.channels.mbox.bulk import Bulk, left_out_of, restore, set_aside_of
from bpm.feedback.channels.mbox.headers import header
from bpm.feedback.channels.mbox.parts import content_of, file_name
from bpm.feedback.limits import ATTACHED_BYTES, MOST_ATTACHED
from bpm.feedback.raw_item import AttachedFile

TOO_MUCH = f"All files of one mail may come to {ATTACHED_BYTES // 1_000_000} MB."
NOT_HELD = f"The mail is longer than what is taken of one: its words, and files up to {ATTACHED_BYTES // 1_000_000} MB."
TOO_MANY = f"The first {MOST_ATTACHED} files of a mail are kept."

_NO_FILES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
     "application/pgp-encrypted", "message/delivery-status", "text/x-amp-html", "text/watch-html"}
)  # fmt: skip
"""What programs add for themselves."""


def files_of(parts: Sequence[Message], mails: Sequence[Message], bulk: Bulk) -> tuple[AttachedFile, ...]:
    """The files among these parts, and these mails as files of their own."""
    found: list[AttachedFile] = []
    room = ATTACHED_BYTES
    for part in (*(each for each in parts if each.get_content_type() not in _NO_FILES), *mails):
        if len(found) >= MOST_ATTACHED:
            return (*found[:-1], AttachedFile(found[-1].name, found[-1].size, left_out=TOO_MANY))
        is_mail = part in mails
        size, content = _mail(part, bulk) if is_mail else _content(part, bulk)
        missing = sum(left_out_of(each) for each in part.walk())
        if not size and not missing:
            continue
        why = NOT_HELD if missing else TOO_MUCH if size > room else ""
        found.append(AttachedFile(_name(part, is_mail=is_mail), size + missing * 3 // 4, "" if why else content, why))
        room -= 0 if why else size
    return tuple(found)


def _content(part: Message, bulk: Bulk) -> tuple[int, str]:
    """(bytes, content as base64); what was set aside is base64 already and is not unpacked."""
    aside = set_aside_of(part, bulk)
    if aside is None:
        data = content_of(part)
        return len(data), b64encode(data).decode("ascii")
    kept = aside[0].translate(None, b"\r\n") + re.sub(r"[^A-Za-z0-9+/=]", "", aside[1]).encode("ascii")
    filled = kept.rstrip(b"=")
    if b"=" in filled or len(filled) % 4 == 1:
        return _odd(kept)
    return len(filled) * 3 // 4, (filled + b"=" * (-len(filled) % 4)).decode("ascii")


def _odd(kept: bytes) -> tuple[int, str]:
    """Base64 that ends in its middle: as far as it can be read."""
    data = b"".join(a2b_base64(each + b"=" * (-len(each) % 4)) for each in kept.split(b"=")[:100] if len(each) % 4 != 1)
    return len(data), b64encode(data).decode("ascii")


def _mail(message: Message, bulk: Bulk) -> tuple[int, str]:
    for part in message.walk():
        restore(part, bulk)
    try:
        data = message.as_bytes()
    except Exception:  # noqa: BLE001 -- the library cannot write every mail that it could read
        data = str(message.get_payload()).encode("utf-8", "replace")
    return len(data), b64encode(data).decode("ascii")


def _name(part: Message, *, is_mail: bool) -> str:
    if is_mail:
        return f"{header(part, 'subject')[:100] or 'mail'}.eml"
    kind = part.get_content_type()
    return file_name(part) or f"file{guess_extension(kind) or ''}"
