"""Gestures that customers are given, and the rules for them.

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "goodwill_rules",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_goodwill_rules_reason")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_goodwill_rules_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goodwill_rules")),
    )
    op.create_table(
        "gesture",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("margin_per_visit", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("rule_given", sa.Boolean(), nullable=False),
        sa.Column("rule_up_to", sa.Integer(), nullable=False),
        sa.Column("rule_why", sa.String(200), nullable=False),
        sa.Column("case_id", NUMBER, nullable=True),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.CheckConstraint("cost > 0", name=op.f("ck_gesture_cost")),
        sa.CheckConstraint("purpose IN ('service', 'pr')", name=op.f("ck_gesture_purpose")),
        sa.CheckConstraint("status IN ('waiting', 'given', 'declined')", name=op.f("ck_gesture_status")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_gesture_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_gesture_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["process_instance.id"], name=op.f("fk_gesture_case_id_process_instance"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_gesture_decided_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gesture")),
    )
    op.create_index("ix_gesture_item_id", "gesture", ["item_id"])
    op.create_index("ix_gesture_at", "gesture", ["at"])
    op.create_index("ix_gesture_case_id", "gesture", ["case_id"])


def downgrade() -> None:
    """What was given is lost; approvals that wait stay as cases."""
    op.drop_table("gesture")
    op.drop_table("goodwill_rules")
