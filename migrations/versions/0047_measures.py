"""Measures: sums by day, the days that are due, how far rows were looked at; kept reports and who gets them; KPIs.

Revision: 0047, after 0046
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIMES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
NAMES = (("part", 300), ("measure", 40), ("split", 10), ("place", 300), ("channel", 10), ("kind", 20), ("voice", 10),
         ("reader", 120))  # fmt: skip
LATE = (("ix_attribution_valid_to", "attribution", "valid_to"), ("ix_reply_sent_at", "reply", "sent_at"))
"""What changes without a new row is found by when it changed."""


def upgrade() -> None:
    op.create_table(
        "measure_day",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in NAMES),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("n", "seen", "running")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("total", "squares")),
        sa.Column("times", TIMES, nullable=True),
        _version("measure_day"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_day")),
    )
    op.create_index("ix_measure_day_asked", "measure_day", ["version_id", "part", "measure", "split", "day"])
    op.create_table(
        "measured_day",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("open_mark", sa.String(32), nullable=False),
        sa.Column("summed_at", INSTANT, nullable=False),
        _version("measured_day"),
        sa.PrimaryKeyConstraint("version_id", "day", name=op.f("pk_measured_day")),
    )
    op.create_table(
        "measure_due",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _version("measure_due"),
        sa.PrimaryKeyConstraint("version_id", "day", name=op.f("pk_measure_due")),
    )
    op.create_table(
        "measure_mark",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("settled", NUMBER, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_measure_mark")),
    )
    for name, table, column in LATE:
        op.create_index(name, table, [column])
    _reports()


def _reports() -> None:
    op.create_table(
        "kpi",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("purpose", "evidence")),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        *(sa.CheckConstraint(f"length({name}) > 0", name=op.f(f"ck_kpi_{name}")) for name in ("purpose", "evidence")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_kpi_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
    )
    op.create_table(
        "saved_report",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("query", sa.String(2000), nullable=False),
        sa.Column("group_key", sa.String(80), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_saved_report_name")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_saved_report_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_report")),
    )
    op.create_index("ix_saved_report_owner", "saved_report", ["owner_id"])
    name = "report_subscription"
    op.create_table(
        name,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("report_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("every", sa.String(10), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.CheckConstraint("every IN ('week', 'month')", name=op.f(f"ck_{name}_every")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["saved_report.id"], ondelete="CASCADE", name=op.f(f"fk_{name}_report_id_saved_report")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{name}_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_report_id", name, ["report_id"])
    op.create_index(f"ix_{name}_next", name, ["next_at"])
    op.create_index(f"ix_{name}_user", name, ["user_id", "report_id"], unique=True)


def _version(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_version_id_process_version")
    return sa.ForeignKeyConstraint(["version_id"], ["process_version.id"], ondelete="CASCADE", name=name)


def downgrade() -> None:
    for name, table, _column in reversed(LATE):
        op.drop_index(name, table_name=table)
    for table in (
        "kpi",
        "report_subscription",
        "saved_report",
        "measure_mark",
        "measure_due",
        "measured_day",
        "measure_day",
    ):
        op.drop_table(table)
