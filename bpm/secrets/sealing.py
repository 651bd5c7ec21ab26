"""AES-256-GCM (NIST SP 800-38D) over one secret, bound to its owner: pure functions over keys and bytes."""

import hashlib
import os
from dataclasses import dataclass, field

KEY_BYTES, NONCE_BYTES = 32, 12
"""AES-256, and the nonce's length that SP 800-38D, 8.2, recommends: random ones serve for 2^32 secrets a key."""


@dataclass(frozen=True)
class Owner:
    """Whose secret it is: a kind of thing (`webhook_source`) and its key there. One owner has one secret."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def bound(self) -> bytes:
        """What the ciphertext is authenticated with, so that it opens for no other owner; lengths make it unique."""
        return f"earshot secret {len(self.kind)} {self.kind} {len(self.key)} {self.key}".encode()


@dataclass(frozen=True)
class Sealed:
    """A secret that only the key of that id opens."""

    key_id: str
    nonce: bytes
    ciphertext: bytes = field(repr=False)


def name_key(key: bytes) -> str:
    """The id of a key: the first 12 hexadecimal digits of its SHA-256, so that a wrong key cannot bear a right id."""
    return hashlib.sha256(b"earshot key id " + key).hexdigest()[:12]


def seal(key: bytes, owner: Owner, value: str) -> Sealed:
    """Seal `value` for its owner, under a new random nonce."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 7 MB, and most commands open no secret

    nonce = os.urandom(NONCE_BYTES)
    return Sealed(name_key(key), nonce, AESGCM(key).encrypt(nonce, value.encode(), owner.bound))


def open_sealed(key: bytes, owner: Owner, sealed: Sealed) -> str | None:
    """The secret; None when it was changed, or sealed for another owner or with another key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, owner.bound).decode()
    except InvalidTag:
        return None
