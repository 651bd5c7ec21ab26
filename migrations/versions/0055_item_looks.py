"""Which item somebody has open now.

Revision: 0055, after 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "item_look"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("user_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_item_id_feedback_item")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_item_id"), TABLE, ["item_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
