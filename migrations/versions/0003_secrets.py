"""Secrets are sealed: a table for them, and those of webhook sources moved into it.

Revision: 0003, after 0002
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from bpm.foundation.errors import EarshotError
from bpm.secrets.keys import Keyring, add_key, read_keyring
from bpm.secrets.sealing import Owner, Sealed, open_sealed, seal

INSTANT = sa.DateTime(timezone=True)
SECRET = sa.table(
    "secret",
    sa.column("owner_kind", sa.String),
    sa.column("owner_key", sa.String),
    sa.column("key_id", sa.String),
    sa.column("nonce", sa.LargeBinary),
    sa.column("ciphertext", sa.LargeBinary),
    sa.column("created_at", INSTANT),
)
SOURCE = sa.table("webhook_source", sa.column("id", sa.BigInteger), sa.column("secret", sa.String))
KIND = "webhook_source"

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")  # what stood in plain text is written over, not only let go of
    op.create_table(
        "secret",
        sa.Column("owner_kind", sa.String(length=40), nullable=False),
        sa.Column("owner_key", sa.String(length=120), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("rotated_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("owner_kind", "owner_key", name=op.f("pk_secret")),
    )
    with op.batch_alter_table("webhook_source") as batch:
        batch.alter_column("secret", existing_type=sa.String(length=200), nullable=True)
    rows = op.get_bind().execute(sa.select(SOURCE).where(SOURCE.c.secret.is_not(None))).all()
    if rows:
        _seal(rows, _keyring())


def _seal(rows: Any, keyring: Keyring) -> None:
    for row in rows:
        owner = Owner(KIND, str(row.id))
        sealed = seal(keyring.sealing, owner, row.secret)
        op.get_bind().execute(
            SECRET.insert(),
            {
                "owner_kind": owner.kind,
                "owner_key": owner.key,
                "key_id": sealed.key_id,
                "nonce": sealed.nonce,
                "ciphertext": sealed.ciphertext,
                "created_at": datetime.now(UTC),
            },
        )
    op.get_bind().execute(SOURCE.update().values(secret=None))


def downgrade() -> None:
    rows = op.get_bind().execute(sa.select(SECRET).where(SECRET.c.owner_kind == KIND)).all()
    keyring = _keyring() if rows else None
    for row in rows:
        key = keyring.keys.get(row.key_id) if keyring else None
        owner = Owner(KIND, row.owner_key)
        value = open_sealed(key, owner, Sealed(row.key_id, row.nonce, row.ciphertext)) if key else None
        if value is None:
            raise EarshotError(
                f"The secret cannot be opened: it was sealed with the key {row.key_id}.",
                place=str(owner),
                remedy="Put that key back into EARSHOT_SECRETS_KEY or the file secrets_keys; nothing was changed.",
            )
        op.get_bind().execute(SOURCE.update().where(SOURCE.c.id == int(row.owner_key)).values(secret=value))
    with op.batch_alter_table("webhook_source") as batch:
        batch.alter_column("secret", existing_type=sa.String(length=200), nullable=False)
    op.drop_table("secret")


def _keyring() -> Keyring:
    settings = context.config.attributes.get("settings")
    if settings is None:
        raise EarshotError("There are secrets to move, and no key to seal them with.", remedy="Run: earshot migrate")
    if not read_keyring(settings).current:
        add_key(settings)
    return read_keyring(settings)
