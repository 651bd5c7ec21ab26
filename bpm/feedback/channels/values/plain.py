"""Words without what differs between spellings: case, marks above letters, punctuation."""

import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "\N{MODIFIER LETTER APOSTROPHE}": None}
)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Letters and digits alone, in lower case and without marks: `Größe (Review)` becomes `grossereview`."""
    decomposed = unicodedata.normalize("NFKD", text[:400].casefold()).translate(_LETTERS)
    return "".join(letter for letter in decomposed if letter.isalnum())
