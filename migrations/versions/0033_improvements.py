"""Improvements have an owner, voices and supporters; what is said of them in public is written on a board.

Revision: 0033, after 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("taught", "linked", "comment")
TABLES = ("board_entry", "improvement_support", "improvement_voice")
NEW = ("owner_id", "version_id", "status_reason", "status_at")


def upgrade() -> None:
    with op.batch_alter_table("improvement") as table:
        table.add_column(sa.Column("owner_id", NUMBER, nullable=True))
        table.add_column(sa.Column("version_id", NUMBER, nullable=True))
        table.add_column(sa.Column("status_reason", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("status_at", INSTANT, nullable=True))
        table.create_foreign_key("fk_improvement_owner_id_user_account", "user_account", ["owner_id"], ["id"])
        table.create_foreign_key(
            "fk_improvement_version_id_process_version", "process_version", ["version_id"], ["id"], ondelete="SET NULL"
        )
    _voices()
    _board()
    op.execute(
        "INSERT INTO improvement_voice (improvement_id, item_id, kind, user_id, at)"
        " SELECT id, item_id, 'taught', proposed_by, created_at FROM improvement WHERE item_id IS NOT NULL"
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _voices() -> None:
    name = "improvement_voice"
    listed = ", ".join(f"'{word}'" for word in KINDS)
    op.create_table(
        name,
        _id(),
        sa.Column("improvement_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f(f"ck_{name}_kind")),
        _refers(name, "improvement_id", "improvement", gone="CASCADE"),
        _refers(name, "item_id", "feedback_item", gone="CASCADE"),
        _refers(name, "user_id", "user_account"),
        sa.UniqueConstraint("improvement_id", "item_id", name=op.f(f"uq_{name}_improvement_id_item_id")),
        _key(name),
    )
    op.create_index(f"ix_{name}_item_id", name, ["item_id"])
    name = "improvement_support"
    op.create_table(
        name,
        _id(),
        sa.Column("improvement_id", NUMBER, nullable=False),
        sa.Column("customer_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _refers(name, "improvement_id", "improvement", gone="CASCADE"),
        _refers(name, "customer_id", "customer", gone="CASCADE"),
        sa.UniqueConstraint("improvement_id", "customer_id", name=op.f(f"uq_{name}_improvement_id_customer_id")),
        _key(name),
    )
    op.create_index(f"ix_{name}_customer_id", name, ["customer_id"])


def _board() -> None:
    name = "board_entry"
    op.create_table(
        name,
        _id(),
        sa.Column("improvement_id", NUMBER, nullable=True),
        sa.Column("theme", sa.String(200), nullable=False, server_default=""),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False, server_default=""),
        sa.Column("open_to_comments", sa.Boolean(), nullable=False),
        sa.Column("written_by", NUMBER, nullable=True),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("published_by", NUMBER, nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        _refers(name, "improvement_id", "improvement", gone="SET NULL"),
        _refers(name, "written_by", "user_account"),
        _refers(name, "published_by", "user_account"),
        _key(name),
    )
    op.create_index(f"ix_{name}_improvement_id", name, ["improvement_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("improvement") as table:
        table.drop_constraint("fk_improvement_version_id_process_version", type_="foreignkey")
        table.drop_constraint("fk_improvement_owner_id_user_account", type_="foreignkey")
        for column in NEW:
            table.drop_column(column)
