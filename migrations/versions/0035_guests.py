"""What colleagues say to each other about a conversation, guests among them.

Revision: 0035, after 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "conversation_note",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_conversation_note_text")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_note_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_conversation_note_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_note")),
    )
    op.create_index("ix_conversation_note_conversation_id", "conversation_note", ["conversation_id"])


def downgrade() -> None:
    """The guests' rights go, too: the release before knows no such role."""
    op.execute("DELETE FROM access_grant WHERE role = 'guest'")
    op.drop_table("conversation_note")
