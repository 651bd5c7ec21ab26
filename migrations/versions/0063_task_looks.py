"""Which task somebody has open now, and whether they type.

Revision: 0063, after 0062
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TABLE = "task_look"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("user_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("typed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["work_item.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_item_id_work_item")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_item_id"), TABLE, ["item_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
