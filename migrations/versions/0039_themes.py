"""Themes: recurring subjects over items, where each item belongs, and what people changed.

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("counts_in_id", NUMBER, nullable=True),
        sa.Column("words", JSON, nullable=False),
        sa.Column("exemplars", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("hidden_at", INSTANT, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("approved_by", NUMBER, nullable=True),
        sa.Column("learnt", sa.Text(), nullable=False, server_default=""),
        sa.Column("learnt_at", INSTANT, nullable=True),
        sa.Column("told", sa.Text(), nullable=False, server_default=""),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["counts_in_id"], ["theme.id"], name=op.f("fk_theme_counts_in_id_theme")),
        sa.ForeignKeyConstraint(["approved_by"], ["user_account.id"], name=op.f("fk_theme_approved_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_index("ix_theme_counts_in", "theme", ["counts_in_id"])
    op.create_index("ix_theme_last", "theme", ["last_at", "id"])
    op.create_table(
        "theme_item",
        sa.Column("item_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("theme_id", NUMBER, nullable=True),
        sa.Column("classification_id", NUMBER, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_theme_item_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_item_theme_id_theme")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_theme_item")),
    )
    op.create_index("ix_theme_item_theme", "theme_item", ["theme_id", "placed_at"])
    op.create_index("ix_theme_item_read", "theme_item", ["classification_id"])
    op.create_index("ix_theme_item_placed", "theme_item", ["placed_at", "item_id"])
    op.create_table(
        "theme_change",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("theme_id", NUMBER, nullable=False),
        sa.Column("verb", sa.String(20), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_change_theme_id_theme")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_theme_change_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_change")),
    )
    op.create_index("ix_theme_change_theme_id", "theme_change", ["theme_id"])


def downgrade() -> None:
    op.drop_table("theme_change")
    op.drop_table("theme_item")
    op.drop_table("theme")
