"""`earshot backup` and `restore`: the whole database in one file, attached files included, while everybody works.

SQLite's own online copy and PostgreSQL's `pg_dump` see one instant. Keys and a trained pipeline lie beside the database
and are kept apart: whoever has one of the two reads no secret.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import URL, inspect, make_url

from bpm import schema
from bpm.app import App, build
from bpm.cli import emit
from bpm.foundation.db import sqlite_file
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError
from bpm.foundation.texts import _

SQLITE = b"SQLite format 3\x00"
DUMP = b"PGDMP"
"""How a custom-format dump of PostgreSQL begins."""
APART = _("The keys (secret_key, secrets_keys) and a trained pipeline in EARSHOT_HOME are not in it: keep them apart.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help='Print {"file", "bytes", "revision"}.')
def backup(file: Path, as_json: bool) -> None:
    """Write the database to FILE, attached files included; it may be in use meanwhile."""
    app = build()
    try:
        schema.demand_newest(app.database)
        _save(app, file)
        made = {"file": str(file), "bytes": file.stat().st_size, "revision": schema.current(app.database)}
    finally:
        app.close()
    if as_json:
        emit(made)
        return
    click.echo(_("%(file)s: %(bytes)s bytes, revision %(revision)s.") % made)
    click.echo(APART)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help='Print {"file", "revision"}.')
def restore(file: Path, as_json: bool) -> None:
    """Put the backup FILE where there is no database yet, then bring it to the newest revision."""
    app = build()
    try:
        _put_back(app, file)
        schema.upgrade(app.database, settings=app.settings)
        made = {"file": str(file), "revision": schema.current(app.database)}
    finally:
        app.close()
    if as_json:
        emit(made)
        return
    click.echo(_("Restored, at revision %(revision)s. Put the keys back too, then run: earshot doctor") % made)


def _save(app: App, file: Path) -> None:
    if file.exists():
        raise ConflictError(_("%(file)s is there already.") % {"file": file}, remedy=_("Name a file that is not."))
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        url = make_url(app.settings.url)
        if url.get_backend_name() == "sqlite":
            with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(part)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE").close()
        else:
            _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={part}")
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def _put_back(app: App, file: Path) -> None:
    with file.open("rb") as opened:
        beginning = opened.read(16)
    place, url = sqlite_file(app.settings.url), make_url(app.settings.url)
    if not beginning.startswith(DUMP if place is None else SQLITE):
        kind = "PostgreSQL" if place is None else "SQLite"
        raise InvalidInputError(
            _("%(file)s is no backup of a %(kind)s database.") % {"file": file, "kind": kind},
            remedy=_("Set EARSHOT_DATABASE_URL to one of its kind."),
        )
    if place is None:
        _refuse_tables(app)
        app.database.dispose()
        _run("pg_restore", url, "--exit-on-error", "--no-owner", "--single-transaction", str(file))
        return
    app.database.dispose()
    if place.exists() and place.stat().st_size:
        raise ConflictError(
            _("There is a database at %(place)s.") % {"place": place}, remedy=_("Stop Earshot and move it away first.")
        )
    for each in (f"{place.name}-wal", f"{place.name}-shm"):
        place.with_name(each).unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(place)) as target:
        source.backup(target)
    place.chmod(0o600)


def _refuse_tables(app: App) -> None:
    if inspect(app.database).get_table_names():
        raise ConflictError(_("The database holds tables already."), remedy=_("Create an empty one and name that."))


def _run(program: str, url: URL, *arguments: str) -> None:
    """One of PostgreSQL's programs; the password goes by its environment, not by the list of processes."""
    found = shutil.which(program)
    if found is None:
        raise EarshotError(
            _("%(program)s is not here.") % {"program": program}, remedy=_("Install PostgreSQL's client programs.")
        )
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603 (a program found on the path, with arguments of ours)
        [found, f"--dbname={plain}", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = {"program": program, "said": done.stderr.strip()[:500]}
        raise EarshotError(_("%(program)s failed: %(said)s") % said, remedy=_("Nothing was changed."))
