"""Alarms (baselines, looks, alarms and their causes), perception studies,
and notices with a hold-out.

Revision: 0053, after 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
TABLES = (
    "notice_customer",
    "proactive_notice",
    "perception_ranking",
    "perception_study",
    "alarm_cause",
    "alarm",
    "alarm_look",
    "chart_baseline",
)


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _one_of(table: str, column: str, words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def upgrade() -> None:
    name = "chart_baseline"
    op.create_table(
        name, _id(), sa.Column("series", sa.String(600), nullable=False), sa.Column("since", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False), sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False), sa.Column("name", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("points", JSON, nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=True), sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False), _one_of(name, "origin", "first version decision"),
        _refers(name, "user_id", "user_account"),
        sa.UniqueConstraint("series", "since", name=op.f(f"uq_{name}_series_since")), _key(name),
    )  # fmt: skip
    name = "alarm_look"
    op.create_table(
        name, _id(), sa.Column("day", sa.Date(), nullable=False), sa.Column("at", INSTANT, nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False), sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("alarms", sa.Integer(), nullable=False), sa.Column("expected_false", sa.Double(), nullable=False),
        sa.Column("budget", sa.Double(), nullable=False), sa.Column("threats", JSON, nullable=False),
        sa.UniqueConstraint("day", name=op.f(f"uq_{name}_day")), _key(name),
    )  # fmt: skip
    _alarm()
    _perception()
    _hold_outs()
    name = "alarm_cause"
    op.create_table(
        name, _id(), sa.Column("alarm_id", NUMBER, nullable=False), sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=False), sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=True), sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("chosen_at", INSTANT, nullable=False),
        _one_of(name, "kind", "version incident source holiday trigger other"),
        _refers(name, "alarm_id", "alarm", gone="CASCADE"), _refers(name, "user_id", "user_account"),
        sa.UniqueConstraint("alarm_id", "kind", "key", name=op.f(f"uq_{name}_alarm_id_kind_key")), _key(name),
    )  # fmt: skip


def _perception() -> None:
    name = "perception_study"
    op.create_table(
        name, _id(), sa.Column("title", sa.String(200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("items", JSON, nullable=False), sa.Column("salt", sa.String(40), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True), sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True), _refers(name, "created_by", "user_account"), _key(name),
    )  # fmt: skip
    name = "perception_ranking"
    op.create_table(
        name, _id(), sa.Column("study_id", NUMBER, nullable=False), sa.Column("round", sa.String(40), nullable=False),
        sa.Column("side", sa.String(10), nullable=False), sa.Column("person_hash", sa.String(64), nullable=False),
        sa.Column("places", JSON, nullable=False), sa.Column("via", sa.String(10), nullable=False),
        sa.Column("at", INSTANT, nullable=False), _one_of(name, "side", "staff customers"),
        _one_of(name, "via", "answered entered imported"),
        _refers(name, "study_id", "perception_study", gone="CASCADE"),
        sa.UniqueConstraint("study_id", "round", "person_hash", name=op.f(f"uq_{name}_study_id_round_person_hash")),
        _key(name),
    )  # fmt: skip


def _hold_outs() -> None:
    name = "proactive_notice"
    op.create_table(
        name, _id(), sa.Column("title", sa.String(200), nullable=False), sa.Column("text", sa.Text(), nullable=False),
        sa.Column("theme_id", NUMBER, nullable=True), sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("share", sa.Double(), nullable=False), sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(40), nullable=False), sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False), sa.Column("sent_at", INSTANT, nullable=True),
        _refers(name, "theme_id", "theme", gone="SET NULL"), _refers(name, "author_id", "user_account"), _key(name),
    )  # fmt: skip
    op.create_index("ix_proactive_notice_theme_id", name, ["theme_id"])
    name = "notice_customer"
    op.create_table(
        name, _id(), sa.Column("notice_id", NUMBER, nullable=False), sa.Column("customer_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False), sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("stayed", sa.Text(), nullable=False),
        _refers(name, "notice_id", "proactive_notice", gone="CASCADE"),
        _refers(name, "customer_id", "customer", gone="CASCADE"),
        _refers(name, "item_id", "feedback_item", gone="CASCADE"),
        sa.UniqueConstraint("notice_id", "customer_id", name=op.f(f"uq_{name}_notice_id_customer_id")), _key(name),
    )  # fmt: skip
    op.create_index("ix_notice_customer_customer_id", name, ["customer_id"])


def _alarm() -> None:
    name = "alarm"
    op.create_table(
        name, _id(), sa.Column("series", sa.String(600), nullable=False),
        sa.Column("measure", sa.String(12), nullable=False),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column("theme_id", NUMBER, nullable=True), sa.Column("title", sa.String(300), nullable=False),
        sa.Column("worse", sa.Boolean(), nullable=False), sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False), sa.Column("calm_day", sa.Date(), nullable=True),
        sa.Column("p", sa.Double(), nullable=False), sa.Column("says", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False), sa.Column("alarmed", sa.Integer(), nullable=False),
        sa.Column("expected_false", sa.Double(), nullable=False), sa.Column("status", sa.String(12), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=True), sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("status_at", INSTANT, nullable=True), sa.Column("status_by", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("improvement_id", NUMBER, nullable=True),
        _one_of(name, "measure", "negative complaints waiting theme"),
        _one_of(name, "status", "raised acknowledged explained closed"),
        _refers(name, "theme_id", "theme", gone="SET NULL"), _refers(name, "owner_id", "user_account"),
        _refers(name, "status_by", "user_account"), _refers(name, "improvement_id", "improvement", gone="SET NULL"),
        _key(name),
    )  # fmt: skip
    op.create_index("ix_alarm_series", name, ["series", "calm_day"])
    op.create_index("ix_alarm_status", name, ["status", "id"])
    op.create_index("ix_alarm_theme_id", name, ["theme_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
