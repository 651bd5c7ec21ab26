"""Names of the files of a mail, from what a server tells of its parts (RFC 9051, 7.5.2, BODYSTRUCTURE)."""

from typing import Any

MOST = 20
LONGEST = 100
_NAMES = (b"name", b"filename")


def file_names(structure: Any) -> list[str]:
    """The names in the lists of parameters, each once, at most MOST; empty for what is no structure."""
    found: dict[str, None] = {}
    waiting = [structure]
    while waiting and len(found) < MOST:
        each = waiting.pop()
        if not isinstance(each, list | tuple):
            continue
        found |= dict.fromkeys(_named(each))
        waiting += reversed(each)
    return list(found)[:MOST]


def _named(parameters: Any) -> list[str]:
    """The values of `name` and `filename` in a list where names and values take turns."""
    pairs = zip(parameters[::2], parameters[1::2], strict=False)
    return [
        value.decode("utf-8", "replace")[:LONGEST]
        for name, value in pairs
        if isinstance(name, bytes) and isinstance(value, bytes) and name.lower() in _NAMES
    ]
