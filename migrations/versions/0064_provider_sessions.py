"""What the provider calls its session and the token it gave, by which people sign out there, too.

Revision: 0064, after 0063
"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

TABLE = "user_session"
INDEX = "ix_user_session_provider_session"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.add_column(sa.Column("provider_session", sa.String(255), nullable=True))
        table.add_column(sa.Column("id_token", sa.Text(), nullable=True))
        table.create_index(op.f(INDEX), ["provider_session"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.drop_index(op.f(INDEX))
        table.drop_column("id_token")
        table.drop_column("provider_session")
