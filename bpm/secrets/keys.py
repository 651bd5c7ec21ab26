"""The keys that secrets are sealed with: those of EARSHOT_SECRETS_KEY, and those made and kept in the home.

The file `secrets_keys` in the home holds a key a line, the newest last, and only ever grows: a line is appended in one
write, so two processes that make a key at once both keep theirs, and a secret or a backup of long ago still opens.
"""

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings, decode_key
from bpm.secrets.sealing import KEY_BYTES, name_key

FILE = "secrets_keys"


@dataclass(frozen=True)
class Keyring:
    """All keys at hand by id; `current` is the id of the one that seals, empty where there is no key yet."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def sealing(self) -> bytes:
        return self.keys[self.current]


def read_keyring(settings: Settings) -> Keyring:
    """The keys of the setting, the first of which seals, and those of the home.

    EarshotError when the file in the home holds a line that is no key.
    """
    kept = _read(settings.home / FILE)
    seals = [*settings.secrets_key[:1], *reversed(kept)]
    return Keyring(name_key(seals[0]) if seals else "", {name_key(key): key for key in (*kept, *settings.secrets_key)})


def add_key(settings: Settings) -> str:
    """Make a new key in the home, for its owner alone; gives its id. It seals unless the setting names another."""
    key = os.urandom(KEY_BYTES)
    handle = os.open(settings.home / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        line = b"\n" + base64.b64encode(key) + b"\n"  # the first newline ends what a full disk once cut short
        if os.write(handle, line) != len(line):
            raise EarshotError("The disk is full.", place=FILE, remedy="Make room, then try again; nothing is lost.")
        os.fsync(handle)
    finally:
        os.close(handle)
    return name_key(key)


def _read(path: Path) -> Sequence[bytes]:
    try:
        seen = path.stat()
    except FileNotFoundError:
        return ()
    return _keys_in(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)


@lru_cache(maxsize=8)
def _keys_in(path: Path, _changed_at: int, _bytes: int, _file: int) -> tuple[bytes, ...]:
    """The keys of the file as it stands there now: each webhook opens a secret, and the file hardly ever changes."""
    found = []
    for number, line in enumerate(path.read_text().split("\n"), start=1):
        try:
            found += [decode_key(line)] if line.strip() else []
        except ValueError as error:
            raise EarshotError(
                "This line is no key.", place=f"{path}:{number}", remedy="Restore the file from the backup."
            ) from error
    return tuple(found)
