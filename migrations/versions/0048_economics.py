"""Economics: what work costs, what groups can do, and what somebody proposed to stop.

Revision: 0048, after 0047
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PLANS = ("cost_plan", "capacity_plan")
PROPOSAL = "stop_proposal"


def upgrade() -> None:
    for name in PLANS:
        op.create_table(
            name,
            sa.Column("id", NUMBER, autoincrement=True, nullable=False),
            sa.Column("plan", JSON, nullable=False),
            *_who_and_when(name),
            sa.CheckConstraint("length(reason) > 0", name=op.f(f"ck_{name}_reason")),
        )
    op.create_table(
        PROPOSAL,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        *_who_and_when(PROPOSAL),
    )


def _who_and_when(name: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{name}_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def downgrade() -> None:
    for name in (PROPOSAL, *PLANS):
        op.drop_table(name)
