"""Messages that go out to customers, with their states; what only was written down counts as an answer no more.

Every reply gets the message that carries it: those that were kept wait to be said by hand, those that somebody marked
as sent were. Items and episodes are answered since the first of these, and not since something was written.

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
DUE = sa.text("state IN ('created', 'held', 'temporary_failure') AND next_at IS NOT NULL")
KINDS = "'conversation', 'receipt', 'status', 'transaction', 'decision', 'survey', 'portal_code'"
STATES = (
    "'created', 'held', 'sending', 'sent', 'delivered', 'temporary_failure', 'permanent_failure', 'technical_failure',"
    " 'perhaps_sent', 'by_hand', 'said_by_hand', 'withdrawn'"
)


def upgrade() -> None:
    _templates()
    _messages()
    _after_messages()
    _put_right()


def _templates() -> None:
    op.create_table(
        "reply_template",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("owner_user_id", NUMBER, nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("approved_by", NUMBER, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_by", NUMBER, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        _to("reply_template", "owner_user_id", "user_account"),
        _to("reply_template", "approved_by", "user_account"),
        _to("reply_template", "changed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
        sa.UniqueConstraint("name", name=op.f("uq_reply_template_name")),
    )
    op.create_table(
        "reply_in_writing",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("written", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _to("reply_in_writing", "item_id", "feedback_item", ondelete="CASCADE"),
        _to("reply_in_writing", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_in_writing")),
        sa.UniqueConstraint("item_id", "user_id", name=op.f("uq_reply_in_writing_item_id_user_id")),
    )
    op.create_index("ix_reply_in_writing_user_id", "reply_in_writing", ["user_id"])


def _messages() -> None:
    op.create_table(
        "outbound_message",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("author_user_id", NUMBER, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("item_id", NUMBER, nullable=True),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("customer_id", NUMBER, nullable=True),
        sa.Column("reply_id", NUMBER, nullable=True),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("connector_id", NUMBER, nullable=True),
        sa.Column("way", sa.String(80), nullable=False),
        sa.Column("contact_point_id", NUMBER, nullable=True),
        sa.Column("to_address", sa.String(320), nullable=False),
        sa.Column("copies", JSON, server_default="[]", nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("from_name", sa.String(200), nullable=False),
        sa.Column("from_address", sa.String(320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", JSON, server_default="[]", nullable=False),
        sa.Column("answers", JSON, server_default="{}", nullable=False),
        sa.Column("provenance", sa.String(10), nullable=False),
        sa.Column("template_id", NUMBER, nullable=True),
        sa.Column("drafted", sa.Text(), nullable=False),
        sa.Column("edit_distance", sa.Integer(), nullable=True),
        sa.Column("canned", sa.Float(), nullable=True),
        sa.Column("warned", JSON, server_default="[]", nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("held_for", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("sending_since", INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.String(400), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "kind <> 'conversation' OR (author_user_id IS NOT NULL AND approved_at IS NOT NULL)",
            name=op.f("ck_outbound_message_author"),
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_outbound_message_text")),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_outbound_message_kind")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_outbound_message_state")),
        sa.CheckConstraint("provenance IN ('typed', 'template', 'draft')", name=op.f("ck_outbound_message_provenance")),
        _to("outbound_message", "author_user_id", "user_account"),
        _to("outbound_message", "item_id", "feedback_item", ondelete="CASCADE"),
        _to("outbound_message", "conversation_id", "conversation"),
        _to("outbound_message", "customer_id", "customer"),
        _to("outbound_message", "reply_id", "reply", ondelete="SET NULL"),
        _to("outbound_message", "connector_id", "connector", ondelete="SET NULL"),
        _to("outbound_message", "contact_point_id", "contact_point", ondelete="SET NULL"),
        _to("outbound_message", "template_id", "reply_template", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbound_message_key")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_outbound_message_reply_id")),
    )
    op.create_index(
        "ix_outbound_message_due", "outbound_message", ["next_at", "id"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_index("ix_outbound_message_state", "outbound_message", ["state", "id"])
    op.create_index("ix_outbound_message_author", "outbound_message", ["author_user_id", "id"])
    for column in (
        "remote_id", "item_id", "conversation_id", "customer_id", "connector_id", "contact_point_id", "template_id",
    ):  # fmt: skip
        op.create_index(f"ix_outbound_message_{column}", "outbound_message", [column])


def _after_messages() -> None:
    op.create_table(
        "outbound_step",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("message_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_outbound_step_state")),
        _to("outbound_step", "message_id", "outbound_message", ondelete="CASCADE"),
        _to("outbound_step", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_step")),
    )
    op.create_index("ix_outbound_step_message_id", "outbound_step", ["message_id"])
    op.create_table(
        "outbound_receipt",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("connector_key", NUMBER, nullable=False),
        sa.Column("remote_id", sa.String(400), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("message_id", NUMBER, nullable=True),
        _to("outbound_receipt", "message_id", "outbound_message", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_receipt")),
        sa.UniqueConstraint(
            "connector_key",
            "remote_id",
            "state",
            "at",
            name=op.f("uq_outbound_receipt_connector_key_remote_id_state_at"),
        ),
    )
    op.create_index("ix_outbound_receipt_remote_id", "outbound_receipt", ["remote_id"])
    op.create_index("ix_outbound_receipt_message_id", "outbound_receipt", ["message_id"])


def _put_right() -> None:
    """Replies of before get their messages; what only was written down is no answer."""
    op.execute(
        "INSERT INTO outbound_message (key, kind, author_user_id, approved_at, item_id, conversation_id, customer_id,"
        " reply_id, channel, way, to_address, public, from_name, from_address, subject, text, provenance, drafted,"
        " state, held_for, attempts, last_error, remote_id, url, created_at, sent_at, ended_at)"
        " SELECT 'reply ' || reply.id, 'conversation', reply.author_user_id, reply.approved_at, reply.item_id,"
        " reply.conversation_id, feedback_item.customer_id, reply.id, reply.channel, 'by_hand', '',"
        " reply.channel IN ('social', 'review'), user_account.display_name, '', '', reply.text, 'typed', '',"
        " CASE WHEN reply.status = 'sent' THEN 'said_by_hand' ELSE 'by_hand' END, '', 0, '', '', '',"
        " reply.approved_at, reply.sent_at, reply.sent_at"
        " FROM reply JOIN feedback_item ON feedback_item.id = reply.item_id"
        " JOIN user_account ON user_account.id = reply.author_user_id"
    )
    op.execute("INSERT INTO search_waiting (kind, object_id) SELECT DISTINCT 'item', item_id FROM reply")
    op.execute(
        "UPDATE feedback_item SET answered_at = (SELECT min(reply.sent_at) FROM reply"
        " WHERE reply.item_id = feedback_item.id) WHERE id IN (SELECT item_id FROM reply)"
    )
    _set_first_answers("sent_at")


def _set_first_answers(column: str) -> None:
    op.execute(
        f"UPDATE episode SET first_answer_at = (SELECT min(reply.{column}) FROM reply JOIN feedback_item"  # noqa: S608 -- a column of ours
        " ON feedback_item.id = reply.item_id WHERE feedback_item.episode_id = episode.id)"
        " WHERE first_answer_at IS NOT NULL"
    )


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def downgrade() -> None:
    """What was said counts again from when it was written; states, receipts and templates are lost."""
    op.execute(
        "UPDATE feedback_item SET answered_at = (SELECT min(reply.approved_at) FROM reply"
        " WHERE reply.item_id = feedback_item.id) WHERE id IN (SELECT item_id FROM reply)"
    )
    op.execute(
        "UPDATE episode SET first_answer_at = (SELECT min(reply.approved_at) FROM reply JOIN feedback_item"
        " ON feedback_item.id = reply.item_id WHERE feedback_item.episode_id = episode.id)"
    )
    for table in ("outbound_receipt", "outbound_step", "outbound_message", "reply_in_writing", "reply_template"):
        op.drop_table(table)
