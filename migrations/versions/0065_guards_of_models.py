"""Which version's model declares a call guard, and indices for what left in a time and for what is late.

Revision: 0065, after 0064
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

LATE = (
    ("ix_item_clock_answer_due_at", "answer_due_at", "resolved_at IS NULL AND answered_at IS NULL"),
    ("ix_item_clock_resolve_due_at", "resolve_due_at", "resolved_at IS NULL"),
)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("call_guard") as table:
        table.add_column(sa.Column("version_id", NUMBER, nullable=True))
        table.create_foreign_key(
            op.f("fk_call_guard_version_id_process_version"), "process_version", ["version_id"], ["id"]
        )
        table.create_index(op.f("ix_call_guard_version_id"), ["version_id"])
    op.create_index("ix_outbound_message_sent_at", "outbound_message", ["sent_at"])
    for name, column, where in LATE:
        some = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        op.create_index(name, "item_clock", [column, "item_id"], **some)


def downgrade() -> None:
    for name, _column, _where in LATE:
        op.drop_index(name, "item_clock")
    op.drop_index("ix_outbound_message_sent_at", "outbound_message")
    with op.batch_alter_table("call_guard") as table:
        table.drop_index(op.f("ix_call_guard_version_id"))
        table.drop_constraint(op.f("fk_call_guard_version_id_process_version"), type_="foreignkey")
        table.drop_column("version_id")
