"""Trainings of kinds that somebody asked for in the browser, and how they did.

Revision: 0058, after 0057
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "kind_training",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("begun_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'learning', 'in_service', 'not_as_good', 'failed')",
            name=op.f("ck_kind_training_status"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_kind_training_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kind_training")),
    )


def downgrade() -> None:
    op.drop_table("kind_training")
