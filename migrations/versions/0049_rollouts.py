"""Two versions of a process live at once: rollouts, the arm of each case, what was done; versions may be on trial.

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
IS_OPEN = "status IN ('running', 'paused', 'over')"
BEFORE, AFTER = ("draft", "live", "retired"), ("draft", "live", "retired", "trial")
VERBS = (
    "started", "paused", "resumed", "step_asked", "step_approved", "step_refused", "rule_met", "stopped",
    "decision_asked", "decision_refused", "went_live", "withdrawn",
)  # fmt: skip


def _one_of(name: str, length: int, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=length)


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, to: str, *, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], ondelete=gone, name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    _allow(BEFORE, AFTER)
    _rollouts()
    name = "rollout_case"
    op.create_table(
        name, _id(), sa.Column("rollout_id", NUMBER, nullable=False), sa.Column("instance_id", NUMBER, nullable=False),
        sa.Column("arm", _one_of("arm", 10, "control", "candidate"), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False), sa.Column("customer_id", NUMBER, nullable=True),
        sa.Column("step", sa.Integer(), nullable=False), sa.Column("group_name", sa.String(200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _refers(name, "rollout_id", "rollout", gone="CASCADE"),
        _refers(name, "instance_id", "process_instance", gone="CASCADE"),
        _refers(name, "customer_id", "customer", gone="SET NULL"), _key(name),
        sa.UniqueConstraint("instance_id", name=op.f(f"uq_{name}_instance_id")),
    )  # fmt: skip
    op.create_index("ix_rollout_case_rollout_id", name, ["rollout_id", "arm", "at"])
    op.create_index(op.f("ix_rollout_case_customer_id"), name, ["customer_id"])
    name = "rollout_act"
    op.create_table(
        name, _id(), sa.Column("rollout_id", NUMBER, nullable=False),
        sa.Column("verb", _one_of("verb", 20, *VERBS), nullable=False), sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True), sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False), _refers(name, "rollout_id", "rollout", gone="CASCADE"),
        _refers(name, "user_id", "user_account"), _key(name),
    )  # fmt: skip
    op.create_index(op.f("ix_rollout_act_rollout_id"), name, ["rollout_id"])


def _rollouts() -> None:
    name = "rollout"
    op.create_table(
        name, _id(), sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("control_version_id", NUMBER, nullable=False),
        sa.Column("candidate_version_id", NUMBER, nullable=False),
        sa.Column("way", _one_of("way", 10, "share", "staged", "switchback", "everybody"), nullable=False),
        sa.Column("unit", _one_of("unit", 10, "case", "customer", "team", "group", "day"), nullable=False),
        sa.Column("variable", sa.String(200), nullable=False), sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False), sa.Column("steps", JSON, nullable=False),
        sa.Column("stages", JSON, nullable=False), sa.Column("from_at", INSTANT, nullable=True),
        sa.Column("stop_after", sa.Integer(), nullable=True), sa.Column("stop_at", INSTANT, nullable=True),
        sa.Column("cool_off_hours", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _one_of("status", 16, "running", "paused", "over", "stopped", "withdrawn", "went_live"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("asked", sa.String(10), nullable=False),
        sa.Column("asked_by", NUMBER, nullable=True), sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("asked_reason", sa.Text(), nullable=False),
        sa.Column("rest", _one_of("rest", 10, "finish", "move"), nullable=False),
        sa.Column("stepped_at", INSTANT, nullable=False), sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("started_at", INSTANT, nullable=False), sa.Column("ended_at", INSTANT, nullable=True),
        _refers(name, "control_version_id", "process_version"),
        _refers(name, "candidate_version_id", "process_version"), _refers(name, "asked_by", "user_account"),
        _refers(name, "created_by", "user_account"), _key(name),
    )  # fmt: skip
    op.create_index(
        "ix_rollout_open", name, ["definition_key"],
        unique=True, sqlite_where=sa.text(IS_OPEN), postgresql_where=sa.text(IS_OPEN),
    )  # fmt: skip
    op.create_index("ix_rollout_definition_key", name, ["definition_key", "id"])
    op.create_index(op.f("ix_rollout_candidate_version_id"), name, ["candidate_version_id"])


def downgrade() -> None:
    op.execute("UPDATE process_version SET status = 'retired' WHERE status = 'trial'")
    for table in ("rollout_act", "rollout_case", "rollout"):
        op.drop_table(table)
    _allow(AFTER, BEFORE)


def _allow(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Change the closed list of a version's status; on SQLite in the text of the table, so that no row is copied."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_process_version_status"), "process_version", type_="check")
        op.create_check_constraint(op.f("ck_process_version_status"), "process_version", _listed(new))
        return
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = 'process_version'"),
        {"old": f"CHECK ({_listed(old)})", "new": f"CHECK ({_listed(new)})"},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _listed(words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"status IN ({listed})"
