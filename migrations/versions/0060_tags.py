"""Tags on items, of a team or of everybody.

Revision: 0060, after 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tag",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("group_key", sa.String(80), nullable=False),
        sa.Column("created_by", NUMBER, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("merged_into_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_tag_created_by_user_account")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["tag.id"], name=op.f("fk_tag_merged_into_id_tag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
    )
    live = sa.text("merged_into_id IS NULL")
    op.create_index(
        "uq_tag_live", "tag", ["group_key", "name"], unique=True, sqlite_where=live, postgresql_where=live
    )  # fmt: skip
    op.create_index(op.f("ix_tag_merged_into_id"), "tag", ["merged_into_id"])
    op.create_table(
        "item_tag",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("tag_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_item_tag_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_item_tag_tag_id_tag"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_item_tag_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_tag")),
        sa.UniqueConstraint("item_id", "tag_id", name=op.f("uq_item_tag_item_id_tag_id")),
    )
    op.create_index(op.f("ix_item_tag_tag_id"), "item_tag", ["tag_id"])


def downgrade() -> None:
    op.drop_table("item_tag")
    op.drop_table("tag")
