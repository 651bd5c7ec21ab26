"""Examples of a company's own topics, and how far older items were read again with what was learned.

Revision: 0041, after 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
STATES = ("waiting", "learning", "in_service", "not_as_good", "failed")
REREAD = ("none", "running", "paused", "done")


def _in(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_topic_training_{column}"))


def upgrade() -> None:
    op.create_table(
        "topic_training",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("begun_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("reread", sa.String(8), nullable=False, server_default="none"),
        sa.Column("reread_upto", NUMBER, nullable=True),
        sa.Column("reread_behind", NUMBER, nullable=True),
        sa.Column("reread_total", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reread_done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reread_changed", sa.Integer(), nullable=False, server_default="0"),
        _in("status", STATES),
        _in("reread", REREAD),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_topic_training_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_training")),
    )


def downgrade() -> None:
    op.drop_table("topic_training")
