"""Which case a piece of a bulk act made, so that it can be opened, and ended again.

Revision: 0057, after 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("batch_item") as table:
        table.add_column(sa.Column("made_id", NUMBER, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("batch_item") as table:
        table.drop_column("made_id")
