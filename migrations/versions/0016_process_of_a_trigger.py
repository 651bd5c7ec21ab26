"""A trigger names the process of its file that it starts.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("process_trigger", sa.Column("process_id", sa.String(300), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("process_trigger", "process_id")
