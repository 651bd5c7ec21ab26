"""Dates and priority of tasks, business calendars, saved views of lists.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
OPEN, DUE = "status = 'open'", "status = 'open' AND due_at IS NOT NULL"
INDEXES = (
    ("ix_work_item_group_due", ["group_key", "due_at", "id"], DUE),
    ("ix_work_item_assignee_due", ["assignee_id", "due_at", "id"], DUE),
    ("ix_work_item_priority", ["rank", "id"], OPEN),
    ("ix_work_item_group_priority", ["group_key", "rank", "id"], OPEN),
    ("ix_work_item_assignee_priority", ["assignee_id", "rank", "id"], OPEN),
)


def upgrade() -> None:
    op.add_column("process_definition", sa.Column("service_target", sa.String(40), nullable=True))
    for column in (
        sa.Column("follow_up_at", INSTANT, nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="50"),
        sa.Column("rank", sa.Integer(), nullable=False, server_default="-50"),
        sa.Column("target_seconds", sa.Integer(), nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("work_item", column)
    for name, columns, only in INDEXES:
        op.create_index(name, "work_item", columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only))
    _calendars()
    _views()


def _calendars() -> None:
    op.create_table(
        "business_calendar",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendar")),
        sa.UniqueConstraint("name", name=op.f("uq_business_calendar_name")),
    )
    op.create_table(
        "calendar_of_group",
        sa.Column("group_key", sa.String(80), nullable=False),
        sa.Column("calendar_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["business_calendar.id"],
            ondelete="CASCADE",
            name=op.f("fk_calendar_of_group_calendar_id_business_calendar"),
        ),
        sa.PrimaryKeyConstraint("group_key", name=op.f("pk_calendar_of_group")),
    )
    op.create_index("ix_calendar_of_group_calendar_id", "calendar_of_group", ["calendar_id"])


def _views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("list", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("group_key", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], ondelete="CASCADE", name=op.f("fk_saved_view_owner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_owner_id", "saved_view", ["owner_id", "list"])
    op.create_index("ix_saved_view_group_key", "saved_view", ["group_key", "list"])


def downgrade() -> None:
    for table in ("saved_view", "calendar_of_group", "business_calendar"):
        op.drop_table(table)
    for name, _columns, _only in INDEXES:
        op.drop_index(name, "work_item")
    for name in ("paused_seconds", "paused_at", "target_seconds", "rank", "priority", "follow_up_at"):
        op.drop_column("work_item", name)
    op.drop_column("process_definition", "service_target")
