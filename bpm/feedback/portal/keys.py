"""Keyed hashes of the portal: what a database alone tells nobody. The key is the one that seals secrets."""

import base64
import hashlib
import hmac
from hashlib import sha256

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.secrets import Keyring, add_key, read_keyring

TOKEN_BYTES = 16
"""128 bits."""


def keyring(work: Work) -> Keyring:
    """The keys at hand; one is made where there is none."""
    found = read_keyring(work.settings)
    if not found.current:
        add_key(work.settings)
        found = read_keyring(work.settings)
    return found


def digest(work: Work, purpose: str, value: str) -> str:
    """A keyed hash of a short value that could be guessed: an address, a code. Another key makes another hash."""
    return hmac.new(keyring(work).sealing, f"earshot {purpose} {value}".encode(), sha256).hexdigest()


def word_of(work: Work, *, salt: str, key_id: str) -> str:
    """The random-looking word of a link, 22 characters; NotFoundError when its key is gone."""
    key = keyring(work).keys.get(key_id)
    if key is None:
        raise NotFoundError(_("The key of this link is gone."), remedy=_("Make a new link."))
    made = hmac.new(key, f"earshot portal link {salt}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(made[:TOKEN_BYTES]).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What is stored of a word of 128 bits; nobody guesses those, so no key is needed."""
    return hashlib.sha256(f"earshot portal {token}".encode("utf-8", "replace")).hexdigest()
