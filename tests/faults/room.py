"""A disk of its own for a database, small enough to be filled: a tmpfs, where mounting one is allowed."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True)
class Disk:
    """A small file system at `folder`; a ballast on it takes its room and gives it back."""

    folder: Path

    def fill(self, *, leave: int) -> None:
        """Take up all room but `leave` bytes."""
        system = os.statvfs(self.folder)
        (self.folder / "ballast").write_bytes(bytes(max(0, system.f_bavail * system.f_frsize - leave)))

    def make_room(self) -> None:
        """Give back what `fill` took."""
        (self.folder / "ballast").unlink()


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Disk]:
    """A tmpfs mounted at `folder` for the time of the test; CalledProcessError where that is not allowed."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True, capture_output=True
    )
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True, capture_output=True)


def can_mount() -> bool:
    """Whether a disk of its own can be made here: as root, with the right to mount."""
    try:
        with TemporaryDirectory() as folder, small_disk(Path(folder) / "try", megabytes=1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
