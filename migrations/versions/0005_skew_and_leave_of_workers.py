"""How far a worker's clock is off, and when it said goodbye.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("worker_heartbeat", sa.Column("skew_ms", sa.Integer(), nullable=True))
    op.add_column("worker_heartbeat", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("worker_heartbeat") as table:
        table.drop_column("left_at")
        table.drop_column("skew_ms")
