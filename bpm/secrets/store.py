"""Secrets are put, got, forgotten, and sealed anew when the key changes."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from bpm.foundation.errors import InvalidInputError, NotFoundError, SecretUnreadableError
from bpm.foundation.work import Transactions, Work
from bpm.secrets.keys import Keyring, add_key, read_keyring
from bpm.secrets.models import Secret
from bpm.secrets.sealing import Owner, Sealed, open_sealed, seal

LONGEST = 20_000
"""Characters of one secret: a certificate's private key fits, a file does not."""


@dataclass(frozen=True)
class Unreadable:
    """A secret that no key at hand opens; it stays as it is."""

    owner: Owner
    key_id: str
    why: str


@dataclass(frozen=True)
class Rotation:
    """What sealing anew came to: the id of the key that seals now, and how many secrets were sealed with it."""

    key_id: str
    resealed: int
    unreadable: tuple[Unreadable, ...]


_ALL = select(Secret).order_by(Secret.owner_kind, Secret.owner_key)


def put_secret(work: Work, owner: Owner, value: str, *, longest: int = LONGEST) -> None:
    """Keep the owner's secret in place of the one before; InvalidInputError when it is empty or too long."""
    if not 0 < len(value) <= longest:
        raise InvalidInputError(
            f"A secret has 1 to {longest} characters.", place=str(owner), remedy="Give the secret itself."
        )
    sealed = seal(_sealing_key(work), owner, value)
    work.session.merge(
        Secret(
            owner_kind=owner.kind,
            owner_key=owner.key,
            key_id=sealed.key_id,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
            created_at=work.now(),
            rotated_at=None,
        )
    )
    work.session.flush()


def seal_beside(work: Work, owner: Owner, value: str) -> str:
    """The owner's secret, sealed, as a text that is kept in the owner's own row and goes with it.

    A key that is taken away takes it along: for what can be done without.
    """
    sealed = seal(_sealing_key(work), owner, value)
    return ":".join((sealed.key_id, b64encode(sealed.nonce).decode(), b64encode(sealed.ciphertext).decode()))


def open_beside(work: Work, owner: Owner, text: str) -> str:
    """What `seal_beside` made; empty where no key at hand opens it."""
    key_id, *parts = text.split(":")
    key = read_keyring(work.settings).keys.get(key_id)
    if key is None or len(parts) != 2:
        return ""
    nonce, ciphertext = map(b64decode, parts)
    return open_sealed(key, owner, Sealed(key_id, nonce, ciphertext)) or ""


def _sealing_key(work: Work) -> bytes:
    """The key that seals, made when the first secret comes. Where keys were lost, no new one is made in silence:
    putting the lost file back would then lose what was sealed since."""
    keyring = read_keyring(work.settings)
    if not keyring.current:
        if work.session.scalar(_ALL.limit(1)) is not None:
            raise SecretUnreadableError(
                "Secrets are kept here, and the keys are gone.",
                remedy=f"{REMEDY} Or: earshot secrets rotate",
            )
        add_key(work.settings)
        keyring = read_keyring(work.settings)
    return keyring.sealing


def get_secret(work: Work, owner: Owner, *, since: datetime | None = None) -> str:
    """The owner's secret, where it is not older than `since`.

    NotFoundError when it has none, SecretUnreadableError when no key at hand opens it.
    """
    row = work.session.get(Secret, (owner.kind, owner.key))
    if row is None or (since is not None and row.created_at < since):
        raise NotFoundError("There is no secret kept.", place=str(owner), remedy="Give one.")
    value, why = _open(read_keyring(work.settings), row)
    if value is None:
        raise SecretUnreadableError(
            f"The secret cannot be opened: {why}. It is kept as it is.", place=str(owner), remedy=REMEDY
        )
    return value


REMEDY = (
    "Put the key back: in EARSHOT_SECRETS_KEY, which takes several separated by commas, "
    "or as the file secrets_keys in EARSHOT_HOME, from the backup."
)


def forget_secret(work: Work, owner: Owner) -> None:
    """Delete the owner's secret, if there is one."""
    row = work.session.get(Secret, (owner.kind, owner.key))
    if row is not None:
        work.session.delete(row)


def forget_secrets(transactions: Transactions, kind: str, *, older_than: timedelta) -> None:
    """Delete the secrets of owners of one kind that were put there longer ago; writes only where there are some."""
    with transactions.reading() as work:
        old = (Secret.owner_kind == kind, Secret.created_at < work.now() - older_than)
        if work.session.scalar(select(Secret.owner_key).where(*old).limit(1)) is None:
            return
    with transactions() as work:
        work.session.execute(delete(Secret).where(*old))


def reseal_all(work: Work) -> Rotation:
    """Seal with the current key what was sealed with another one; what cannot be opened is left as it is, and named."""
    keyring, resealed, unreadable = read_keyring(work.settings), 0, []
    for row in work.session.scalars(_ALL.with_for_update()):
        value, why = _open(keyring, row)
        if value is None:
            unreadable.append(Unreadable(_owner(row), row.key_id, why))
        elif row.key_id != keyring.current:
            sealed = seal(keyring.sealing, _owner(row), value)
            row.key_id, row.nonce, row.ciphertext = sealed.key_id, sealed.nonce, sealed.ciphertext
            row.rotated_at = work.now()
            resealed += 1
    return Rotation(keyring.current, resealed, tuple(unreadable))


def list_keys_in_use(work: Work) -> tuple[Mapping[str, int], tuple[Unreadable, ...]]:
    """Key id -> secrets sealed with it, and the secrets that cannot be opened: each is tried."""
    query = select(Secret.key_id, func.count()).group_by(Secret.key_id).order_by(Secret.key_id)
    in_use = {row[0]: row[1] for row in work.session.execute(query)}
    keyring = read_keyring(work.settings)
    tried = [(row, *_open(keyring, row)) for row in work.session.scalars(_ALL)]
    return in_use, tuple(Unreadable(_owner(row), row.key_id, why) for row, value, why in tried if value is None)


def _owner(row: Secret) -> Owner:
    return Owner(row.owner_kind, row.owner_key)


def _open(keyring: Keyring, row: Secret) -> tuple[str | None, str]:
    """The secret, or None and why not."""
    key = keyring.keys.get(row.key_id)
    if key is None:
        return None, f"it was sealed with the key {row.key_id}, which is not here"
    value = open_sealed(key, _owner(row), Sealed(row.key_id, row.nonce, row.ciphertext))
    return value, "" if value is not None else "it was changed, or moved here from another owner"
