"""Versions keep the drawing that was laid out for a file without one, beside the file.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    notes = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("process_version", sa.Column("drawing", sa.LargeBinary(), nullable=True))
    op.add_column("process_version", sa.Column("drawing_notes", notes, nullable=True))


def downgrade() -> None:
    # Not in a batch: that would make the table anew, and others point at it.
    op.drop_column("process_version", "drawing_notes")
    op.drop_column("process_version", "drawing")
