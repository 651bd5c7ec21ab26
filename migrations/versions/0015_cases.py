"""Cases are found by state, date and element, and know which case they were restarted from.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = (
    ("ix_process_instance_status", "process_instance", ["status", "id"], None),
    ("ix_process_instance_started", "process_instance", ["started_at", "id"], None),
    ("ix_process_instance_ended", "process_instance", ["ended_at", "id"], "ended_at IS NOT NULL"),
    ("ix_process_instance_restarted", "process_instance", ["restarted_from"], "restarted_from IS NOT NULL"),
    ("ix_activity_instance_standing", "activity_instance", ["element", "instance_id"], "closed_at IS NULL"),
)
"""Name, table, columns, condition."""


def upgrade() -> None:
    op.add_column("process_instance", sa.Column("restarted_from", NUMBER, nullable=True))
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _condition in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    # Not in a batch: that would make the table anew, and others point at it.
    op.drop_column("process_instance", "restarted_from")
