"""Verdicts: plans laid down before a change, looks at their outcomes, guards, decisions, and kinds of change.

Revision: 0050, after 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
TABLES = (
    "verdict_decision",
    "verdict_guard",
    "verdict_look",
    "verdict_amendment",
    "verdict_plan",
    "change_pattern",
)


def _must(name: str, kind: sa.types.TypeEngine, default: str | None = None) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _may(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def _one_of(name: str, *words: str) -> sa.Column:
    kind = sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=16)
    return sa.Column(name, kind, nullable=False)


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, sa.Column("id", NUMBER, autoincrement=True, nullable=False), *parts, key)


def upgrade() -> None:
    name = "change_pattern"
    _create(
        name, _must("name", sa.String(120)), _may("made_by", NUMBER), _must("made_at", INSTANT),
        _may("retired_at", INSTANT), _refers(name, "made_by", "user_account"),
        sa.UniqueConstraint("name", name=op.f(f"uq_{name}_name")),
    )  # fmt: skip
    name = "verdict_plan"
    _create(
        name, _may("improvement_id", NUMBER), _may("rollout_id", NUMBER), _must("definition_key", sa.String(200)),
        _must("element", sa.String(300), ""), _must("title", sa.String(300)), _may("pattern_id", NUMBER),
        _must("measure", sa.String(80)), _one_of("design", "randomised", "staged", "series", "before_after"),
        _one_of("direction", "lower", "higher"), _must("smallest", sa.Double()), _must("window_days", sa.Double()),
        _must("looks", sa.Integer()), _must("per_arm", sa.Integer()), _must("old_version_id", NUMBER),
        _must("new_version_id", NUMBER), _must("baseline_from", INSTANT), _must("starts_at", INSTANT),
        _must("ends_on", sa.Date()), _must("rule", JSON), _must("group_by", sa.String(200), ""),
        _must("guards", JSON, "[]"), _must("controls", JSON, "[]"), _must("picked_as_bad", sa.Boolean()),
        _must("foreseen", JSON), _must("model_version", sa.String(120), ""), _may("registered_by", NUMBER),
        _must("registered_at", INSTANT), _must("hash", sa.String(64)),
        _one_of("state", "registered", "running", "read", "decided", "withdrawn"), _must("state_at", INSTANT),
        _may("checked_at", INSTANT), _refers(name, "improvement_id", "improvement", gone="SET NULL"),
        _refers(name, "pattern_id", "change_pattern", gone="SET NULL"),
        _refers(name, "old_version_id", "process_version", gone="CASCADE"),
        _refers(name, "new_version_id", "process_version", gone="CASCADE"),
        _refers(name, "registered_by", "user_account"),
    )  # fmt: skip
    op.create_index(op.f("ix_verdict_plan_definition_key"), name, ["definition_key", "element"])
    for column in ("improvement_id", "rollout_id", "pattern_id", "state"):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
    name = "verdict_amendment"
    _create(
        name, _must("plan_id", NUMBER), _must("what", sa.String(40)), _must("before", sa.Text()),
        _must("after", sa.Text()), _must("reason", sa.Text()), _may("user_id", NUMBER), _must("at", INSTANT),
        _refers(name, "plan_id", "verdict_plan", gone="CASCADE"), _refers(name, "user_id", "user_account"),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{name}_plan_id"), name, ["plan_id"])
    name = "verdict_look"
    _create(
        name, _must("plan_id", NUMBER), _one_of("kind", "planned", "follow_up"), _must("number", sa.Integer()),
        _must("at", INSTANT), _one_of("verdict", "improved", "worse", "no difference", "not shown"),
        _must("stage", sa.String(20)), _must("sentence", sa.Text()), _may("estimate", sa.Double()),
        _may("low", sa.Double()), _may("high", sa.Double()), _may("old_level", sa.Double()),
        _must("n_old", sa.Integer()), _must("n_new", sa.Integer()), _may("power", sa.Double()),
        _must("threats", JSON), _must("facts", JSON), _must("inputs", JSON), _must("inputs_hash", sa.String(64)),
        _refers(name, "plan_id", "verdict_plan", gone="CASCADE"),
        sa.UniqueConstraint("plan_id", "kind", "number", name=op.f(f"uq_{name}_plan_id_kind_number")),
    )  # fmt: skip
    name = "verdict_guard"
    _create(
        name, _must("plan_id", NUMBER), _must("measure", sa.String(80)), _must("checked_at", INSTANT),
        _must("n_old", sa.Integer()), _must("n_new", sa.Integer()), _may("harm", sa.Double()),
        _may("at_least", sa.Double()), _may("crossed_at", INSTANT),
        _refers(name, "plan_id", "verdict_plan", gone="CASCADE"),
        sa.UniqueConstraint("plan_id", "measure", name=op.f(f"uq_{name}_plan_id_measure")),
    )  # fmt: skip
    name = "verdict_decision"
    _create(
        name, _must("plan_id", NUMBER), _one_of("choice", "keep_new", "back_to_old", "go_on"),
        _must("against_rule", sa.Boolean()), _must("reason", sa.Text()), _may("user_id", NUMBER),
        _must("at", INSTANT), _may("second_id", NUMBER), _may("second_at", INSTANT),
        _refers(name, "plan_id", "verdict_plan", gone="CASCADE"), _refers(name, "user_id", "user_account"),
        _refers(name, "second_id", "user_account"),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{name}_plan_id"), name, ["plan_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
