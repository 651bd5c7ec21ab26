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
    with op.batch_alter_table("process_version") as table:
        table.add_column(sa.Column("drawing", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("drawing_notes", notes, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("process_version") as table:
        table.drop_column("drawing_notes")
        table.drop_column("drawing")
