"""Playbooks with their uses; who learns under a mentor, and what waits for a mentor's word.

Revision: 0059, after 0058
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _ref(table: str, column: str, to: str, gone: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=gone)


def _id() -> sa.Column[int]:
    return sa.Column("id", NUMBER, autoincrement=True, nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _playbooks() -> None:
    op.create_table(
        "playbook",
        _id(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("tone", sa.String(10), nullable=False),
        sa.Column("owner_user_id", NUMBER, nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.CheckConstraint("tone IN ('', 'negative', 'neutral', 'positive')", name=op.f("ck_playbook_tone")),
        _ref("playbook", "owner_user_id", "user_account"),
        sa.UniqueConstraint("name", name=op.f("uq_playbook_name")),
        _key("playbook"),
    )
    op.create_table(
        "playbook_version",
        _id(),
        sa.Column("playbook_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _ref("playbook_version", "playbook_id", "playbook", "CASCADE"),
        _ref("playbook_version", "by_id", "user_account"),
        sa.UniqueConstraint("playbook_id", "number", name=op.f("uq_playbook_version_playbook_id_number")),
        _key("playbook_version"),
    )
    op.create_table(
        "playbook_use",
        _id(),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        _ref("playbook_use", "version_id", "playbook_version", "CASCADE"),
        _ref("playbook_use", "item_id", "feedback_item", "CASCADE"),
        _ref("playbook_use", "user_id", "user_account"),
        sa.UniqueConstraint("item_id", "version_id", name=op.f("uq_playbook_use_item_id_version_id")),
        _key("playbook_use"),
    )
    op.create_index(op.f("ix_playbook_use_version_id"), "playbook_use", ["version_id"])
    op.create_table(
        "playbook_step",
        _id(),
        sa.Column("use_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('done', 'skipped')", name=op.f("ck_playbook_step_state")),
        sa.CheckConstraint("state <> 'skipped' OR length(why) > 0", name=op.f("ck_playbook_step_why")),
        _ref("playbook_step", "use_id", "playbook_use", "CASCADE"),
        _ref("playbook_step", "user_id", "user_account"),
        sa.UniqueConstraint("use_id", "number", name=op.f("uq_playbook_step_use_id_number")),
        _key("playbook_step"),
    )


def _mentors() -> None:
    op.create_table(
        "mentoring",
        _id(),
        sa.Column("learner_id", NUMBER, nullable=False),
        sa.Column("mentor_id", NUMBER, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("begun_by", NUMBER, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("learner_id <> mentor_id", name=op.f("ck_mentoring_other")),
        sa.CheckConstraint("ended_at IS NULL OR length(reason) > 0", name=op.f("ck_mentoring_reason")),
        *(_ref("mentoring", name, "user_account") for name in ("learner_id", "mentor_id", "begun_by", "ended_by")),
        _key("mentoring"),
    )
    op.create_index(op.f("ix_mentoring_mentor_id"), "mentoring", ["mentor_id"])
    _partial("uq_mentoring_current", "mentoring", ["learner_id"], "ended_at IS NULL")
    op.create_table(
        "reply_proposal",
        _id(),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("author_user_id", NUMBER, nullable=False),
        sa.Column("mentor_id", NUMBER, nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=True),
        sa.Column("message_id", NUMBER, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'returned', 'withdrawn')", name=op.f("ck_reply_proposal_state")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_reply_proposal_text")),
        _ref("reply_proposal", "item_id", "feedback_item", "CASCADE"),
        *(_ref("reply_proposal", name, "user_account") for name in ("author_user_id", "mentor_id", "decided_by")),
        _ref("reply_proposal", "message_id", "outbound_message", "SET NULL"),
        _key("reply_proposal"),
    )
    op.create_index("ix_reply_proposal_author", "reply_proposal", ["author_user_id", "id"])
    op.create_index("ix_reply_proposal_state", "reply_proposal", ["state", "id"])
    _partial("uq_reply_proposal_waiting", "reply_proposal", ["item_id", "author_user_id"], "state = 'waiting'")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )  # fmt: skip


def upgrade() -> None:
    _playbooks()
    _mentors()
    op.add_column("outbound_message", sa.Column("approved_by", NUMBER, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbound_message") as table:
        table.drop_column("approved_by")
    for name in ("reply_proposal", "mentoring", "playbook_step", "playbook_use", "playbook_version", "playbook"):
        op.drop_table(name)
