"""Sums of measures by week, and counts by day of all that was heard.

Revision: 0061, after 0060
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIMES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
NAMES = (("part", 300), ("measure", 40), ("split", 10), ("place", 300), ("channel", 10), ("kind", 20), ("voice", 10),
         ("reader", 120))  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "measure_week",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in NAMES),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("n", "seen", "running")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("total", "squares")),
        sa.Column("times", TIMES, nullable=True),
        _version("measure_week"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_week")),
    )
    op.create_index("ix_measure_week_asked", "measure_week", ["version_id", "part", "measure", "split", "day"])
    op.create_table(
        "measured_week",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        _version("measured_week"),
        sa.PrimaryKeyConstraint("version_id", "day", name=op.f("pk_measured_week")),
    )
    op.create_table(
        "heard_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("voice", sa.String(10), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("heard", "placed", "followed", "acted")),
        sa.PrimaryKeyConstraint("day", "channel", "voice", name=op.f("pk_heard_day")),
    )
    op.create_table(
        "heard_due",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_heard_due")),
    )
    # Days that were summed before are in weeks that are not kept yet: the next sweeps keep them.
    monday = (
        "day - (CAST(extract(isodow FROM day) AS integer) - 1)"
        if op.get_bind().dialect.name == "postgresql"
        else "date(day, 'weekday 0', '-6 days')"
    )
    op.execute(
        "INSERT INTO measured_week (version_id, day, kept) "  # noqa: S608 (nothing from outside)
        f"SELECT DISTINCT version_id, {monday}, false FROM measured_day"
    )


def _version(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["version_id"],
        ["process_version.id"],
        ondelete="CASCADE",
        name=op.f(f"fk_{table}_version_id_process_version"),
    )


def downgrade() -> None:
    for table in ("heard_due", "heard_day", "measured_week", "measure_week"):
        op.drop_table(table)
