"""Versions keep all that came with them and why they went live unsigned; uploads keep their check and what they became.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_VERSION = ("uploaded_forms", "triggers", "documentation", "unsigned_reason")
_UPLOAD = ("checked", "version_id")


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("process_version", sa.Column("uploaded_forms", json, nullable=True))
    op.add_column("process_version", sa.Column("triggers", json, nullable=True))
    op.add_column("process_version", sa.Column("documentation", sa.Text(), nullable=True))
    op.add_column("process_version", sa.Column("unsigned_reason", sa.Text(), nullable=True))
    op.add_column("upload", sa.Column("checked", sa.LargeBinary(), nullable=True))
    op.add_column(
        "upload", sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    # What became a version before is no unfinished upload.
    op.execute(
        "UPDATE upload SET version_id = (SELECT max(v.id) FROM process_version v"
        " WHERE v.source = upload.source AND v.created_at >= upload.created_at)"
    )


def downgrade() -> None:
    # Not in a batch: that would make the table anew, and others point at it.
    for column in reversed(_UPLOAD):
        op.drop_column("upload", column)
    for column in reversed(_VERSION):
        op.drop_column("process_version", column)
