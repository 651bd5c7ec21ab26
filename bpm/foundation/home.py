"""The home on disk: nobody but its owner reads the database, the keys and what else lies in it."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from bpm.foundation.errors import EarshotError

log = logging.getLogger(__name__)

FOLDER, FILE = 0o700, 0o600
OURS = ("earshot.db*", "secret_key", "secrets_keys", "classifier", "classifier/**/*")
"""What we keep in a home; whatever else lies there is not ours to change."""
BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite appends to the database's name for the files that it keeps beside it."""


def prepare_home(home: Path, sqlite_file: Path | None) -> None:
    """Make the home if need be and close it, and the SQLite database wherever it lies, to everybody else.

    Homes of earlier releases are closed too. EarshotError when there can be no folder at that place.
    """
    try:
        home.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise EarshotError(
            f"No folder can be made there: {error.strerror}.",
            place=f"EARSHOT_HOME {home}",
            remedy="Set EARSHOT_HOME to a folder that this user may write to.",
        ) from error
    if not home.stat().st_mode & stat.S_ISVTX:  # a folder that all share, such as /tmp, is left open
        _close(home)
    if sqlite_file is not None and sqlite_file.parent.is_dir():
        with suppress(OSError):  # what is wrong with the place is said where the database is opened
            os.close(os.open(sqlite_file, os.O_CREAT | os.O_RDWR, FILE))
    for path in {*_ours(home), *_beside(sqlite_file)}:
        _close(path)


def write_once(path: Path, text: str) -> None:
    """Keep `text` at `path`, for its owner alone, unless something is there: whole or not at all, however many try."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)


def _ours(home: Path) -> Iterator[Path]:
    for pattern in OURS:
        yield from home.glob(pattern)


def _beside(sqlite_file: Path | None) -> Iterator[Path]:
    if sqlite_file is not None:
        yield from (sqlite_file.with_name(sqlite_file.name + suffix) for suffix in BESIDE)


def _close(path: Path) -> None:
    """Take away whatever others may do with it; files of another owner are named, for only that one can."""
    try:
        found = path.lstat()
        wanted = FOLDER if stat.S_ISDIR(found.st_mode) else FILE
        if stat.S_ISLNK(found.st_mode) or not stat.S_IMODE(found.st_mode) & ~wanted:
            return
        path.chmod(wanted)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("%s can be read by others, and this user cannot change that: %s", path, error.strerror)
