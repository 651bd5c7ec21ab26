"""Raw records apart, what was masked, erasures, and how long private data is kept.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import context, op

from bpm.foundation.errors import EarshotError
from bpm.secrets.keys import read_keyring
from bpm.secrets.sealing import Owner, Sealed, open_sealed

RECORD = sa.table(
    "raw_record",
    sa.column("item_id", sa.BigInteger),
    sa.column("key_id", sa.String),
    sa.column("nonce", sa.LargeBinary),
    sa.column("content", sa.LargeBinary),
)

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "raw_record",
        sa.Column("item_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key_id", sa.String(12), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], ondelete="CASCADE", name=op.f("fk_raw_record_item_id_feedback_item")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_raw_record")),
    )
    op.add_column("feedback_item", sa.Column("masked", JSON, nullable=True))
    op.add_column("feedback_item", sa.Column("erased_at", INSTANT, nullable=True))
    op.add_column("customer", sa.Column("erased_at", INSTANT, nullable=True))
    op.create_index(
        "ix_feedback_item_unmasked",
        "feedback_item",
        ["id"],
        sqlite_where=sa.text("masked IS NULL"),
        postgresql_where=sa.text("masked IS NULL"),
    )
    _erasures()
    _retention()
    _move_raw()


def _erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("went", JSON, nullable=False),
        sa.Column("backups", JSON, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.Column("written_over_at", INSTANT, nullable=True),
        sa.Column("erased_by", NUMBER, nullable=True),
        sa.Column("erased_by_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["erased_by"], ["user_account.id"], name=op.f("fk_erasure_erased_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_customer_id", "erasure", ["customer_id"])


def _retention() -> None:
    op.create_table(
        "data_retention",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column(
            "data_class",
            sa.Enum(
                "raw", "words", "contacts", native_enum=False, create_constraint=True, name="data_class", length=16
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("keep_for_days", sa.Integer(), nullable=True),
        sa.Column("wished_days", sa.Integer(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_name", sa.String(200), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_retention")),
        sa.UniqueConstraint("data_class", "source", name=op.f("uq_data_retention_data_class_source")),
    )


def _move_raw() -> None:
    """Records of the release before, plain: a worker seals them where there is a key."""
    postgres = op.get_bind().dialect.name == "postgresql"
    written = "convert_to(CAST(raw AS text), 'UTF8')" if postgres else "CAST(raw AS BLOB)"
    nothing = "'\\x'::bytea" if postgres else "X''"
    empty = "raw = CAST('{}' AS jsonb)" if postgres else "raw = '{}'"
    op.execute(
        "INSERT INTO raw_record (item_id, key_id, nonce, content) "  # noqa: S608 (constants of this file)
        f"SELECT id, '', {nothing}, {written} FROM feedback_item WHERE NOT ({empty})"
    )
    op.execute(f"UPDATE feedback_item SET {empty} WHERE NOT ({empty})")  # noqa: S608


def downgrade() -> None:
    _unseal()
    postgres = op.get_bind().dialect.name == "postgresql"
    read = "CAST(convert_from(content, 'UTF8') AS jsonb)" if postgres else "CAST(content AS TEXT)"
    op.execute(
        f"UPDATE feedback_item SET raw = (SELECT {read} FROM raw_record WHERE item_id = feedback_item.id) "  # noqa: S608
        "WHERE id IN (SELECT item_id FROM raw_record)"
    )
    for table in ("data_retention", "erasure", "raw_record"):
        op.drop_table(table)
    op.drop_index("ix_feedback_item_unmasked", "feedback_item")
    op.drop_column("customer", "erased_at")
    op.drop_column("feedback_item", "erased_at")
    op.drop_column("feedback_item", "masked")


def _unseal() -> None:
    """Sealed records are opened, since the release before keeps them plain."""
    rows = op.get_bind().execute(sa.select(RECORD).where(RECORD.c.key_id != "")).all()
    settings = context.config.attributes.get("settings")
    keys = read_keyring(settings).keys if rows and settings is not None else {}
    for row in rows:
        owner = Owner("raw_record", str(row.item_id))
        sealed = Sealed(row.key_id, row.nonce, row.content)
        written = open_sealed(keys[row.key_id], owner, sealed) if row.key_id in keys else None
        if written is None:
            raise EarshotError(
                f"The raw record cannot be opened: it was sealed with the key {row.key_id}.",
                place=str(owner),
                remedy="Put that key back into EARSHOT_SECRETS_KEY or the file secrets_keys; nothing was changed.",
            )
        op.get_bind().execute(
            RECORD.update().where(RECORD.c.item_id == row.item_id).values(key_id="", content=written.encode())
        )
