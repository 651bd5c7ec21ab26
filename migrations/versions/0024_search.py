"""The search: which documents the index holds, how far it was filled, and where their words are searched.

SQLite: the virtual table `search_words` (FTS5) beside the documents; its rows carry folded words alone, `=` and `_`
belong to words so that a label stays one. PostgreSQL: the column `words` (tsvector) under a GIN index.

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("object_id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "object_id", name=op.f("uq_search_document_kind_object_id")),
    )
    op.create_table(
        "search_filled",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("up_to", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_search_filled")),
    )
    op.create_table(
        "search_waiting",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("object_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_waiting")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(title, who, body, kept_back, marks,"
            " tokenize = \"unicode61 remove_diacritics 0 tokenchars '=_'\")"
        )
        return
    op.execute("ALTER TABLE search_document ADD COLUMN words tsvector")
    op.execute("CREATE INDEX ix_search_document_words ON search_document USING gin (words)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("search_waiting")
    op.drop_table("search_filled")
    op.drop_table("search_document")
