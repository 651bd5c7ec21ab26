"""Comments, hand-overs, who follows a case, who stands in for whom, and attached files.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PASSINGS = ("handed_over", "delegated", "given_back", "stood_in")


def upgrade() -> None:
    op.add_column("work_item", sa.Column("owner_id", NUMBER, nullable=True))
    _comments()
    _hand_overs()
    _watching()
    _absences()
    _attachments()


def _refers(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{to}"))


def _comments() -> None:
    name = "task_comment"
    op.create_table(
        name,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("instance_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        _refers(name, "instance_id", "process_instance"),
        _refers(name, "item_id", "work_item"),
        _refers(name, "author_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_comment")),
    )
    op.create_index("ix_task_comment_instance", name, ["instance_id", "id"])


def _hand_overs() -> None:
    name = "task_hand_over"
    kinds = sa.Enum(*PASSINGS, native_enum=False, create_constraint=True, name="kind", length=16)
    op.create_table(
        name,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("instance_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("from_id", NUMBER, nullable=True),
        sa.Column("from_group", sa.String(80), nullable=True),
        sa.Column("from_owner_id", NUMBER, nullable=True),
        sa.Column("to_id", NUMBER, nullable=True),
        sa.Column("to_group", sa.String(80), nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        _refers(name, "instance_id", "process_instance"),
        _refers(name, "item_id", "work_item"),
        *(_refers(name, each, "user_account") for each in ("by_id", "from_id", "from_owner_id", "to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_hand_over")),
    )
    op.create_index("ix_task_hand_over_instance", name, ["instance_id", "id"])
    op.create_index("ix_task_hand_over_item", name, ["item_id", "id"])


def _watching() -> None:
    name = "case_watch"
    op.create_table(
        name,
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("instance_id", NUMBER, nullable=False),
        sa.Column("told_until", INSTANT, nullable=False),
        _refers(name, "user_id", "user_account", "CASCADE"),
        _refers(name, "instance_id", "process_instance"),
        sa.PrimaryKeyConstraint("user_id", "instance_id", name=op.f("pk_case_watch")),
    )
    op.create_index("ix_case_watch_instance_id", name, ["instance_id"])


def _absences() -> None:
    name = "absence"
    op.create_table(
        name,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("deputy_id", NUMBER, nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_absence_order")),
        _refers(name, "user_id", "user_account", "CASCADE"),
        _refers(name, "deputy_id", "user_account", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_deputy", name, ["deputy_id", "is_on"])
    op.create_index("ix_absence_user", name, ["user_id", "until_at"])


def _attachments() -> None:
    name = "attachment"
    op.create_table(
        name,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("about_type", sa.String(40), nullable=False),
        sa.Column("about_id", NUMBER, nullable=False),
        sa.Column("part_id", NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", NUMBER, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        _refers(name, "added_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_about", name, ["about_type", "about_id", "id"])
    op.create_table(
        "attachment_piece",
        sa.Column("attachment_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _refers("attachment_piece", "attachment_id", "attachment", "CASCADE"),
        sa.PrimaryKeyConstraint("attachment_id", "number", name=op.f("pk_attachment_piece")),
    )


def downgrade() -> None:
    for table in ("attachment_piece", "attachment", "absence", "case_watch", "task_hand_over", "task_comment"):
        op.drop_table(table)
    op.drop_column("work_item", "owner_id")
