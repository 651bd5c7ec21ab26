"""Connections that are polled for what customers say, and forms that stand on web sites.

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "connector",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("cursor", JSON, nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("last_polled_at", INSTANT, nullable=True),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_connector_created_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector")),
        sa.UniqueConstraint("name", name=op.f("uq_connector_name")),
    )
    _forms()
    op.create_index("ix_feedback_item_source", "feedback_item", ["source", "placed_at"])
    op.create_index("ix_connector_next_at", "connector", ["paused", "next_at"])


def _forms() -> None:
    op.create_table(
        "web_form",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("question", sa.String(400), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sites", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_form")),
        sa.UniqueConstraint("key", name=op.f("uq_web_form_key")),
        sa.UniqueConstraint("name", name=op.f("uq_web_form_name")),
    )
    op.create_table(
        "held_answer",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("form_id", NUMBER, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("why", sa.String(400), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["web_form.id"], name=op.f("fk_held_answer_form_id_web_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_answer")),
    )
    op.create_index("ix_held_answer_form_id", "held_answer", ["form_id"])


def downgrade() -> None:
    op.drop_table("held_answer")
    op.drop_table("web_form")
    op.execute("DELETE FROM secret WHERE owner_kind = 'connector'")
    op.drop_index("ix_feedback_item_source", "feedback_item")
    op.drop_index("ix_connector_next_at", "connector")
    op.drop_table("connector")
