"""What staff learnt: articles, their uses, and differences between answers that were settled.

Revision: 0045, after 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("settled_difference", "article_use", "article")


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "article", _id(), sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False), sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False), sa.Column("owner_user_id", NUMBER, nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False), sa.Column("approved_by", NUMBER, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True), sa.Column("item_id", NUMBER, nullable=True),
        sa.Column("credited_name", sa.String(200), nullable=False, server_default=""),
        sa.Column("created_at", INSTANT, nullable=False), sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        _refers("article", "owner_user_id", "user_account"), _refers("article", "approved_by", "user_account"),
        _refers("article", "item_id", "feedback_item", gone="SET NULL"), _key("article"),
    )  # fmt: skip
    op.create_index("ix_article_item_id", "article", ["item_id"])
    name = "article_use"
    op.create_table(
        name, _id(), sa.Column("article_id", NUMBER, nullable=False), sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("item_id", NUMBER, nullable=True), sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'deflected')", name=op.f(f"ck_{name}_kind")),
        _refers(name, "article_id", "article", gone="CASCADE"),
        _refers(name, "item_id", "feedback_item", gone="SET NULL"), _refers(name, "user_id", "user_account"),
        _key(name),
    )  # fmt: skip
    op.create_index("ix_article_use_article", name, ["article_id", "kind"])
    op.create_index("ix_article_use_item_id", name, ["item_id"])
    name = "settled_difference"
    op.create_table(
        name, _id(), sa.Column("left_id", NUMBER, nullable=False), sa.Column("right_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False), _refers(name, "left_id", "reply", gone="CASCADE"),
        _refers(name, "right_id", "reply", gone="CASCADE"), _refers(name, "user_id", "user_account"),
        sa.UniqueConstraint("left_id", "right_id", name=op.f(f"uq_{name}_left_id_right_id")), _key(name),
    )  # fmt: skip
    op.create_index("ix_settled_difference_right_id", name, ["right_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
