"""Owners of processes, roles at activities, goals of several functions, and customers' own processes.

Revision: 0052, after 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _id() -> sa.Column:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=16)


def _to(table: str, column: str, other: str = "user_account", **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **more)


def upgrade() -> None:
    op.add_column("process_definition", sa.Column("connectors", JSON, nullable=True))
    _owned()
    _own_ways()


def _owned() -> None:
    op.create_table(
        "process_owner",
        _id(),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("kind", _one_of("kind", "function", "voice"), nullable=False),
        sa.Column("function", sa.String(80), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("named_by", NUMBER, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to("process_owner", "user_id"),
        _to("process_owner", "named_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_owner")),
    )
    op.create_index("ix_process_owner_definition_key_ended_at", "process_owner", ["definition_key", "ended_at"])
    op.create_index(op.f("ix_process_owner_user_id"), "process_owner", ["user_id"])
    op.create_table(
        "activity_role",
        _id(),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column("function", sa.String(80), nullable=False),
        sa.Column("letters", sa.String(4), nullable=False),
        sa.Column("given_by", NUMBER, nullable=True),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("carried_from", NUMBER, nullable=True),
        _to("activity_role", "version_id", "process_version"),
        _to("activity_role", "given_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_role")),
        sa.UniqueConstraint(
            "version_id", "element", "function", name=op.f("uq_activity_role_version_id_element_function")
        ),
    )
    op.create_table(
        "goal",
        _id(),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("measure", sa.String(60), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("status", _one_of("status", "open", "reached", "dropped"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to("goal", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(op.f("ix_goal_definition_key"), "goal", ["definition_key"])
    op.create_table(
        "goal_owner",
        sa.Column("goal_id", NUMBER, nullable=False),
        sa.Column("function", sa.String(80), nullable=False),
        _to("goal_owner", "goal_id", "goal", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("goal_id", "function", name=op.f("pk_goal_owner")),
    )


def _own_ways() -> None:
    op.create_table(
        "mandatory_step",
        _id(),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("marked_by", NUMBER, nullable=True),
        sa.Column("marked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to("mandatory_step", "marked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandatory_step")),
    )
    op.create_index(op.f("ix_mandatory_step_definition_key"), "mandatory_step", ["definition_key"])
    op.create_table(
        "own_way",
        _id(),
        sa.Column("definition_key", sa.String(200), nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("customer_id", NUMBER, nullable=False),
        sa.Column("source", _one_of("source", "typed", "csv", "bpmn", "portal"), nullable=False),
        sa.Column("status", _one_of("status", "handed_in", "accepted", "declined"), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("handed_in_by", NUMBER, nullable=True),
        sa.Column("handed_in_at", INSTANT, nullable=False),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _to("own_way", "version_id", "process_version"),
        _to("own_way", "handed_in_by"),
        _to("own_way", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_way")),
    )
    op.create_index("ix_own_way_definition_key_status", "own_way", ["definition_key", "status"])
    op.create_index(op.f("ix_own_way_customer_id"), "own_way", ["customer_id"])
    op.create_table(
        "own_way_step",
        _id(),
        sa.Column("instance_id", NUMBER, nullable=False),
        sa.Column("own_way_id", NUMBER, nullable=False),
        sa.Column("element", sa.String(300), nullable=False),
        sa.Column("kind", _one_of("kind", "left_out", "kept", "added", "earlier"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("task_case_id", NUMBER, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        _to("own_way_step", "instance_id", "process_instance"),
        _to("own_way_step", "own_way_id", "own_way"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_way_step")),
    )
    op.create_index(op.f("ix_own_way_step_instance_id"), "own_way_step", ["instance_id"])
    op.create_index(op.f("ix_own_way_step_own_way_id"), "own_way_step", ["own_way_id"])


def downgrade() -> None:
    for table in ("own_way_step", "own_way", "mandatory_step", "goal_owner", "goal", "activity_role", "process_owner"):
        op.drop_table(table)
    # By itself, not by a new table: SQLite would refuse to drop the old one while versions refer to it.
    op.drop_column("process_definition", "connectors")
