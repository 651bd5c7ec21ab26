"""Public words of customers whose cases or private words waited.

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "public_escape",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("waiting_item_id", NUMBER, nullable=True),
        sa.Column("instance_id", NUMBER, nullable=True),
        sa.Column("version_id", NUMBER, nullable=True),
        sa.Column("element", sa.String(300), nullable=False, server_default=""),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_public_escape_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["waiting_item_id"], ["feedback_item.id"],
            name=op.f("fk_public_escape_waiting_item_id_feedback_item"), ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"],
            name=op.f("fk_public_escape_instance_id_process_instance"), ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"],
            name=op.f("fk_public_escape_version_id_process_version"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_escape")),
    )  # fmt: skip
    op.create_index("ix_public_escape_item_id", "public_escape", ["item_id"], unique=True)
    op.create_index("ix_public_escape_version_id", "public_escape", ["version_id", "said_at"])
    for name in ("waiting_item_id", "instance_id"):
        op.create_index(f"ix_public_escape_{name}", "public_escape", [name])


def downgrade() -> None:
    op.drop_table("public_escape")
