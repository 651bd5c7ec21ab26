"""An index of completed tasks by element: a task's page looks for the same task in finished cases.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

DONE = sa.text("status = 'completed'")


def upgrade() -> None:
    op.create_index("ix_work_item_done", "work_item", ["element", "id"], sqlite_where=DONE, postgresql_where=DONE)


def downgrade() -> None:
    op.drop_index("ix_work_item_done", "work_item")
