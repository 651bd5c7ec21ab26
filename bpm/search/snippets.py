"""A piece of a text around the words that were asked for, with these marked."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bpm.search.asking import Asked, Term
from bpm.search.words import places_of

LONG = 240
"""Characters of a snippet."""
BEFORE = 60
LOOKED_AT = 20_000
"""Characters of a text in which the words are looked for."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a snippet; `is_hit`: it is one of the words that were asked for."""

    text: str
    is_hit: bool = False


def snippet(text: str, asked: Asked, *, long: int = LONG) -> tuple[Piece, ...]:
    """The stretch of the text in which the words are first found, else its beginning; hits are pieces of their own."""
    text = unicodedata.normalize("NFC", " ".join(text[:LOOKED_AT].split()))
    hits = [(start, end) for start, end, word in places_of(text) if _is_asked(word, asked.wanted)]
    start = _beginning(text, hits[0][0]) if hits and hits[0][1] > long else 0
    end = min(len(text), start + long)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last in hits:
        if first < at or last > end:
            continue
        pieces += [Piece(text[at:first]), Piece(text[first:last], is_hit=True)]
        at = last
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else "")))
    return tuple(piece for piece in pieces if piece.text)


def _beginning(text: str, hit: int) -> int:
    """A little before the hit, where a word begins."""
    near = max(0, hit - BEFORE)
    return text.find(" ", near, hit) + 1 if near else 0


def _is_asked(word: str, terms: Sequence[Term]) -> bool:
    return any(
        word == each or (term.is_open and place == len(term.words) - 1 and word.startswith(each))
        for term in terms
        for place, each in enumerate(term.words)
    )
