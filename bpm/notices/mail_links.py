"""Links in mails: they lead through a page that marks the notice as read, and are signed, so that no other site can."""

import hmac
from hashlib import sha256
from urllib.parse import quote

from bpm import secrets
from bpm.foundation.settings import Settings

_LENGTH = 32
"""Hexadecimal digits of a signature: 128 bits."""


def mail_path(settings: Settings, notice_id: int, link: str) -> str:
    """The path that a mail with this notice leads to; behind it `link`."""
    keys = secrets.read_keyring(settings)
    if not keys.current:
        secrets.add_key(settings)
        keys = secrets.read_keyring(settings)
    return f"/notices/mail/{notice_id}/{_sign(keys.sealing, notice_id, link)}?to={quote(link, safe='/')}"


def is_signed(settings: Settings, notice_id: int, signature: str, *, link: str) -> bool:
    """Whether `mail_path` has made this, with any of the keys at hand."""
    keys = secrets.read_keyring(settings).keys.values()
    given = signature.encode()
    return any(hmac.compare_digest(_sign(key, notice_id, link).encode(), given) for key in keys)


def _sign(key: bytes, notice_id: int, link: str) -> str:
    own = hmac.digest(key, b"links of notices in mails", sha256)
    return hmac.new(own, f"{notice_id} {link}".encode(), sha256).hexdigest()[:_LENGTH]
