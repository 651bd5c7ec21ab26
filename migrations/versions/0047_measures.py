"""Measures: sums by day, the days that are due, and how far rows were looked at.

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


def _version(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_version_id_process_version")
    return sa.ForeignKeyConstraint(["version_id"], ["process_version.id"], ondelete="CASCADE", name=name)


def downgrade() -> None:
    for name, table, _column in reversed(LATE):
        op.drop_index(name, table_name=table)
    for table in ("measure_mark", "measure_due", "measured_day", "measure_day"):
        op.drop_table(table)
