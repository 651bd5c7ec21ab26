"""A secret opens with its key and for its owner, and in no other way."""

import os
from dataclasses import replace

import pytest

from bpm.secrets import Owner, Sealed, open_sealed, seal
from bpm.secrets.sealing import name_key

KEY = os.urandom(32)
OWNER = Owner("webhook_source", "7")


def test_what_was_sealed_opens_with_the_key_for_the_owner() -> None:
    sealed = seal(KEY, OWNER, "pässwörd")
    assert open_sealed(KEY, OWNER, sealed) == "pässwörd"
    assert sealed.key_id == name_key(KEY)


@pytest.mark.parametrize(
    "owner",
    [Owner("webhook_source", "8"), Owner("webhook_sourc", "e 7"), Owner("smtp", "7"), Owner("", "webhook_source7")],
)
def test_it_opens_for_no_other_owner(owner: Owner) -> None:
    assert open_sealed(KEY, owner, seal(KEY, OWNER, "secret")) is None


def test_it_opens_with_no_other_key_and_not_when_a_bit_was_changed() -> None:
    sealed = seal(KEY, OWNER, "secret")
    changed = bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]
    assert open_sealed(os.urandom(32), OWNER, sealed) is None
    assert open_sealed(KEY, OWNER, replace(sealed, ciphertext=changed)) is None
    assert open_sealed(KEY, OWNER, replace(sealed, nonce=os.urandom(12))) is None


def test_the_same_secret_sealed_twice_looks_different_and_is_not_shown() -> None:
    first, second = seal(KEY, OWNER, "secret"), seal(KEY, OWNER, "secret")
    assert first.nonce != second.nonce
    assert first.ciphertext != second.ciphertext
    assert repr(Sealed("id", b"n", b"ciphertext")).count("ciphertext") == 0
