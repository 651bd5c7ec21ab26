"""Departments that sign, what was signed and by whom once, all that was said of a version; inputs for a replay.

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERBS = ("signed", "withdrawn", "lapsed", "changes_wanted")


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("process_definition", sa.Column("sign_offs", json, nullable=True))
    op.add_column("process_version", sa.Column("replaced_by", NUMBER, nullable=True))
    op.add_column("process_version", sa.Column("replayed", json, nullable=True))
    op.add_column("process_version", sa.Column("replayed_against", NUMBER, nullable=True))
    op.add_column("step_record", sa.Column("brought", json, nullable=True))
    op.add_column("signature", sa.Column("content_hash", sa.String(64), nullable=True))
    op.add_column("signature", sa.Column("once_for", NUMBER, nullable=True))
    # Whoever signed several times before the rule keeps the first as theirs; the others stand as they are.
    op.execute(
        "UPDATE signature SET once_for = user_id WHERE method = 'web' AND id IN"
        " (SELECT min(id) FROM signature WHERE method = 'web' GROUP BY version_id, user_id)"
    )
    op.create_index("uq_signature_version_id_once_for", "signature", ["version_id", "once_for"], unique=True)
    _record()


def _record() -> None:
    verb = sa.Enum(*VERBS, native_enum=False, create_constraint=True, name="verb", length=16)
    op.create_table(
        "signing_record",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("department", sa.String(80), nullable=False),
        sa.Column("verb", verb, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_signing_record_version_id_process_version")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_signing_record_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_record")),
    )
    op.create_index(op.f("ix_signing_record_version_id"), "signing_record", ["version_id"])


def downgrade() -> None:
    op.drop_table("signing_record")
    op.drop_index("uq_signature_version_id_once_for", "signature")
    for table, column in (
        ("signature", "once_for"),
        ("signature", "content_hash"),
        ("step_record", "brought"),
        ("process_version", "replayed_against"),
        ("process_version", "replayed"),
        ("process_version", "replaced_by"),
        ("process_definition", "sign_offs"),
    ):
        op.drop_column(table, column)
