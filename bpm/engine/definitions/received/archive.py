"""A zip archive as the files in it, under limits: nothing is written, and nothing is unpacked that is not counted.

1. The end record says how large the directory of the archive is; a larger one than MOST_DIRECTORY is not read.
2. Each entry is bounded by what it says of itself (size, ratio, method), then again while it is unpacked.
Source: PKWARE APPNOTE 6.3.10 (4.3.12, 4.3.16); the zip bombs of D. Fifield, "A better zip bomb", 2019.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from bpm.engine.definitions.received.problems import ProblemError, problem
from bpm.foundation.texts import _

MOST_ENTRIES = 200
"""Folders and files of an archive; more files than a bundle takes are named by the reader."""
MOST_DIRECTORY = 300_000
"""Bytes of the list of entries."""
LARGEST_FILE = 5_000_000
LARGEST_TOGETHER = 25_000_000
"""Bytes, unpacked."""
MOST_RATIO = 200
"""Times that a file may grow when it is unpacked; XML comes to 50 at most."""
LONGEST_NAME = 300
_END = b"PK\x05\x06"


def is_zip(content: bytes) -> bool:
    """Whether a file is an archive, by its first bytes."""
    return content[:4] in (b"PK\x03\x04", _END)


def unpacked(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """(path, content) of the files in an archive; ProblemError names what is not taken."""
    _check_directory(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return list(_read(name, archive))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as error:
        raise _unreadable(name, str(error)) from error


def _check_directory(name: str, content: bytes) -> None:
    at = content.rfind(_END, max(0, len(content) - 66_000))
    if at < 0 or len(content) < at + 22:
        raise _unreadable(name, _("its end is missing"))
    (size,) = struct.unpack("<I", content[at + 12 : at + 16])
    if size > MOST_DIRECTORY or content[at - 20 : at - 16] == b"PK\x06\x07":
        raise _too_much(name, _("It lists far more files than a bundle has."))


def _read(name: str, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _too_much(
            name, _("It has %(number)s entries; at most %(most)s are read.") % _counts(len(entries), MOST_ENTRIES)
        )
    total = 0
    for entry in entries:
        if entry.is_dir():
            continue
        inside = entry.filename.replace("\\", "/")  # as some programs for Windows write it
        path = f"{name}/{inside}"
        _check_entry(path, entry)
        total += entry.file_size
        if total > LARGEST_TOGETHER:
            raise _too_much(path, _("Unpacked, the archive has more than %(most)s bytes.") % {"most": LARGEST_TOGETHER})
        with archive.open(entry) as file:
            content = file.read(entry.file_size + 1)
        if len(content) != entry.file_size:
            raise _unreadable(path, _("its size is not the one that the archive names"))
        yield inside, content


def _check_entry(path: str, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise _refused(path, _("It is locked with a password."), _("Pack it without a password."))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(path, _("It is packed in a way that is not read here."), _("Pack it as an ordinary zip."))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(path, _("It is a link to another file."), _("Put the file itself into the archive."))
    if len(path) > LONGEST_NAME or entry.filename.startswith(("/", "\\")) or ".." in path.split("/"):
        raise _refused(path, _("Its name is too long, or leads out of the archive."), _("Give it another name."))
    if entry.file_size > LARGEST_FILE:
        raise _too_much(path, _("It has %(number)s bytes; the limit is %(most)s.")
                        % _counts(entry.file_size, LARGEST_FILE))  # fmt: skip
    if entry.file_size > MOST_RATIO * max(entry.compress_size, 5_000):
        raise _too_much(path, _("It grows more than %(most)s times when it is unpacked.") % {"most": MOST_RATIO})


def _counts(number: int, most: int) -> dict[str, int]:
    return {"number": number, "most": most}


def _refused(path: str, message: str, remedy: str) -> ProblemError:
    return ProblemError(problem(path, "archive-entry", message, remedy))


def _too_much(path: str, message: str) -> ProblemError:
    return ProblemError(problem(path, "archive-too-large", message, _("Send only the files of one process.")))


def _unreadable(path: str, why: str) -> ProblemError:
    message = _("This is no zip archive that can be read: %(why)s.") % {"why": why[:200]}
    return ProblemError(problem(path, "archive-unreadable", message, _("Pack the folder again.")))
