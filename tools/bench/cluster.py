"""A PostgreSQL for measuring: the one of EARSHOT_TEST_POSTGRES_URL, else a throw-away cluster of the installed one."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from bpm.foundation.errors import EarshotError

GIVEN = "EARSHOT_TEST_POSTGRES_URL"


def is_at_hand() -> bool:
    """Whether there is a PostgreSQL to measure on."""
    return bool(os.environ.get(GIVEN)) or _find_binaries() is not None


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """URL of a new, empty database on the server; gone afterwards."""
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _run(server, f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def server() -> Iterator[str]:
    """URL of a server with its usual settings, safe writing included."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
        return
    binaries = _find_binaries()
    if binaries is None:
        raise EarshotError("There is no PostgreSQL to measure on.", remedy=f"Install it, or set {GIVEN}.")
    with tempfile.TemporaryDirectory(prefix="earshot-bench-pg-") as folder, _started(binaries, Path(folder)) as url:
        yield url


@contextmanager
def _started(binaries: Path, folder: Path) -> Iterator[str]:
    user, port, data = _unprivileged(folder), free_port(), folder / "data"

    def run(*command: object) -> None:
        parts = [str(part) for part in command]
        subprocess.run(parts, check=True, capture_output=True, user=user, cwd=folder)  # noqa: S603

    run(binaries / "initdb", "-D", data, "-U", "earshot", "-A", "trust", "-E", "UTF8", "--locale=C")
    server = (binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    run(*server, "-o", options, "start")
    try:
        yield f"postgresql+psycopg://earshot@127.0.0.1:{port}/postgres"
    finally:
        with suppress(subprocess.CalledProcessError):
            run(*server, "-m", "immediate", "stop")


def _find_binaries() -> Path | None:
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in candidates if (folder / "pg_ctl").exists()), None)


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: give the folder to somebody else and run it as them."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            pwd.getpwnam(name)
            shutil.chown(folder, name)
            return name
    return None


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
