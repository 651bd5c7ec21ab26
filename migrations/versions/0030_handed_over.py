"""What is handed over is work: to whom, until when, which case does it, and what came back.

Hand-overs of before stay as they are: written down, with no work behind them.

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("noted", "open", "returned", "withdrawn")
TEXTS = (
    ("process_key", sa.String(200)),
    ("from_group", sa.String(80)),
    ("outcome", sa.String(40)),
    ("result", sa.Text()),
)
OTHERS = (
    ("to_user_id", NUMBER),
    ("due_at", INSTANT),
    ("case_id", NUMBER),
    ("ended_at", INSTANT),
    ("ended_by", NUMBER),
)


def upgrade() -> None:
    listed = ", ".join(f"'{word}'" for word in STATES)
    op.execute(
        "ALTER TABLE distribution ADD COLUMN status VARCHAR(10) DEFAULT 'noted' NOT NULL"
        f" CONSTRAINT ck_distribution_status CHECK (status IN ({listed}))"
    )
    for name, type_ in TEXTS:
        op.add_column("distribution", sa.Column(name, type_, nullable=False, server_default=""))
    for name, type_ in OTHERS:
        op.add_column("distribution", sa.Column(name, type_, nullable=True))
    only = sa.text("case_id IS NOT NULL")
    op.create_index("ix_distribution_case", "distribution", ["case_id"], sqlite_where=only, postgresql_where=only)
    op.create_index("ix_distribution_at", "distribution", ["at", "id"])
    op.create_index("ix_distribution_ended_at", "distribution", ["ended_at"])


def downgrade() -> None:
    """To whom, until when and what came back is lost."""
    op.drop_index("ix_distribution_ended_at", "distribution")
    op.drop_index("ix_distribution_at", "distribution")
    op.drop_index("ix_distribution_case", "distribution")
    for name in ("status", *(name for name, _ in (*TEXTS, *OTHERS))):
        op.drop_column("distribution", name)
