"""The theme over items that an entry of the public board is about.

Revision: 0066, after 0065
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("board_entry") as table:
        table.add_column(sa.Column("theme_id", NUMBER, nullable=True))
        table.create_foreign_key(
            op.f("fk_board_entry_theme_id_theme"), "theme", ["theme_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index(op.f("ix_board_entry_theme_id"), ["theme_id"])


def downgrade() -> None:
    with op.batch_alter_table("board_entry") as table:
        table.drop_index(op.f("ix_board_entry_theme_id"))
        table.drop_constraint(op.f("fk_board_entry_theme_id_theme"), type_="foreignkey")
        table.drop_column("theme_id")
