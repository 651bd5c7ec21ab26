"""Identities that a team's mails to customers come from.

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail_sender",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name_pattern", sa.String(120), nullable=False),
        sa.Column("reply_to", sa.String(254), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("tls", sa.String(8), nullable=False),
        sa.Column("user", sa.String(320), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["user_group.id"], name=op.f("fk_mail_sender_group_id_user_group"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_sender")),
        sa.UniqueConstraint("address", name=op.f("uq_mail_sender_address")),
    )
    op.create_index("ix_mail_sender_group_id", "mail_sender", ["group_id"])


def downgrade() -> None:
    op.execute("DELETE FROM secret WHERE owner_kind = 'mail_sender'")
    op.drop_table("mail_sender")
