"""Days of the daybook, those that are due, and the tasks that were held at the last look.

Revision: 0067, after 0066
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "book_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calendars", sa.String(32), nullable=False),
        sa.Column("oldest", sa.Date(), nullable=False),
        sa.Column("worked", sa.LargeBinary(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("cases", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_book_day")),
    )
    op.create_table(
        "book_due",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_book_due")),
    )
    op.create_table(
        "held_task",
        sa.Column("visit_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("mark", sa.String(160), nullable=False),
        sa.Column("claimed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_held_task")),
    )


def downgrade() -> None:
    for table in ("held_task", "book_due", "book_day"):
        op.drop_table(table)
