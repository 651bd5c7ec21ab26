"""What was read of an item beside its labels: aspects, a note, how complex and how sensitive it is; topics' complexity.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _added() -> tuple[sa.Column, ...]:
    return (
        sa.Column("aspects", JSON, nullable=False, server_default="[]"),
        sa.Column("note", sa.String(40), nullable=False, server_default=""),
        sa.Column("complexity", sa.String(10), nullable=True),
        sa.Column("sensitivity", sa.String(10), nullable=True),
    )


def upgrade() -> None:
    for column in _added():
        op.add_column("classification", column)
    op.create_table(
        "topic_complexity",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("complexity", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_topic_complexity_reason")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_topic_complexity_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_complexity")),
    )
    op.create_index("ix_topic_complexity_topic", "topic_complexity", ["topic", "id"])


def downgrade() -> None:
    op.drop_table("topic_complexity")
    for column in reversed(_added()):
        op.drop_column("classification", column.name)
