"""Operators' acts in bulk, start timers that fail, decisions within a version, and how long what ended is kept.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
UNTOUCHED = "decision IS NULL AND answered_at IS NULL AND distributed_to IS NULL"

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("process_version", sa.Column("decisions", DOCUMENT, nullable=False, server_default="{}"))
    op.add_column("process_version", sa.Column("keep_for_days", sa.Integer(), nullable=True))
    op.add_column("process_instance", sa.Column("erased_at", INSTANT, nullable=True))
    op.add_column("process_instance", sa.Column("began_version_id", ID, nullable=True))
    op.create_index(
        "ix_process_instance_began",
        "process_instance",
        ["began_version_id"],
        sqlite_where=sa.text("began_version_id IS NOT NULL"),
        postgresql_where=sa.text("began_version_id IS NOT NULL"),
    )
    op.add_column("activity_instance", sa.Column("claimed_at", INSTANT, nullable=True))
    op.create_index(
        "ix_process_instance_to_erase",
        "process_instance",
        ["version_id", "ended_at"],
        sqlite_where=sa.text("ended_at IS NOT NULL AND erased_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL AND erased_at IS NULL"),
    )
    _charge_visits_to_called_versions()
    op.create_index(
        "ix_job_waiting",
        "job",
        ["instance_id", "id"],
        sqlite_where=sa.text("status IN ('ready', 'leased')"),
        postgresql_where=sa.text("status IN ('ready', 'leased')"),
    )
    op.add_column("step_record", sa.Column("detail", DOCUMENT, nullable=True))
    op.add_column("job", sa.Column("retry_in", sa.String(length=200), nullable=True))
    op.add_column("feedback_item", sa.Column("unread_because", sa.Text(), nullable=True))
    op.add_column("feedback_item", sa.Column("read_again_at", INSTANT, nullable=True))
    op.create_index(
        "ix_feedback_item_unreadable",
        "feedback_item",
        ["id"],
        sqlite_where=sa.text("unread_because IS NOT NULL"),
        postgresql_where=sa.text("unread_because IS NOT NULL"),
    )
    op.create_index(
        "ix_feedback_item_untouched",
        "feedback_item",
        ["said_at", "id"],
        sqlite_where=sa.text(f"current = 1 AND {UNTOUCHED}"),
        postgresql_where=sa.text(f"current AND {UNTOUCHED}"),
    )
    _find_unread_items_again(sqlite_where="classified_at IS NULL AND current = 1")
    with op.batch_alter_table("failure") as batch_op:
        batch_op.alter_column("instance_id", existing_type=ID, nullable=True)
    op.create_table(
        "batch",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("parameters", DOCUMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_batch_created_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index("ix_batch_status", "batch", ["status", "id"])
    op.create_table(
        "batch_item",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("target_id", ID, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_item_batch_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_item")),
        sa.UniqueConstraint("batch_id", "target_id", name=op.f("uq_batch_item_batch_id_target_id")),
    )
    op.create_index("ix_batch_item_batch_status", "batch_item", ["batch_id", "status", "id"])
    op.create_table(
        "received_command",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("led_to", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_received_command_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "digest", name=op.f("pk_received_command")),
    )
    op.create_index("ix_received_command_received_at", "received_command", ["received_at"])


def downgrade() -> None:
    op.drop_table("received_command")
    op.drop_table("batch_item")
    op.drop_table("batch")
    op.execute("DELETE FROM failure WHERE instance_id IS NULL")
    with op.batch_alter_table("failure") as batch_op:
        batch_op.alter_column("instance_id", existing_type=ID, nullable=False)
    op.drop_column("step_record", "detail")
    op.drop_column("job", "retry_in")
    op.drop_index("ix_feedback_item_untouched", "feedback_item")
    _find_unread_items_again(sqlite_where="classified_at IS NULL AND current")
    op.drop_index("ix_job_waiting", "job")
    op.drop_index("ix_feedback_item_unreadable", "feedback_item")
    op.drop_column("feedback_item", "read_again_at")
    op.drop_column("feedback_item", "unread_because")
    op.execute(_CHARGE_TO_CALLERS)
    op.drop_index("ix_process_instance_to_erase", "process_instance")
    op.drop_column("activity_instance", "claimed_at")
    op.drop_index("ix_process_instance_began", "process_instance")
    op.drop_column("process_instance", "began_version_id")
    op.drop_column("process_instance", "erased_at")
    op.drop_column("process_version", "keep_for_days")
    op.drop_column("process_version", "decisions")


def _find_unread_items_again(*, sqlite_where: str) -> None:
    """SQLite takes a partial index only for a condition in the very words of the statement."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_feedback_item_unclassified", "feedback_item")
        op.create_index("ix_feedback_item_unclassified", "feedback_item", ["id"], sqlite_where=sa.text(sqlite_where))


def _charge_visits_to_called_versions() -> None:
    """Visits inside processes that other definitions brought belong to those versions' drawings and figures."""
    instance = sa.table("process_instance", sa.column("bindings", DOCUMENT), sa.column("version_id"), sa.column("id"))
    version = sa.table("process_version", sa.column("specs", DOCUMENT), sa.column("id"))
    visit = sa.table("activity_instance", sa.column("instance_id"), sa.column("process"), sa.column("version_id"))
    bound = (
        sa.select(instance.c.id, instance.c.bindings, version.c.specs)
        .join(version, version.c.id == instance.c.version_id)
        .where(instance.c.bindings.is_not(None))
    )
    connection = op.get_bind()
    for row in connection.execute(bound).all():
        for process, (_spec, version_id) in (row.bindings or {}).items():
            if process not in row.specs:
                inside = (visit.c.instance_id == row.id, visit.c.process == process)
                connection.execute(sa.update(visit).where(*inside).values(version_id=version_id))


_CHARGE_TO_CALLERS = """
UPDATE activity_instance SET version_id = (
    SELECT version_id FROM process_instance WHERE process_instance.id = activity_instance.instance_id
) WHERE process IS NOT NULL AND (
    SELECT definition_id FROM process_version WHERE process_version.id = activity_instance.version_id
) <> (
    SELECT v.definition_id FROM process_instance i JOIN process_version v ON v.id = i.version_id
    WHERE i.id = activity_instance.instance_id
)
"""
