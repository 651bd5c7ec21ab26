"""Names of variables as people would write them: `refundAmount` and `refund_amount` are "Refund amount"."""

import re

_PARTS = re.compile(
    r"[A-ZÄÖÜ]{2,}s(?![a-zß-öø-ÿ])|[^\W_a-z0-9ß-öø-ÿ]+(?![a-zß-öø-ÿ])s?|[^\W_0-9a-zß-öø-ÿ]?[a-zß-öø-ÿ]+|\d+|[^\W_]",
    re.UNICODE,
)
_QUESTION = re.compile(r"is(?=[A-ZÄÖÜ_])")


def in_words(name: str) -> str:
    """The name in words, its first letter large; acronyms stay as they are: `needsIT` is "Needs IT"."""
    pieces = [piece for part in re.split(r"[\W_]+", name) for piece in _PARTS.findall(part)]
    words = [piece if _is_acronym(piece, pieces) else piece.lower() for piece in pieces]
    text = " ".join(words)
    return text[:1].upper() + text[1:] if text else name


def question_of(name: str) -> str:
    """The name as the label of a yes or no: `isFound` asks "Found"."""
    return in_words(_QUESTION.sub("", name, count=1) if _QUESTION.match(name) else name)


def _is_acronym(piece: str, pieces: list[str]) -> bool:
    """Two capitals or more are one, unless the whole name is written so."""
    if len(piece.removesuffix("s")) < 2 or not piece.removesuffix("s").isupper():
        return False
    return len(pieces) == 1 or not all(each.isupper() or each.isdigit() for each in pieces)
