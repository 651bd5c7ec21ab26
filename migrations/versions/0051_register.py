"""The improvement register: origin, owners, history, evidence, worth, viewpoints, CTQ trees, talks, who was told.

Revision: 0051, after 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
TABLES = (
    "theme_told", "improvement_told", "improvement_telling", "customer_talk", "ctq_node", "improvement_view",
    "improvement_value", "improvement_evidence", "improvement_event", "improvement_owner", "improvement_sheet",
)  # fmt: skip
ORIGINS = ("bar", "theme", "alarm", "item", "task", "customer", "element", "incident", "own_way", "plain")
STAGES = ("define", "measure", "analyse", "improve", "control", "done")


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _ref(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=empty)


def _text(name: str, length: int = 0, *, default: str | None = None) -> sa.Column[str]:
    kind = sa.String(length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False, server_default=default)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=True)


def _instant(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=empty)


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _of(table: str, *, person: str = "user_id") -> tuple[sa.ForeignKeyConstraint, ...]:
    """Of an improvement, by a person."""
    return _refers(table, "improvement_id", "improvement", gone="CASCADE"), _refers(table, person, "user_account")


def _listed(table: str, column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    _progress()
    _worth()
    _tree()
    _talks()
    _told()


def _progress() -> None:
    name = "improvement_sheet"
    op.create_table(
        name, _ref("improvement_id"), _text("origin", 12), _text("origin_ref", 1000, default=""),
        _text("origin_label", 300, default=""), _text("stage", 8),
        _listed(name, "origin", *ORIGINS), _listed(name, "stage", *STAGES),
        _refers(name, "improvement_id", "improvement", gone="CASCADE"), _key(name, "improvement_id"),
    )  # fmt: skip
    name = "improvement_owner"
    op.create_table(
        name, _id(), _ref("improvement_id"), _ref("group_id"), _ref("user_id", empty=True), *_of(name),
        _refers(name, "group_id", "user_group", gone="CASCADE"), _once(name, "improvement_id", "group_id"), _key(name),
    )  # fmt: skip
    name = "improvement_event"
    op.create_table(
        name, _id(), _ref("improvement_id"), _text("verb", 20), _text("before", 300), _text("after", 300),
        _text("reason"), sa.Column("evidence", TEXTS, nullable=False), _ref("user_id", empty=True), _instant("at"),
        *_of(name), _key(name),
    )  # fmt: skip
    op.create_index("ix_improvement_event_improvement_id_verb", name, ["improvement_id", "verb"])
    name = "improvement_evidence"
    op.create_table(
        name, _id(), _ref("improvement_id"), _text("check_key", 40), _text("words"), _number("number"),
        sa.Column("n", sa.Integer(), nullable=True), _text("ref", 400, default=""), _ref("user_id", empty=True),
        _instant("at"), *_of(name), _once(name, "improvement_id", "check_key"), _key(name),
    )  # fmt: skip


def _worth() -> None:
    name = "improvement_value"
    op.create_table(
        name, _id(), _ref("improvement_id"), _text("side", 8), _text("kind", 6),
        sa.Column("amount", sa.Double(), nullable=False), _text("unit", 60),
        sa.Column("measured", sa.Boolean(), nullable=False), _text("how"), _ref("user_id", empty=True), _instant("at"),
        _listed(name, "side", "customer", "company"), _listed(name, "kind", "effort", "time", "money"), *_of(name),
        _once(name, "improvement_id", "side", "kind"), _key(name),
    )  # fmt: skip
    name = "improvement_view"
    op.create_table(
        name, _id(), _ref("improvement_id"), _text("perspective", 10), sa.Column("score", sa.Integer(), nullable=False),
        _text("words"), _ref("user_id", empty=True), _instant("at"),
        _listed(name, "perspective", "customers", "employees", "partners", "suppliers"), *_of(name),
        _once(name, "improvement_id", "perspective"), _key(name),
    )  # fmt: skip


def _tree() -> None:
    name = "ctq_node"
    op.create_table(
        name, _id(), _ref("improvement_id"), _ref("parent_id", empty=True), _text("kind", 6), _text("words", 300),
        _text("measure", 120, default=""), _number("lower"), _number("upper"),
        _listed(name, "kind", "need", "driver", "ctq"),
        _refers(name, "improvement_id", "improvement", gone="CASCADE"),
        _refers(name, "parent_id", "ctq_node", gone="CASCADE"), _key(name),
    )  # fmt: skip
    for column in ("improvement_id", "parent_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _talks() -> None:
    name = "customer_talk"
    op.create_table(
        name, _id(), _ref("improvement_id", empty=True), _ref("theme_id", empty=True),
        _ref("customer_id", empty=True), _ref("instance_id", empty=True), _text("kind", 6), _text("why"),
        _ref("asked_by", empty=True), _instant("asked_at"), _text("status", 12), _text("note", default=""),
        _ref("done_by", empty=True), _instant("done_at", empty=True),
        sa.CheckConstraint("(improvement_id IS NULL) <> (theme_id IS NULL)", name=op.f(f"ck_{name}_about")),
        _listed(name, "kind", "call", "meet"), _listed(name, "status", "open", "talked", "not_reached", "ended"),
        *_of(name, person="asked_by"), _refers(name, "done_by", "user_account"),
        _refers(name, "theme_id", "theme", gone="CASCADE"), _refers(name, "customer_id", "customer", gone="SET NULL"),
        _refers(name, "instance_id", "process_instance", gone="SET NULL"), _once(name, "instance_id"), _key(name),
    )  # fmt: skip
    for column in ("improvement_id", "theme_id", "customer_id", "done_at"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _told() -> None:
    name = "improvement_telling"
    op.create_table(
        name, _id(), _ref("improvement_id"), _text("text"), _ref("author_id"), _instant("at"),
        *_of(name, person="author_id"), _key(name),
    )  # fmt: skip
    op.create_index(f"ix_{name}_improvement_id", name, ["improvement_id"])
    name = "improvement_told"
    op.create_table(
        name, _id(), _ref("telling_id"), _ref("item_id"), _ref("customer_id", empty=True), _text("status", 10),
        _text("why", 400, default=""), _ref("reply_id", empty=True), _instant("at", empty=True),
        _listed(name, "status", "waiting", "told", "held_back"),
        _refers(name, "telling_id", "improvement_telling", gone="CASCADE"),
        _refers(name, "item_id", "feedback_item", gone="CASCADE"),
        _refers(name, "customer_id", "customer", gone="SET NULL"), _refers(name, "reply_id", "reply", gone="SET NULL"),
        _once(name, "telling_id", "item_id"), _key(name),
    )  # fmt: skip
    op.create_index(f"ix_{name}_status", name, ["status", "id"])
    for column in ("item_id", "customer_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])
    name = "theme_told"
    op.create_table(
        name, _id(), _ref("theme_id"), _text("kind", 10), _text("ref", 1000), _ref("user_id", empty=True),
        _instant("at"), _listed(name, "kind", "board", "reply", "incident", "elsewhere"),
        _refers(name, "theme_id", "theme", gone="CASCADE"), _refers(name, "user_id", "user_account"), _key(name),
    )  # fmt: skip
    op.create_index(f"ix_{name}_theme_id", name, ["theme_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
