"""A PostgreSQL for the tests: the one of EARSHOT_TEST_POSTGRES_URL, else a throw-away cluster on a free port."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bpm import schema
from bpm.foundation.db import connect
from tests.postgres_again import Fresh

QUICK = "-c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0"
"""Nobody crashes it and nobody copies it: what only a recovery would need is not written."""
ALONE = "-c autovacuum=off -c jit=off"
"""Nothing runs beside the tests; plans that tests make dear on purpose are not compiled."""


@dataclass
class Server:
    """Where the server is, and how to get a fresh, migrated database on it."""

    url: str
    again: bool = False
    """Whether databases are emptied and taken again, as on a server of our own."""
    _names: "count[int]" = field(default_factory=count)
    _template: str = ""
    _emptied: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def fresh_database(self, space: str = "") -> Iterator[str]:
        """Its URL; it is gone, or another test's, afterwards. `space`: the tablespace where its files lie."""
        name = self._emptied.pop() if self._emptied and not space else self._make(space or "pg_default")
        emptied = False
        try:
            yield self._at(name)
            emptied = self.again and not space and self._fresh.restore(self._at(name))
        finally:
            if emptied:
                self._emptied.append(name)
            else:
                self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @cached_property
    def _fresh(self) -> Fresh:
        return Fresh.of(self._at(self._template))

    def _make(self, space: str) -> str:
        self._template = self._template or self._make_template()
        name = f"earshot_test_{os.getpid()}_{next(self._names)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}" TABLESPACE {space}')
        return name

    def _make_template(self) -> str:
        name = f"earshot_template_{os.getpid()}"
        self.run(f'DROP DATABASE IF EXISTS "{name}"')
        self.run(f'CREATE DATABASE "{name}"')
        engine = connect(self._at(name))
        schema.upgrade(engine)
        engine.dispose()
        return name

    def _at(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
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
    with cluster(folders.mktemp("pg").name, options=f"-F {QUICK} {ALONE}") as own:
        yield Server(own.server.url, again=True)


@dataclass
class Cluster:
    """A throw-away PostgreSQL of our own, which may be crashed and started again."""

    folder: Path
    port: int
    options: str
    user: str | None
    programs: Path
    _spaces: "count[int]" = field(default_factory=count)

    @cached_property
    def server(self) -> Server:
        return Server(f"postgresql+psycopg://earshot@127.0.0.1:{self.port}/postgres")

    def make(self) -> None:
        """Write its data folder."""
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "earshot", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        """Start it, after a crash too: it recovers before this returns."""
        here = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c max_connections=200"
        self._control("-o", f"{self.options} -p {self.port} {here}", "start")

    def crash(self) -> None:
        """Stop it as a power cut does: no checkpoint, nobody is told."""
        self._control("-m", "immediate", "stop")

    @contextlib.contextmanager
    def on_disk(self, folder: Path) -> Iterator[str]:
        """A fresh, migrated database whose files lie in `folder`: its URL."""
        if self.user is not None:
            shutil.chown(folder, self.user)
        space = f"space_{next(self._spaces)}"
        self.server.run(f"CREATE TABLESPACE {space} LOCATION '{folder}'")
        with self.server.fresh_database(space) as url:
            yield url
        self.server.run(f"DROP TABLESPACE {space}")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", *arguments)

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self.programs / program, *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.folder)


@contextlib.contextmanager
def cluster(name: str, *, options: str = "") -> Iterator[Cluster]:
    """A cluster that runs for the time of the tests, and is gone after them."""
    folder = Path(f"/tmp/earshot-{name}-{os.getpid()}")
    folder.mkdir()
    made = Cluster(folder, _free_port(), options, _unprivileged(folder), binaries())
    made.make()
    made.start()
    try:
        yield made
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            made.crash()
        shutil.rmtree(folder, ignore_errors=True)


def binaries() -> Path:
    """Folder of the programs of the newest PostgreSQL installed."""
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
