"""Promises to customers who were erased are erased, too: nobody is left to keep them to.

Revision: 0068, after 0067
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

BEFORE = ("open", "kept", "broken", "withdrawn")
AFTER = (*BEFORE, "erased")

TO_THE_ERASED = """
    UPDATE promise SET status = 'erased', alert_at = NULL
    WHERE status IN ('open', 'broken') AND (
        customer_id IN (SELECT id FROM customer WHERE erased_at IS NOT NULL)
        OR item_id IN (SELECT id FROM feedback_item WHERE erased_at IS NOT NULL)
    )
"""


def upgrade() -> None:
    _allow(BEFORE, AFTER)
    op.execute(TO_THE_ERASED)


def downgrade() -> None:
    op.execute("UPDATE promise SET status = 'withdrawn' WHERE status = 'erased'")
    _allow(AFTER, BEFORE)


def _allow(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Change the closed list of a promise's status; on SQLite in the text of the table, so that no row is copied."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_promise_status"), "promise", type_="check")
        op.create_check_constraint(op.f("ck_promise_status"), "promise", _listed(new))
        return
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = 'promise'"),
        {"old": f"CHECK ({_listed(old)})", "new": f"CHECK ({_listed(new)})"},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _listed(words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"status IN ({listed})"
