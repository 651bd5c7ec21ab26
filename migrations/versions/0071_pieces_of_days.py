"""Pieces of days, when a promise last changed and when visits ended: what changed costs no more than itself.

Sums kept so far know neither promises kept nor contact again within seven days, and have no pieces. They are thrown
away, and figures are read from the rows until the sweep, or `earshot rollups rebuild`, has kept them again.

Revision: 0071, after 0070
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KEPT = (
    "measure_day", "measure_week", "measured_day", "measured_week", "measure_mark", "heard_day", "heard_due",
    "book_day", "held_task",
)  # fmt: skip
NEVER = "'1970-01-01 00:00:00.000000'"
OF_SOME = (
    ("activity_instance", "ix_activity_instance_closed", "closed_at"),
    ("feedback_item", "ix_feedback_item_first", "first_id"),
)
"""Indices of the rows that have the column."""


def upgrade() -> None:
    changed_at = sa.Column("changed_at", INSTANT, nullable=False, server_default=sa.text(NEVER))
    op.add_column("promise", changed_at)
    op.execute("UPDATE promise SET changed_at = COALESCE(settled_at, broken_at, made_at)")
    op.create_index("ix_promise_changed_at", "promise", ["changed_at"])
    op.create_index("ix_promise_until_at", "promise", ["until_at"])
    for table, name, column in OF_SOME:
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=some, postgresql_where=some)
    _forget()
    op.add_column("measured_day", sa.Column("in_pieces", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_due("measure_due", *_version("measure_due"), pieces=True)
    _create_due("book_due", pieces=True)
    op.create_table(
        "measure_piece",
        *_version("measure_piece"),
        sa.Column("part", sa.String(300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("number", NUMBER, nullable=False, autoincrement=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "part", "day", "kind", "number", name=op.f("pk_measure_piece")),
    )


def downgrade() -> None:
    for table, name, _column in OF_SOME:
        op.drop_index(name, table)
    op.drop_index("ix_promise_until_at", "promise")
    op.drop_index("ix_promise_changed_at", "promise")
    op.drop_column("promise", "changed_at")
    op.drop_table("measure_piece")
    _forget()
    op.drop_column("measured_day", "in_pieces")
    _create_due("measure_due", *_version("measure_due"))
    _create_due("book_due")


def _forget() -> None:
    for table in KEPT:
        op.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 (names of this file)
    op.drop_table("measure_due")
    op.drop_table("book_due")


def _version(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_version_id_process_version")
    return (
        sa.Column("version_id", NUMBER, nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["version_id"], ["process_version.id"], name=name, ondelete="CASCADE"),
    )


def _create_due(table: str, *version: sa.Column[int] | sa.ForeignKeyConstraint, pieces: bool = False) -> None:
    """What is to be worked out again: of a day, or of pieces of it, of which the release before says none."""
    key = [*(("version_id",) if version else ()), "day", *(("kind", "number") if pieces else ())]
    of_pieces = (
        sa.Column("kind", sa.String(4), nullable=False, server_default=""),
        sa.Column("number", NUMBER, nullable=False, autoincrement=False, server_default="0"),
    )
    op.create_table(
        table,
        *version,
        sa.Column("day", sa.Date(), nullable=False),
        *(of_pieces if pieces else ()),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
