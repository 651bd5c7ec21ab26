"""The customer's side: private links, codes, visits, ties, wishes; names of ours that customers may read.

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("published_name", "contact_wish", "portal_tie", "portal_visit", "portal_code", "portal_link")


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _number(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=empty)


def _at(name: str, *, empty: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, INSTANT, nullable=empty)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    _links()
    _visits()
    _wishes()
    name = "published_name"
    op.create_table(
        name, _id(), _text("kind", 10), _text("key", 200), _text("words", 200), _number("published_by", empty=True),
        _at("published_at"),
        sa.CheckConstraint("kind IN ('group', 'process', 'topic')", name=op.f(f"ck_{name}_kind")),
        _refers(name, "published_by", "user_account"), _once(name, "kind", "key"), _key(name),
    )  # fmt: skip


def _links() -> None:
    name = "portal_link"
    op.create_table(
        name, _id(), _text("token_hash", 64), _text("salt", 32), _text("key_id", 12), _number("conversation_id"),
        _number("item_id"), _number("home_id", empty=True), _number("made_by", empty=True), _at("made_at"),
        _at("expires_at"), _at("revoked_at", empty=True), sa.Column("opened", sa.Integer(), nullable=False),
        _at("last_opened_at", empty=True),
        _refers(name, "conversation_id", "conversation", gone="CASCADE"),
        _refers(name, "item_id", "feedback_item", gone="CASCADE"),
        _refers(name, "home_id", "customer", gone="CASCADE"),
        _refers(name, "made_by", "user_account"), _once(name, "token_hash"), _key(name),
    )  # fmt: skip
    for column in ("conversation_id", "item_id", "home_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _visits() -> None:
    name = "portal_code"
    op.create_table(
        name, _id(), _text("address_hash", 64), _text("code_hash", 64), _at("made_at"), _at("expires_at"),
        sa.Column("tries", sa.Integer(), nullable=False), _at("used_at", empty=True), _key(name),
    )  # fmt: skip
    op.create_index("ix_portal_code_address_hash", name, ["address_hash", "made_at"])
    name = "portal_visit"
    op.create_table(
        name, _id(), _text("token_hash", 64), _number("point_id"), _at("began_at"), _at("expires_at"),
        _at("ended_at", empty=True), _refers(name, "point_id", "contact_point", gone="CASCADE"),
        _once(name, "token_hash"), _key(name),
    )  # fmt: skip
    op.create_index("ix_portal_visit_point_id", name, ["point_id"])
    name = "portal_tie"
    op.create_table(
        name, _id(), _number("point_id"), _number("home_id"), _number("link_id", empty=True), _at("at"),
        _refers(name, "point_id", "contact_point", gone="CASCADE"),
        _refers(name, "home_id", "customer", gone="CASCADE"),
        _refers(name, "link_id", "portal_link", gone="SET NULL"), _once(name, "point_id", "home_id"), _key(name),
    )  # fmt: skip
    op.create_index("ix_portal_tie_home_id", name, ["home_id"])


def _wishes() -> None:
    name = "contact_wish"
    op.create_table(
        name, _id(), _number("customer_id"), _text("channel", 10), sa.Column("from_hour", sa.Integer(), nullable=True),
        sa.Column("until_hour", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(400), nullable=False, server_default=""), _at("said_at"),
        _refers(name, "customer_id", "customer", gone="CASCADE"), _once(name, "customer_id"), _key(name),
    )  # fmt: skip


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
