"""Addresses to come back to, as forms and links hand them on: followed only where they lead to this very site."""

import re
from urllib.parse import unquote

LONGEST_TARGET = 2000
"""Characters of an address to come back to: more would not fit into the headers of an answer everywhere."""
DECODED = 5
"""A target that is still not plain after so many decodings was not made by us."""
_NEVER_IN_A_PATH = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]")


def is_safe(target: str) -> bool:
    """Whether `target` is a path on this very site and nothing else, however often it is decoded on the way.

    Browsers take a backslash for a slash and drop control characters, so neither may stand in it.
    """
    plain = target
    if len(target) > LONGEST_TARGET:
        return False
    for _ in range(DECODED):
        if not plain.startswith("/") or plain.startswith("//") or _NEVER_IN_A_PATH.search(plain):
            return False
        plain, before = unquote(plain, errors="replace"), plain
        if plain == before:
            return True
    return False
