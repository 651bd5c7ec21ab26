"""People administered: sessions on the server, links, second factors, own roles, grants, aliases of groups, skills.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def _of_account() -> tuple[sa.Column, ...]:
    """The new columns of people; a column belongs to one table, so they are made anew for each use."""
    return (
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("language", sa.String(length=16), nullable=False, server_default=""),
        sa.Column("theme", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("start_page", sa.String(length=60), nullable=False, server_default=""),
        sa.Column("totp_since", INSTANT, nullable=True),
        sa.Column("totp_step", ID, nullable=False, server_default="0"),
    )


TABLES = (
    "group_alias",
    "own_role",
    "access_grant",
    "person_skill",
    "user_session",
    "one_time_link",
    "recovery_code",
    "external_account",
)


def upgrade() -> None:
    for column in _of_account():
        op.add_column("user_account", column)
    # A unique index, not a constraint: SQLite takes a constraint into a table only by making the table anew.
    op.create_index("ix_user_account_email", "user_account", ["email"], unique=True)
    _roles_and_grants()
    _ways_in()


def _owner(table: str, name: str, *, nullable: bool = False, other: str = "user_account", gone: str = "CASCADE"):
    """A column that points at a person or a group."""
    key = sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{name}_{other}"), ondelete=gone)
    return sa.Column(name, ID, key, nullable=nullable)


def _roles_and_grants() -> None:
    op.create_table(
        "group_alias",
        sa.Column("name", sa.String(length=80), nullable=False),
        _owner("group_alias", "group_id", other="user_group"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_group_alias")),
    )
    op.create_index("ix_group_alias_group_id", "group_alias", ["group_id"])
    op.create_table(
        "own_role",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("permissions", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_own_role")),
    )
    op.create_table(
        "access_grant",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        _owner("access_grant", "user_id", nullable=True),
        _owner("access_grant", "group_id", nullable=True, other="user_group"),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("scope_kind", sa.String(length=16), nullable=False),
        sa.Column("scope_key", sa.String(length=200), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        _owner("access_grant", "granted_by", nullable=True, gone="SET NULL"),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_access_grant_one_holder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    op.create_index("ix_access_grant_user_id", "access_grant", ["user_id"])
    op.create_index("ix_access_grant_group_id", "access_grant", ["group_id"])
    op.create_index("ix_access_grant_scope", "access_grant", ["scope_kind", "scope_key"])
    op.create_table(
        "person_skill",
        _owner("person_skill", "user_id"),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", "name", name=op.f("pk_person_skill")),
    )


def _ways_in() -> None:
    op.create_table(
        "user_session",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _owner("user_session", "user_id"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("second_factor", sa.String(length=16), nullable=False),
        sa.Column("proven_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])
    op.create_index("ix_user_session_created_at", "user_session", ["created_at"])
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _owner("one_time_link", "user_id"),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_link")),
    )
    op.create_index("ix_one_time_link_user_id", "one_time_link", ["user_id"])
    op.create_index("ix_one_time_link_expires_at", "one_time_link", ["expires_at"])
    op.create_table(
        "recovery_code",
        _owner("recovery_code", "user_id"),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "external_account",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        _owner("external_account", "user_id"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_external_account")),
    )
    op.create_index("ix_external_account_user_id", "external_account", ["user_id"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_index("ix_user_account_email", "user_account")
    for column in reversed(_of_account()):
        op.drop_column("user_account", column.name)
