"""What those who learn would decide, to be held against what was decided.

Revision: 0042, after 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shadow_decision",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_shadow_decision_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_shadow_decision_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_decision")),
        sa.UniqueConstraint("item_id", "user_id", name=op.f("uq_shadow_decision_item_id_user_id")),
    )


def downgrade() -> None:
    op.drop_table("shadow_decision")
