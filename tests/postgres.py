"""A PostgreSQL for the tests: the one of EARSHOT_TEST_POSTGRES_URL, else a throw-away cluster on a free port."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bpm import schema
from bpm.db import connect


@dataclass
class Server:
    """Where the server is, and how to get a fresh, migrated database on it."""

    url: str
    _names: "count[int]" = field(default_factory=count)
    _template: str = ""

    @contextlib.contextmanager
    def fresh_database(self) -> Iterator[str]:
        self._template = self._template or self._make_template()
        name = f"earshot_test_{os.getpid()}_{next(self._names)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        try:
            yield self._at(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _make_template(self) -> str:
        name = f"earshot_template_{os.getpid()}"
        self._run(f'DROP DATABASE IF EXISTS "{name}"')
        self._run(f'CREATE DATABASE "{name}"')
        engine = connect(self._at(name))
        schema.upgrade(engine)
        engine.dispose()
        return name

    def _at(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextlib.contextmanager
def running(folders: pytest.TempPathFactory) -> Iterator[Server]:
    """The server given by the environment, or one of our own for the time of the tests."""
    given = os.environ.get("EARSHOT_TEST_POSTGRES_URL")
    if given:
        yield Server(given)
        return
    binaries = _binaries()
    folder = Path(shutil.copytree(folders.mktemp("pg"), f"/tmp/earshot-pg-{os.getpid()}", dirs_exist_ok=True))
    user = _unprivileged(folder)
    port = _free_port()
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "earshot", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )
    options = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    server = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*server, "-o", options, "start"], check=True, capture_output=True, user=user, cwd=folder)
    try:
        yield Server(f"postgresql+psycopg://earshot@127.0.0.1:{port}/postgres")
    finally:
        subprocess.run([*server, "-m", "immediate", "stop"], check=False, capture_output=True, user=user, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    pytest.fail("PostgreSQL is missing: sudo apt-get install postgresql, or set EARSHOT_TEST_POSTGRES_URL.")


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: give the folder to somebody else and run it as them."""
    if os.getuid() != 0:
        return None
    name = next((n for n in ("postgres", "nobody") if _exists(n)), None)
    shutil.chown(folder, name)
    return name


def _exists(name: str) -> bool:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(name)
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
