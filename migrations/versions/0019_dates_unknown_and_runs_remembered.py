"""A date may be unknown, languages and questions of items, and what import runs must remember to be undone exactly.

`said_at` may be NULL; `placed_at` (said_at, else received_at) is what lists, clocks and indexes go by. An import that
told no date had stored the moment of receipt: such dates are unknown from now on.

On SQLite `NOT NULL` is taken out of the text of the table (https://www.sqlite.org/lang_altertable.html, section 7):
no row is copied, and no constraint lost.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
UNTOUCHED = "decision IS NULL AND answered_at IS NULL AND distributed_to IS NULL"
LONG_AGO = "1970-01-01 00:00:00.000000"
INDEXES = {
    "ix_feedback_item_conversation": ["conversation_id", "{at}"],
    "ix_feedback_item_customer": ["customer_id", "channel", "{at}"],
    "ix_feedback_item_untouched": ["{at}", "id"],
}
NEW_OF_ITEM = ("language", "language_p", "question", "placed_at")
NEW_OF_RUN = ("known", "warned", "day_key")
NEW_OF_ROW = ("item", "taken_item_id")


def upgrade() -> None:
    _columns()
    op.execute("UPDATE feedback_item SET placed_at = said_at")
    _allow_no_date(allowed=True)
    op.execute("UPDATE feedback_item SET said_at = NULL WHERE said_at = received_at AND import_run_id IS NOT NULL")
    _reindex("placed_at")
    op.create_index("ix_feedback_item_placed", "feedback_item", ["placed_at", "id"])
    op.create_index("uq_import_run_day", "import_run", ["day_key"], unique=True)
    op.create_index("ix_customer_import_run_id", "customer", ["import_run_id"])
    op.create_index("ix_contact_point_import_run_id", "contact_point", ["import_run_id"])
    _tables()


def _columns() -> None:
    op.add_column("feedback_item", sa.Column("language", sa.String(8), nullable=True))
    op.add_column("feedback_item", sa.Column("language_p", sa.Float(), nullable=True))
    op.add_column("feedback_item", sa.Column("question", sa.String(1000), nullable=False, server_default=""))
    placed = sa.text("CURRENT_TIMESTAMP") if not _is_sqlite() else LONG_AGO
    op.add_column("feedback_item", sa.Column("placed_at", INSTANT, nullable=False, server_default=placed))
    op.add_column("import_run", sa.Column("known", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_run", sa.Column("warned", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_run", sa.Column("day_key", sa.String(160), nullable=True))
    op.add_column("import_row_error", sa.Column("item", JSON, nullable=True))
    op.add_column("import_row_error", sa.Column("taken_item_id", NUMBER, nullable=True))
    op.add_column("customer", sa.Column("import_run_id", NUMBER, nullable=True))
    op.add_column("contact_point", sa.Column("import_run_id", NUMBER, nullable=True))


def _tables() -> None:
    op.create_table(
        "import_held",
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_import_held_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_held_run_id_import_run")),
        sa.PrimaryKeyConstraint("item_id", "run_id", name=op.f("pk_import_held")),
    )
    op.create_index("ix_import_held_run_id", "import_held", ["run_id"])
    op.create_table(
        "contact_point_told",
        sa.Column("point_id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["contact_point.id"],
            ondelete="CASCADE",
            name=op.f("fk_contact_point_told_point_id_contact_point"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_contact_point_told_run_id_import_run")),
        sa.PrimaryKeyConstraint("point_id", "run_id", name=op.f("pk_contact_point_told")),
    )
    op.create_index("ix_contact_point_told_run_id", "contact_point_told", ["run_id"])
    op.create_table(
        "source_option",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_option")),
        sa.UniqueConstraint("source", name=op.f("uq_source_option_source")),
    )


def downgrade() -> None:
    for table in ("source_option", "contact_point_told", "import_held"):
        op.drop_table(table)
    op.drop_index("ix_contact_point_import_run_id", "contact_point")
    op.drop_index("ix_customer_import_run_id", "customer")
    op.drop_index("uq_import_run_day", "import_run")
    op.drop_index("ix_feedback_item_placed", "feedback_item")
    op.execute("UPDATE feedback_item SET said_at = placed_at WHERE said_at IS NULL")
    _reindex("said_at")
    _allow_no_date(allowed=False)
    op.drop_column("contact_point", "import_run_id")
    op.drop_column("customer", "import_run_id")
    for table, names in (
        ("import_row_error", NEW_OF_ROW),
        ("import_run", NEW_OF_RUN),
        ("feedback_item", NEW_OF_ITEM),
    ):
        for name in reversed(names):
            op.drop_column(table, name)


def _reindex(at: str) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, "feedback_item")
        only = name.endswith("untouched")
        op.create_index(
            name,
            "feedback_item",
            [column.format(at=at) for column in columns],
            sqlite_where=sa.text(f"current = 1 AND {UNTOUCHED}") if only else None,
            postgresql_where=sa.text(f"current AND {UNTOUCHED}") if only else None,
        )


def _allow_no_date(*, allowed: bool) -> None:
    if not _is_sqlite():
        op.alter_column("feedback_item", "said_at", nullable=allowed)
        return
    with_none, without = "said_at DATETIME, ", "said_at DATETIME NOT NULL, "
    _rewrite_table(without, with_none) if allowed else _rewrite_table(with_none, without)


def _rewrite_table(old: str, new: str) -> None:
    """Change the text of the table of items in SQLite's schema."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    of_items = "type = 'table' AND name = 'feedback_item'"
    written = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE {of_items}").scalar_one()  # noqa: S608 (own words)
    text = " ".join(written.split())
    if old not in text:
        raise AssertionError(f"The table of items is not written as expected: {text[:400]}")
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(f"UPDATE sqlite_master SET sql = :sql WHERE {of_items}"),  # noqa: S608 (own words)
        {"sql": text.replace(old, new)},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
