"""The files of a folder on disk, as they would lie in an archive of it."""

from pathlib import Path

from bpm.engine.definitions.received.archive import LARGEST_FILE, MOST_ENTRIES
from bpm.engine.definitions.received.problems import problem, refuse
from bpm.foundation.texts import _


def files_in(path: Path) -> list[tuple[str, bytes]]:
    """(path from the folder's own name on, content) of every file under a folder; of a file, itself.

    RefusedError names a file that is too large; what is in folders by the thousand is named, not read.
    """
    if path.is_file():
        return [(path.name, _read(path, path.name))]
    base = path.resolve()
    found = sorted(each for each in base.rglob("*") if each.is_file())
    if len(found) > MOST_ENTRIES:
        message = _("The folder has %(number)s files; at most %(most)s are looked at.")
        counts = {"number": len(found), "most": MOST_ENTRIES}
        raise refuse([problem(str(path), "too-many-files", message % counts, _("Name the folder of one process."))])
    names = [f"{base.name}/{each.relative_to(base).as_posix()}" for each in found]
    return [(name, _read(each, name)) for name, each in zip(names, found, strict=True)]


def _read(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE and path.suffix.lower() != ".zip":
        message = _("It has more than %(most)s bytes.") % {"most": LARGEST_FILE}
        raise refuse([problem(name, "file-too-large", message, _("Send a smaller file."))])
    return content if len(content) <= LARGEST_FILE else path.read_bytes()
