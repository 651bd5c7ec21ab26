"""Service clocks of items with their targets, the order of what to do next, items that are snoozed.

Revision: 0037, after 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "IN ('first', 'next', 'resolution')"
TO_DO = "decision IS NULL AND snoozed_until IS NULL AND incident_id IS NULL"


def upgrade() -> None:
    op.add_column("feedback_item", sa.Column("queue_rank", sa.SmallInteger(), nullable=False, server_default="4"))
    for name in ("act_by", "clocked_at", "snoozed_until"):
        op.add_column("feedback_item", sa.Column(name, INSTANT, nullable=True))
    op.execute("UPDATE feedback_item SET act_by = placed_at")
    op.create_index(
        "ix_feedback_item_to_do", "feedback_item", ["queue_rank", "act_by", "id"],
        sqlite_where=sa.text(f"current = 1 AND {TO_DO}"), postgresql_where=sa.text(f"current AND {TO_DO}"),
    )  # fmt: skip
    _partial("ix_feedback_item_unclocked", "feedback_item", "id", "clocked_at IS NULL")
    _partial("ix_feedback_item_snoozed", "feedback_item", "snoozed_until", "snoozed_until IS NOT NULL")
    op.create_table(
        "answer_target",
        sa.Column("clock", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("group_key", sa.String(80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_answer_target_minutes")),
        sa.CheckConstraint(f"clock {KINDS}", name=op.f("ck_answer_target_clock")),
        sa.PrimaryKeyConstraint("clock", "channel", "urgency", "group_key", name=op.f("pk_answer_target")),
    )
    op.create_table(
        "item_clock",
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        *(
            sa.Column(name, INSTANT, nullable=True)
            for name in ("answer_due_at", "answered_at", "resolve_due_at", "resolved_at", "paused_at", "alert_at",
                         "told_until")
        ),
        sa.CheckConstraint(f"kind {KINDS}", name=op.f("ck_item_clock_kind")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_item_clock_item_id_feedback_item"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_clock")),
    )  # fmt: skip
    _partial("ix_item_clock_alert_at", "item_clock", "alert_at", "alert_at IS NOT NULL")
    op.create_table(
        "clock_pause",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"],
            name=op.f("fk_clock_pause_conversation_id_conversation"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_clock_pause_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )  # fmt: skip
    op.create_index("ix_clock_pause_conversation_id", "clock_pause", ["conversation_id"])


def _partial(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in ("clock_pause", "item_clock", "answer_target"):
        op.drop_table(table)
    for name in ("ix_feedback_item_snoozed", "ix_feedback_item_unclocked", "ix_feedback_item_to_do"):
        op.drop_index(name, "feedback_item")
    for name in ("snoozed_until", "clocked_at", "act_by", "queue_rank"):
        op.drop_column("feedback_item", name)
