"""What an item is about is kept with it; items whose name holds everywhere, and contact points, are found by an index.

Revision: 0070, after 0068
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0068"
branch_labels = None
depends_on = None

WORLDWIDE = sa.text("(natural_key LIKE '%@%' OR natural_key LIKE '%://%')")


def upgrade() -> None:
    op.add_column("feedback_item", sa.Column("subject_words", sa.Text(), nullable=True))
    op.create_index(
        "ix_feedback_item_worldwide",
        "feedback_item",
        ["natural_key"],
        sqlite_where=WORLDWIDE,
        postgresql_where=WORLDWIDE,
    )
    op.create_index("ix_contact_point_value", "contact_point", ["value"])
    op.create_index("ix_thread_key_key", "thread_key", ["key"])


def downgrade() -> None:
    op.drop_index("ix_thread_key_key", "thread_key")
    op.drop_index("ix_contact_point_value", "contact_point")
    op.drop_index("ix_feedback_item_worldwide", "feedback_item")
    op.drop_column("feedback_item", "subject_words")
