"""Procrastinate's tables in our database: installed and upgraded by the library's own scripts, and taken out again."""

import re
from datetime import timedelta
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from bpm.queue.listening import APPLICATION
from bpm.queue.port import QueueReport

PREFIX = "procrastinate_"
_MARK = re.compile(r"procrastinate (\d+)\.(\d+)\.(\d+)")
_SCRIPT = re.compile(r"(\d+)\.(\d+)\.(\d+)_\d+_.*\.sql")

Version = tuple[int, ...]


def is_installed(connection: Connection) -> bool:
    """Whether the tables are there in the form that the library here expects."""
    return _found(connection) == _ours()


def install(connection: Connection) -> None:
    """Bring the tables to the library's version; safe to repeat. Runs within the transaction of `connection`."""
    found, ours = _found(connection), _ours()
    if found == ours:
        return
    scripts = [SchemaManager.get_schema()] if found is None else _scripts_after(found)
    for script in scripts:
        _run(connection, script)
    _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS 'procrastinate {'.'.join(map(str, ours))}'")


def remove(connection: Connection) -> None:
    """Take out everything that `install` made."""
    for kind, query in (
        ("TABLE", "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE :like"),
        ("ROUTINE", "SELECT proname FROM pg_proc WHERE proname LIKE :like"),
        ("TYPE", "SELECT typname FROM pg_type WHERE typname LIKE :like AND typtype IN ('e', 'c')"),
    ):
        for name in connection.scalars(text(query), {"like": PREFIX.replace("_", r"\_") + "%"}).all():
            connection.exec_driver_sql(f'DROP {kind} IF EXISTS "{name}" CASCADE')


def _ours() -> Version:
    return tuple(int(part) for part in re.findall(r"\d+", installed_version("procrastinate"))[:3])


def _found(connection: Connection) -> Version | None:
    """The version that the tables were last brought to; None where there are none."""
    query = "SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class'), to_regclass('procrastinate_jobs')"
    comment, table = connection.execute(text(query)).one()
    if table is None:
        return None
    found = _MARK.fullmatch(comment or "")
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _scripts_after(version: Version) -> list[str]:
    folder = Path(SchemaManager.get_migrations_path())
    named = sorted((path for path in folder.iterdir() if _SCRIPT.fullmatch(path.name)), key=lambda path: path.name)
    return [path.read_text("utf-8") for path in named if _version_of(path) > version]


def _version_of(path: Path) -> Version:
    return tuple(int(part) for part in path.name.split("_")[0].split("."))


def _run(connection: Connection, script: str) -> None:
    """A script holds several statements and bare percent signs: only the driver itself, unprepared, takes both."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(script)


def report(connection: Connection) -> QueueReport:
    """Looks that wait, how long, and who is there to take them."""
    looks = connection.execute(
        text(
            "SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(event.at)), 0) AS seconds"
            " FROM procrastinate_jobs look LEFT JOIN procrastinate_events event"
            " ON event.job_id = look.id AND event.type = 'deferred' WHERE look.status = 'todo'"
        )
    ).one()
    alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
    listening = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    return QueueReport(
        driver="Procrastinate",
        waiting=looks.waiting,
        behind_for=timedelta(seconds=float(looks.seconds)),
        workers=connection.scalar(text(alive)) or 0,
        listeners=connection.scalar(text(listening), {"name": APPLICATION}) or 0,
    )
