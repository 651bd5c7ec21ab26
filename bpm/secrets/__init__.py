"""Tokens, passwords and signing secrets of other systems: sealed at rest, opened only where they are used."""

from bpm.secrets.keys import Keyring, add_key, read_keyring
from bpm.secrets.models import Secret
from bpm.secrets.sealing import Owner, Sealed, open_sealed, seal
from bpm.secrets.store import (
    REMEDY,
    Rotation,
    Unreadable,
    forget_secret,
    forget_secrets,
    get_secret,
    list_keys_in_use,
    open_beside,
    put_secret,
    reseal_all,
    seal_beside,
)

__all__ = [
    "REMEDY",
    "Keyring",
    "Owner",
    "Rotation",
    "Sealed",
    "Secret",
    "Unreadable",
    "add_key",
    "forget_secret",
    "forget_secrets",
    "get_secret",
    "list_keys_in_use",
    "open_beside",
    "open_sealed",
    "put_secret",
    "read_keyring",
    "reseal_all",
    "seal",
    "seal_beside",
]
