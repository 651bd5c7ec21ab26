"""What people are told, how they want to be told it, and the outbox of mails.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MAIL_STATES = ("created", "sending", "sent", "delayed", "failed", "perhaps_sent")
WAYS = ("off", "screen", "digest", "mail")


def upgrade() -> None:
    _mail()
    _notices()
    _preferences()
    op.create_table(
        "notice_cue",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_cue")),
    )
    due = sa.text("status = 'open' AND due_at IS NOT NULL")
    op.create_index("ix_work_item_due", "work_item", ["due_at", "id"], sqlite_where=due, postgresql_where=due)


def _mail() -> None:
    states = sa.Enum(*MAIL_STATES, native_enum=False, create_constraint=True, name="status", length=16)
    op.create_table(
        "mail_message",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("to_address", sa.String(320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("unsubscribe_url", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("status", states, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("sending_since", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="SET NULL", name=op.f("fk_mail_message_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_message_key")),
    )
    due = sa.text("status IN ('created', 'delayed')")
    op.create_index("ix_mail_message_due", "mail_message", ["next_at", "id"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_mail_message_status", "mail_message", ["status", "id"])
    op.create_index("ix_mail_message_user_id", "mail_message", ["user_id"])


def _notices() -> None:
    op.create_table(
        "person_notice",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("about_type", sa.String(40), nullable=False),
        sa.Column("about_id", NUMBER, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("for_digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE", name=op.f("fk_person_notice_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_notice")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_person_notice_user_id_key")),
    )
    for name, columns, condition in (
        ("unread", ["user_id"], "read_at IS NULL AND done_at IS NULL"),
        ("raised", ["user_id", "raised_at", "id"], None),
        ("about", ["about_type", "about_id"], "done_at IS NULL"),
        ("digest", ["user_id", "raised_at"], "for_digest"),
        ("raised_at", ["raised_at"], None),
    ):
        where = {} if condition is None else dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text(condition))
        op.create_index(f"ix_person_notice_{name}", "person_notice", columns, **where)


def _preferences() -> None:
    ways = sa.Enum(*WAYS, native_enum=False, create_constraint=True, name="way", length=16)
    op.create_table(
        "notice_preference",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("way", ways, nullable=False),
        sa.Column("since_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE", name=op.f("fk_notice_preference_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notice_preference")),
    )
    op.create_table(
        "notice_profile",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("zone", sa.String(80), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE", name=op.f("fk_notice_profile_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_profile")),
    )


def downgrade() -> None:
    op.drop_index("ix_work_item_due", "work_item")
    for table in ("notice_cue", "notice_profile", "notice_preference", "person_notice", "mail_message"):
        op.drop_table(table)
