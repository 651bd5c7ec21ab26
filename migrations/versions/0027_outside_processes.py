"""Processes that run elsewhere: their cases and visits as logs told them.

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "outside_process",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("diagram", sa.LargeBinary(), nullable=True),
        sa.Column("elements", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_outside_process_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_process")),
        sa.UniqueConstraint("key", name=op.f("uq_outside_process_key")),
    )
    op.create_table(
        "outside_case",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("process_id", NUMBER, nullable=False),
        sa.Column("case_key", sa.String(400), nullable=False),
        sa.Column("customer_key", sa.String(320), nullable=False),
        _of_process("outside_case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_case")),
        sa.UniqueConstraint("process_id", "case_key", name=op.f("uq_outside_case_process_id_case_key")),
    )
    op.create_index("ix_outside_case_customer_key", "outside_case", ["customer_key"])
    _runs()
    _visits()


def _of_process(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_process_id_outside_process")
    return sa.ForeignKeyConstraint(["process_id"], ["outside_process.id"], name=name, ondelete="CASCADE")


def _runs() -> None:
    counts = ("rows", "new", "changed", "known", "left_out", "failed")
    op.create_table(
        "outside_run",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("process_id", NUMBER, nullable=False),
        sa.Column("file_name", sa.String(300), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_outside_run_status")),
        _of_process("outside_run"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_outside_run_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_run")),
    )
    op.create_index("ix_outside_run_process_id", "outside_run", ["process_id"])


def _visits() -> None:
    op.create_table(
        "outside_visit",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("process_id", NUMBER, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("activity", sa.String(300), nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.CheckConstraint("started_at IS NOT NULL OR completed_at IS NOT NULL", name=op.f("ck_outside_visit_dated")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["outside_case.id"], name=op.f("fk_outside_visit_case_id_outside_case"), ondelete="CASCADE"
        ),
        _of_process("outside_visit"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["outside_run.id"], name=op.f("fk_outside_visit_run_id_outside_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_visit")),
    )
    op.create_index("ix_outside_visit_case", "outside_visit", ["case_id", "activity", "placed_at"])
    op.create_index("ix_outside_visit_process", "outside_visit", ["process_id", "placed_at"])


def downgrade() -> None:
    """What the logs told is lost; the files can be read again."""
    for table in ("outside_visit", "outside_run", "outside_case", "outside_process"):
        op.drop_table(table)
