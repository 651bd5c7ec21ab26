"""The audit trail, which the database itself refuses to change, and wishes to keep less, which wait.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_audit_entry_actor": ["actor_id", "id"],
    "ix_audit_entry_verb": ["verb", "id"],
    "ix_audit_entry_object": ["object_type", "object_id", "id"],
    "ix_audit_entry_about": ["about"],
    "ix_audit_entry_at": ["at"],
}
NEVER = (("audit_waiting", "UPDATE"), ("audit_entry", "UPDATE"), ("audit_entry", "DELETE"), ("audit_value", "UPDATE"))
"""(table, operation) that is refused in every case; the DELETE of a waiting row only until it is linked."""
LINKED = "EXISTS (SELECT 1 FROM audit_entry WHERE audit_entry.id = OLD.id)"
SAID = "the audit trail is append-only"


def upgrade() -> None:
    op.create_table(
        "audit_waiting",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        *_head(),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_waiting")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_waiting_about", "audit_waiting", ["about"])
    op.create_table(
        "audit_entry",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        *_head(),
        sa.Column("position", KEY, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_entry_position")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "audit_entry", columns)
    op.create_table(
        "audit_value",
        sa.Column("entry_id", KEY, autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_value")),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_value_entry_id_audit_entry")),
    )
    op.create_table(
        "audit_mark",
        sa.Column("position", KEY, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_mark")),
    )
    _make_retention_change()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def downgrade() -> None:
    for table in ("retention_change", "audit_mark", "audit_value", "audit_entry", "audit_waiting"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
        op.execute("DROP FUNCTION audit_refuse_unlinked()")


def _make_retention_change() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "retention_change",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version_id", KEY, nullable=False),
        sa.Column("from_days", sa.Integer(), nullable=True),
        sa.Column("to_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("loss", json, nullable=False),
        sa.Column("asked_by", KEY, nullable=True),
        sa.Column("asked_by_name", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(200), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_change")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_retention_change_version_id_process_version")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_retention_change_asked_by_user_account")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'applied', 'stopped', 'replaced')", name=op.f("ck_retention_change_status")
        ),
    )
    op.create_index("ix_retention_change_status_due_at", "retention_change", ["status", "due_at"])
    op.create_index("ix_retention_change_version_id", "retention_change", ["version_id"])


def _head() -> list[sa.Column]:
    return [
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("verb", sa.String(80), nullable=False),
        sa.Column("object_type", sa.String(40), nullable=False),
        sa.Column("object_id", sa.String(200), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    ]


def _guard_sqlite() -> None:
    for table, operation in NEVER:
        op.execute(
            f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
    op.execute(
        f"CREATE TRIGGER audit_waiting_no_delete BEFORE DELETE ON audit_waiting WHEN NOT {LINKED} "
        f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION audit_refuse_unlinked() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {LINKED} THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table, operation in NEVER:
        op.execute(
            f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
    op.execute(
        "CREATE TRIGGER audit_waiting_no_delete BEFORE DELETE ON audit_waiting "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse_unlinked()"
    )
    for table in ("audit_waiting", "audit_entry", "audit_value"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
