"""Cuts a tokenised text into the units that speak: words without case, with handles, numbers and links made alike."""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Token

_STRETCHED = re.compile(r"(.)\1{2,}")
_MASKED = re.compile(r"^[xX*]{2,}$")
_QUIET = frozenset("[](){}<>\"'`“”‘’.,;:-–—_/\\|*~^+=…#&")


@dataclass(frozen=True, slots=True)
class Unit:
    """One speaking token: its normal form and where it stands in the text, in characters."""

    word: str
    start: int
    end: int


def units(doc: Doc) -> list[Unit]:
    """The units of `doc` in reading order; quiet punctuation and white space are left out."""
    found = []
    for token in doc:
        word = _word(token)
        if word:
            found.append(Unit(word, token.idx, token.idx + len(token.text)))
    return found


def _word(token: Token) -> str:
    text = token.text
    if token.is_space or all(sign in _QUIET for sign in text):
        return ""
    if text[0] == "@" and len(text) > 1:
        return "@"
    if token.like_url or token.like_email:
        return "<url>"
    if _MASKED.match(text):
        return "<masked>"
    if any(sign.isdigit() for sign in text):
        return "0"
    word = _STRETCHED.sub(r"\1\1", token.norm_.lower().replace("’", "'"))
    return word[0] if word[0] in "!?" else word
