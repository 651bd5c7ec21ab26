"""Surveys: who is asked after a matter was closed, when, and what came of it.

Revision: 0044, after 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = "survey_invitation"
REFERS = (
    ("episode_id", "episode", "CASCADE"),
    ("item_id", "feedback_item", "CASCADE"),
    ("customer_id", "customer", "CASCADE"),
    ("point_id", "contact_point", "CASCADE"),
    ("answer_item_id", "feedback_item", "SET NULL"),
)


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(column, NUMBER, nullable=column == "answer_item_id") for column, _to, _gone in REFERS),
        sa.Column("arm", sa.String(10), nullable=False),
        sa.Column("delay_hours", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT, nullable=True) for name in ("sent_at", "reminded_at", "answered_at")),
        sa.Column("stopped_because", sa.String(40), nullable=False, server_default=""),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("key_id", sa.String(12), nullable=False),
        sa.CheckConstraint("arm IN ('asked', 'left_out')", name=op.f(f"ck_{NAME}_arm")),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{NAME}_{column}_{to}"))
            for column, to, gone in REFERS
        ),
        sa.UniqueConstraint("episode_id", name=op.f(f"uq_{NAME}_episode_id")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{NAME}_token_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}")),
    )
    op.create_index(f"ix_{NAME}_due", NAME, ["due_at", "id"])
    op.create_index(f"ix_{NAME}_customer", NAME, ["customer_id", "sent_at"])
    for column in ("item_id", "point_id", "answer_item_id"):
        op.create_index(f"ix_{NAME}_{column}", NAME, [column])


def downgrade() -> None:
    op.drop_table(NAME)
