"""Finds phrases in words, in one pass over them. Pure."""

from collections.abc import Iterable, Mapping

from bpm.search.words import words_of

MOST_WORDS = 8
"""Words of a phrase."""


def phrase_of(text: str) -> str:
    """A phrase as it is kept: folded words with single spaces; empty for none."""
    return " ".join(words_of(text)[:MOST_WORDS])


def phrases_in(text: str, phrases: Mapping[int, Iterable[str]]) -> list[int]:
    """The keys of which a phrase stands in the text, as whole words; linear in the text and the phrases."""
    begins: dict[str, list[tuple[int, list[str]]]] = {}
    for key, each in phrases.items():
        for phrase in each:
            words = phrase.split()[:MOST_WORDS]
            if words:
                begins.setdefault(words[0], []).append((key, words))
    said = words_of(text)
    found: dict[int, None] = {}
    for place, word in enumerate(said):
        for key, words in begins.get(word, ()):
            if said[place : place + len(words)] == words:
                found[key] = None
    return list(found)
