"""The database holds the closed lists of the engine's states and kinds, as it holds those of the other rooms.

The lists are those that the release before writes, too. On SQLite a constraint is added to the text of the table
(https://www.sqlite.org/lang_altertable.html, section 7): no row is copied, however large the table is.

Revision: 0008, after 0007
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from bpm.foundation.errors import EarshotError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LISTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("process_version", "status"): ("draft", "live", "retired"),
    ("process_instance", "status"): ("active", "suspended", "completed", "cancelled", "failed"),
    ("activity_instance", "status"): ("open", "completed", "cancelled", "failed"),
    ("work_item", "status"): ("open", "completed", "cancelled"),
    ("job", "status"): ("ready", "leased", "done", "failed", "cancelled", "held"),
    ("job", "kind"): ("service", "script", "decision", "send", "deliver"),
    ("event_subscription", "status"): ("open", "closed", "held"),
    ("event_subscription", "kind"): ("timer", "message", "signal", "conditional"),
    ("failure", "status"): ("open", "resolved"),
    ("batch", "status"): ("running", "paused", "done", "stopped"),
    ("batch_item", "status"): ("waiting", "done", "refused"),
}
"""(table, column) -> the words that may stand there."""


def upgrade() -> None:
    for (table, column), words in LISTS.items():
        _demand_known(table, column, words)
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(lambda text, constraint: text if constraint in text else f"{text[: text.rindex(')')]}{constraint})")
        return
    for (table, column), words in LISTS.items():
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, _condition(column, words))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(lambda text, constraint: text.replace(constraint, ""))
        return
    for table, column in LISTS:
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")


def _condition(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


def _demand_known(table: str, column: str, words: tuple[str, ...]) -> None:
    """Refuse, with nothing changed, when a row says what no release wrote."""
    rows = sa.table(table, sa.column(column))
    at = rows.c[column]
    query = sa.select(at, sa.func.count()).where(at.not_in(words)).group_by(at).order_by(at).limit(5)
    found = op.get_bind().execute(query).all()
    if found:
        told = ", ".join(f"{word!r} in {count} rows" for word, count in found)
        raise EarshotError(
            f"The column {column} of the table {table} holds what Earshot never wrote: {told}.",
            remedy=f"Nothing was changed. Set each to one of {', '.join(words)}, then run: earshot migrate",
        )


def _rewrite(changed: Callable[[str, str], str]) -> None:
    """Change the texts of the tables in SQLite's schema: `changed` gets a table's text and one constraint."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for (table, column), words in LISTS.items():
        where = {"table": table}
        text = connection.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), where
        ).scalar_one()
        constraint = f", CONSTRAINT ck_{table}_{column} CHECK ({_condition(column, words)})"
        connection.execute(
            sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
            {**where, "sql": changed(text, constraint)},
        )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
