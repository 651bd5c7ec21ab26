"""Words as the index holds them: without case and accents, the same on every database."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

LONGEST_WORD = 100
"""Characters; what is longer is cut, in the index and in what is asked alike (a lexeme of PostgreSQL has an end)."""
MOST_WORDS = 12_000
"""Words of one part of a document; PostgreSQL's positions end at 16,383."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
"""Letters and digits that stand together; where a script puts no spaces between words, each sign by itself."""
_PLAIN_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
"""What stands between words in a text of ASCII."""
_ALONE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
"""Letters that Unicode does not take apart into a letter and its mark."""


def fold(text: str) -> str:
    """The text without case, accents and compatibility forms (Unicode NFKD and case folding)."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold().translate(_ALONE)


def words_of(text: str, *, most: int = MOST_WORDS) -> list[str]:
    """The folded words of a text, in order, at most so many."""
    folded = fold(text)
    if folded.isascii() and len(folded) <= 2 * most:  # so short that there cannot be more words
        words = folded.translate(_PLAIN_BLANKS).split()
        return words if max(map(len, words), default=0) <= LONGEST_WORD else [word[:LONGEST_WORD] for word in words]
    return [match.group()[:LONGEST_WORD] for match in islice(_WORD.finditer(folded), most)]


def places_of(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, folded word) of each word of a text in composed form (NFC), offsets in its characters."""
    for match in _WORD.finditer(text):
        for word in words_of(match.group()):
            yield match.start(), match.end(), word


@lru_cache(maxsize=4096)
def mark(name: str, value: str) -> str:
    """A label as one word of the index: a field, "=", and the folded value with "_" between its words."""
    return f"{fold(name)}={'_'.join(words_of(value, most=12))}"
