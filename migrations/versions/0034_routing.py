"""With whom feedback lands first, whose it is to deal with, and who takes new work now.

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _person(table: str, column: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["user_account.id"], name=op.f(f"fk_{table}_{column}_user_account"), **more
    )


def upgrade() -> None:
    op.create_table(
        "routing_version",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("routes", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_routing_version_reason")),
        _person("routing_version", "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_version")),
    )
    op.create_table(
        "item_assignment",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("override", sa.Text(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_item_assignment_item_id_feedback_item"),
            ondelete="CASCADE",
        ),
        _person("item_assignment", "user_id"),
        _person("item_assignment", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_assignment")),
    )  # fmt: skip
    op.create_table(
        "presence",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("is_away", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        _person("presence", "user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_presence")),
    )
    only = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_item_assignment_current", "item_assignment", ["item_id"], unique=True,
        sqlite_where=only, postgresql_where=only,
    )  # fmt: skip
    op.create_index("ix_item_assignment_user", "item_assignment", ["user_id", "ended_at"])
    op.create_index("ix_item_assignment_item", "item_assignment", ["item_id", "id"])


def downgrade() -> None:
    for table in ("presence", "item_assignment", "routing_version"):
        op.drop_table(table)
