"""Sets of words as they are written in the lists of this package: by blanks."""

import re

_WORD = re.compile(r"\w+")
_NO_LETTERS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


def words_of(text: str) -> list[str]:
    """The words of a text: letters, digits and underscores without anything between."""
    return text.translate(_NO_LETTERS).split() if text.isascii() else _WORD.findall(text)


def words(written: str) -> frozenset[str]:
    """Each word of the list once."""
    return frozenset(written.split())
