"""What our own people promised to customers.

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", NUMBER, nullable=True),
        sa.Column("item_id", NUMBER, nullable=True),
        sa.Column("reply_id", NUMBER, nullable=True),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("made_by", NUMBER, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("broken_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", NUMBER, nullable=True),
        sa.Column("note", sa.String(2000), nullable=False, server_default=""),
        sa.Column("alert_at", INSTANT, nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_promise_text")),
        sa.CheckConstraint("item_id IS NOT NULL OR customer_id IS NOT NULL", name=op.f("ck_promise_to_somebody")),
        sa.CheckConstraint("origin IN ('reply', 'call', 'hand')", name=op.f("ck_promise_origin")),
        sa.CheckConstraint("status IN ('open', 'kept', 'broken', 'withdrawn')", name=op.f("ck_promise_status")),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_promise_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_promise_reply_id_reply")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_promise_{name}_user_account"))
            for name in ("made_by", "owner_id", "settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    for name in ("customer_id", "item_id", "reply_id"):
        op.create_index(f"ix_promise_{name}", "promise", [name])
    op.create_index("ix_promise_status", "promise", ["status", "until_at", "id"])
    op.create_index("ix_promise_owner", "promise", ["owner_id", "status", "until_at"])
    told = sa.text("alert_at IS NOT NULL")
    op.create_index("ix_promise_alert_at", "promise", ["alert_at"], sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    op.drop_table("promise")
