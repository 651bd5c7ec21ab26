"""How much work reading makes a database do: counted, never timed, so that a busy machine cannot blur it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from bpm.app import App

STEPS = 100
"""Instructions of SQLite's machine that count as one."""
_SKIPPED = ("BEGIN", "SELECT pg_", "SELECT set_config", "PRAGMA")


def effort(app: App, read: Callable[[], object]) -> int:
    """What `read` costs: instructions of SQLite's virtual machine (in hundreds), or rows that PostgreSQL touches."""
    if app.database.dialect.name == "sqlite":
        return _instructions(app, read)
    return sum(_rows_touched(app, *each) for each in statements_of(app, read))


def statements_of(app: App, read: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements of `read` with their parameters, without those that begin or notify."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith(_SKIPPED):
            seen.append((statement, parameters))

    event.listen(app.database, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(app.database, "before_cursor_execute", note)
    return seen


def _instructions(app: App, read: Callable[[], object]) -> int:
    counted: list[int] = []
    watched: set[Any] = set()

    def watch(connection: Any, *_rest: Any) -> None:
        raw = connection.connection.dbapi_connection
        if raw not in watched:
            watched.add(raw)
            raw.set_progress_handler(lambda: counted.append(1), STEPS)

    event.listen(app.database, "before_cursor_execute", watch)
    try:
        read()
    finally:
        event.remove(app.database, "before_cursor_execute", watch)
        for raw in watched:
            raw.set_progress_handler(None, 0)
    return len(counted)


def _rows_touched(app: App, statement: str, parameters: Any) -> int:
    with app.database.connect() as connection:
        # Tables of a few thousand rows are read whole because they are small; what is asked is how long ones are read.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_hashjoin = off")
        connection.exec_driver_sql("SET LOCAL enable_mergejoin = off")
        explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", parameters)
        return _touched(explained.scalar_one()[0]["Plan"])


def _touched(node: dict[str, Any]) -> int:
    mine = 0
    if "Relation Name" in node or "Index Name" in node:
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        mine = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return int(mine) + sum(_touched(child) for child in node.get("Plans", ()))
