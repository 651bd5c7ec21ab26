"""Guards before tasks that contact customers, what they did, and versions of the channel advisor's table.

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=16)


def upgrade() -> None:
    op.create_table(
        "call_guard",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column(
            "rule",
            _one_of("rule", "tracking", "variable", "said_since", "incident", "consent", "quiet_hours", "promise"),
            nullable=False,
        ),
        sa.Column("effect", _one_of("effect", "avoid", "hold"), nullable=False),
        sa.Column("variable", sa.String(200), nullable=False),
        sa.Column("value", sa.String(400), nullable=False),
        sa.Column("go_to", sa.String(300), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_call_guard_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["user_account.id"], name=op.f("fk_call_guard_ended_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_guard")),
    )
    op.create_index(op.f("ix_call_guard_definition_key"), "call_guard", ["definition_key"])
    op.create_table(
        "channel_advice",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_channel_advice_reason")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_channel_advice_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_advice")),
    )
    op.create_table(
        "guarded_task",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("work_item_id", NUMBER, nullable=False),
        sa.Column("instance_id", NUMBER, nullable=False),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column("guard_id", NUMBER, nullable=True),
        sa.Column("verdict", _one_of("verdict", "avoided", "held", "let_go", "overridden"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_at", INSTANT, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["guard_id"], ["call_guard.id"], name=op.f("fk_guarded_task_guard_id_call_guard")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_guarded_task_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_guarded_task_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarded_task")),
        sa.UniqueConstraint("work_item_id", name=op.f("uq_guarded_task_work_item_id")),
    )
    op.create_index("ix_guarded_task_definition_key_verdict", "guarded_task", ["definition_key", "verdict", "id"])
    op.create_index(op.f("ix_guarded_task_instance_id"), "guarded_task", ["instance_id"])


def downgrade() -> None:
    for table in ("guarded_task", "channel_advice", "call_guard"):
        op.drop_table(table)
