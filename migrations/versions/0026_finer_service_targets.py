"""Service targets of elements and groups beside those of processes; where people go after a task is done.

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(sa.dialects.postgresql.JSONB(none_as_null=True), "postgresql")
DEFINITION = sa.table(
    "process_definition", sa.column("id"), sa.column("service_target"), sa.column("service_targets", JSON)
)


def upgrade() -> None:
    op.add_column("process_definition", sa.Column("service_targets", JSON, nullable=True))
    kept = sa.select(DEFINITION.c.id, DEFINITION.c.service_target).where(DEFINITION.c.service_target.is_not(None))
    for row in op.get_bind().execute(kept).all():
        targets = {"": row.service_target}
        op.execute(DEFINITION.update().where(DEFINITION.c.id == row.id).values(service_targets=targets))
    op.add_column("user_account", sa.Column("after_task", sa.String(8), nullable=False, server_default=""))


def downgrade() -> None:
    """What only an element or a group had is lost."""
    op.drop_column("process_definition", "service_targets")
    op.drop_column("user_account", "after_task")
