"""Incidents: what many report at once, who is linked to it, what they are told, and how it was responded to.

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDER_WAY = sa.text("status IN ('possible', 'proposed', 'acknowledged', 'watching')")
WAITING = sa.text("status = 'waiting'")


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=16)


def upgrade() -> None:
    _incident()
    _updates()
    _links()
    op.add_column("feedback_item", sa.Column("incident_id", NUMBER, nullable=True))


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("theme", sa.String(300), nullable=False),
        sa.Column(
            "status",
            _one_of("status", "possible", "proposed", "acknowledged", "watching", "resolved", "dismissed"),
            nullable=False,
        ),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("noticed_at", INSTANT, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("acknowledged_by", NUMBER, nullable=True),
        sa.Column("watching_at", INSTANT, nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("ended_by", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("observed", sa.Integer(), nullable=True),
        sa.Column("calmer_at", INSTANT, nullable=True),
        sa.Column("calmer_because", sa.String(300), nullable=False),
        sa.Column("next_update_at", INSTANT, nullable=True),
        sa.Column("due_told_at", INSTANT, nullable=True),
        sa.Column("opened_by", NUMBER, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["user_account.id"], name=op.f("fk_incident_acknowledged_by_user_account")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["user_account.id"], name=op.f("fk_incident_ended_by_user_account")),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_incident_opened_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_under_way", "incident", ["theme"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    op.create_table(
        "incident_entry",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_entry_incident_id_incident")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_incident_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entry")),
    )
    op.create_index("ix_incident_entry_incident", "incident_entry", ["incident_id", "at"])
    op.create_table(
        "incident_grade",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", NUMBER, nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(400), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 4", name=op.f("ck_incident_grade_points")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_grade_incident_id_incident")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_incident_grade_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_grade")),
    )
    op.create_index(op.f("ix_incident_grade_incident_id"), "incident_grade", ["incident_id"])


def _updates() -> None:
    op.create_table(
        "incident_update",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", NUMBER, nullable=False),
        sa.Column("kind", _one_of("kind", "acknowledgement", "update", "all_clear"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_user_id", NUMBER, nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("posted_url", sa.String(1000), nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_incident_update_text")),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["user_account.id"], name=op.f("fk_incident_update_author_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_update_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_update")),
    )
    op.create_index(op.f("ix_incident_update_incident_id"), "incident_update", ["incident_id"])


def _links() -> None:
    op.create_table(
        "incident_item",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("added_by", NUMBER, nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("removed_by", NUMBER, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_incident_item_added_by_user_account")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_item_incident_id_incident")),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_incident_item_item_id_feedback_item")),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["user_account.id"], name=op.f("fk_incident_item_removed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_item")),
        sa.UniqueConstraint("incident_id", "item_id", name=op.f("uq_incident_item_incident_id_item_id")),
    )
    op.create_index("ix_incident_item_item_id", "incident_item", ["item_id", "removed_at"])
    op.create_table(
        "incident_workaround",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", _one_of("status", "told", "verified", "refused"), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("decided_by", NUMBER, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("credited_name", sa.String(200), nullable=False),
        sa.Column("consent_id", NUMBER, nullable=True),
        sa.Column("shared_in", NUMBER, nullable=True),
        sa.Column("added_by", NUMBER, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["user_account.id"], name=op.f("fk_incident_workaround_added_by_user_account")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_incident_workaround_consent_id_consent")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_incident_workaround_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_workaround_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["feedback_item.id"], name=op.f("fk_incident_workaround_item_id_feedback_item")
        ),
        sa.ForeignKeyConstraint(
            ["shared_in"], ["incident_update.id"], name=op.f("fk_incident_workaround_shared_in_incident_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_workaround")),
    )
    op.create_index(op.f("ix_incident_workaround_incident_id"), "incident_workaround", ["incident_id"])
    op.create_table(
        "incident_told",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("update_id", NUMBER, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("status", _one_of("status", "waiting", "told", "held_back"), nullable=False),
        sa.Column("reply_id", NUMBER, nullable=True),
        sa.Column("why", sa.String(400), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["feedback_item.id"], name=op.f("fk_incident_told_item_id_feedback_item")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_incident_told_reply_id_reply")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["incident_update.id"], name=op.f("fk_incident_told_update_id_incident_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_told")),
        sa.UniqueConstraint("update_id", "person", name=op.f("uq_incident_told_update_id_person")),
    )
    op.create_index("ix_incident_told_waiting", "incident_told", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_column("feedback_item", "incident_id")
    for table in (
        "incident_told", "incident_workaround", "incident_item", "incident_update", "incident_grade",
        "incident_entry", "incident",
    ):  # fmt: skip
        op.drop_table(table)
