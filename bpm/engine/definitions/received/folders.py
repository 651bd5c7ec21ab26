"""The files of a folder on disk, as they would lie in an archive of it."""

import os
from collections.abc import Iterator
from pathlib import Path

from bpm.engine.definitions.received.archive import LARGEST_FILE, MOST_ENTRIES
from bpm.engine.definitions.received.left_behind import FOLDERS
from bpm.engine.definitions.received.problems import problem, refuse
from bpm.foundation.texts import _


def files_in(path: Path) -> list[tuple[str, bytes]]:
    """(path from the folder's own name on, content) of every file under a folder; of a file, itself.

    RefusedError names a file that is too large; what is in folders by the thousand is named, not read. A folder of
    which nothing belongs to a process (`.git`) is one path, without content.
    """
    if path.is_file():
        return [(path.name, _read(path, path.name))]
    base = path.resolve()
    found = sorted(_walk(base))
    if len(found) > MOST_ENTRIES:
        message = _("The folder has %(number)s files; at most %(most)s are looked at.")
        counts = {"number": len(found), "most": MOST_ENTRIES}
        raise refuse([problem(str(path), "too-many-files", message % counts, _("Name the folder of one process."))])
    names = [f"{base.name}/{each.relative_to(base).as_posix()}" for each in found]
    return [(name, b"" if each.is_dir() else _read(each, name)) for name, each in zip(names, found, strict=True)]


def _walk(base: Path) -> Iterator[Path]:
    for folder, inner, files in os.walk(base):
        skipped = [Path(folder, name) for name in inner if name.lower() in FOLDERS]
        inner[:] = [name for name in inner if name.lower() not in FOLDERS]
        links = [path for name in inner if (path := Path(folder, name)).is_symlink()]
        there = [Path(folder, name) for name in files]
        if odd := [*links, *(path for path in there if not path.is_file())]:
            message = _("It is a link that leads to another folder or nowhere, or no ordinary file.")
            remedy = _("Put the files themselves into the folder.")
            names = (f"{base.name}/{path.relative_to(base).as_posix()}" for path in odd)
            raise refuse([problem(name, "folder-entry", message, remedy) for name in names])
        yield from (*skipped, *there)


def _read(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE and path.suffix.lower() != ".zip":
        message = _("It has more than %(most)s bytes.") % {"most": LARGEST_FILE}
        raise refuse([problem(name, "file-too-large", message, _("Send a smaller file."))])
    return content if len(content) <= LARGEST_FILE else path.read_bytes()
