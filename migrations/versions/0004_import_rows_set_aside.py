"""Import runs remember the records that stopped their reader, and whose turn it is; rows say why they are listed.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("set_aside", DOCUMENT, nullable=False, server_default="{}"))
    op.add_column("import_run", sa.Column("turn_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("import_row_error") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="failed"))
        batch_op.create_check_constraint(
            op.f("ck_import_row_error_kind"), "kind IN ('failed', 'set_aside', 'ignored', 'cut')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM import_row_error WHERE kind NOT IN ('failed', 'set_aside')")
    with op.batch_alter_table("import_row_error") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_row_error_kind"), type_="check")
        batch_op.drop_column("kind")
    op.drop_column("import_run", "turn_at")
    op.drop_column("import_run", "set_aside")
