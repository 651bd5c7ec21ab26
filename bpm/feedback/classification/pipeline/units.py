"""Cuts a tokenised text into the units that speak: words without case, with handles, numbers and links made alike."""

import re
from dataclasses import dataclass, field

from spacy.attrs import NORM, ORTH
from spacy.tokens import Doc, Token

_STRETCHED = re.compile(r"(.)\1{2,}")
_MASKED = re.compile(r"[xX*]{2,}")
_QUIET = frozenset("[](){}<>\"'`“”‘’.,;:-–—_/\\|*~^+=…#&")


@dataclass
class UnitReader:
    """Remembers what each token means, so that a word costs something only when it is new."""

    known: dict[tuple[int, int], str] = field(default_factory=dict)
    limit: int = 200_000

    def __call__(self, doc: Doc) -> list[tuple[str, int]]:
        """(word, index of its token), in reading order; quiet punctuation and white space are left out."""
        if len(self.known) > self.limit:
            self.known.clear()
        known, found = self.known, []
        for index, key in enumerate(map(tuple, doc.to_array([ORTH, NORM]).tolist())):
            word = known.get(key)
            if word is None:
                word = known[key] = _word(doc[index])
            if word:
                found.append((word, index))
        return found


def _word(token: Token) -> str:
    text = token.text
    if token.is_space or all(sign in _QUIET for sign in text):
        return ""
    if text[0] == "@" and len(text) > 1:
        return "@"
    if token.like_url or token.like_email:
        return "<url>"
    if _MASKED.fullmatch(text):
        return "<masked>"
    if any(sign.isdigit() for sign in text):
        return "0"
    word = _STRETCHED.sub(r"\1\1", token.norm_.lower().replace("’", "'"))
    return word[0] if word[0] in "!?" else word
