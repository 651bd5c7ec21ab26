"""Pieces of days, when a promise last changed and when visits ended: what changed costs no more than itself.

Sums kept so far know neither promises kept nor contact again within seven days, and have no pieces. They are thrown
away, and figures are read from the rows until the sweep, or `earshot rollups rebuild`, has kept them again.

Revision: 0071, after 0068
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0068"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KEPT = (
    "measure_day", "measure_week", "measured_week", "measure_mark", "heard_day", "heard_due", "book_day", "held_task",
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
    _create("measured_day", "day", in_pieces=sa.Boolean(), summed_at=INSTANT)
    _of_the_book(sa.Column("kind", sa.String(4), nullable=False), sa.Column("number", NUMBER, nullable=False))
    _create("measure_due", "day", "kind", "number", kind=sa.String(4), number=NUMBER)
    _create(
        "measure_piece", "part", "day", "kind", "number", part=sa.String(300), kind=sa.String(4), number=NUMBER,
        sums=sa.LargeBinary(),
    )  # fmt: skip


def downgrade() -> None:
    for table, name, _column in OF_SOME:
        op.drop_index(name, table)
    op.drop_index("ix_promise_until_at", "promise")
    op.drop_index("ix_promise_changed_at", "promise")
    op.drop_column("promise", "changed_at")
    op.drop_table("measure_piece")
    _forget()
    _create("measured_day", "day", open_mark=sa.String(32), summed_at=INSTANT)
    _create("measure_due", "day")
    _of_the_book()


def _forget() -> None:
    for table in KEPT:
        op.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 (names of this file)
    op.drop_table("measured_day")
    op.drop_table("measure_due")
    op.drop_table("book_due")


def _of_the_book(*columns: sa.Column[object]) -> None:
    """What of the daybook is to be written again."""
    names = ("day", *(each.name for each in columns))
    op.create_table(
        "book_due",
        sa.Column("day", sa.Date(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*names, name=op.f("pk_book_due")),
    )


def _create(table: str, *named: str, **columns: sa.types.TypeEngine[object]) -> None:
    """A table of days of versions; `named`: what names a row beside its version."""
    op.create_table(
        table,
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, kind, nullable=False, autoincrement=False) for name, kind in columns.items()),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f(f"fk_{table}_version_id_process_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", *named, name=op.f(f"pk_{table}")),
    )  # fmt: skip
