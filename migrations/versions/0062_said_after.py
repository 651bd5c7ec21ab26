"""How long after the end of a case words are said after it, by process.

Revision: 0062, after 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "said_after_window",
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=op.f("ck_said_after_window_days")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_said_after_window_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("definition_key", name=op.f("pk_said_after_window")),
    )


def downgrade() -> None:
    op.drop_table("said_after_window")
