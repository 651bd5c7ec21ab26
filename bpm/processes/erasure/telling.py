"""What tells of a person: their names and addresses, their own phrases, and words that nobody else uses; pure.

Two measures. In what is theirs alone (`close`: the values of their own cases) every text that shares a word with what
they said, wrote or are called goes whole. Elsewhere only their names and addresses go, texts that quote four words of
theirs in a row, and words of theirs that no other customer uses.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

ERASED = "[erased]"
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"\[[a-z]+\]")
QUOTE = 4
"""Words in a row that are a quotation."""
SHORTEST = 4
"""Letters of a word, or of a name, that tells of somebody."""


class Telling:
    """Knows what tells of one person."""

    def __init__(
        self,
        texts: Iterable[str],
        names: Iterable[str],
        *,
        called: Iterable[str],
        common: Iterable[str],
        is_rare: Callable[[str], bool],
    ) -> None:
        """What they said, and what names them.

        `texts`: what they said; `names`: names, addresses and keys, which tell as a whole; `called`: those whose parts
        do, too; `common`: words that are labels and codes; `is_rare`: whether nobody else uses a word.
        """
        self._names = sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST}, key=len, reverse=True)
        self._pattern = _either(self._names)
        said = [_words(text) for text in texts]
        self._common = {word.casefold() for word in common}
        self._said = {word for words in said for word in words if len(word) >= SHORTEST}
        self._said |= {word for name in called for word in _words(name.partition("@")[0]) if len(word) >= SHORTEST}
        self._quotes = {
            tuple(words[place : place + QUOTE]) for words in said for place in range(len(words) - QUOTE + 1)
        }
        self._is_rare = is_rare

    def tells(self, text: str) -> bool:
        """Whether it tells of the person, wherever it stands."""
        return self.scrubbed(text) != text

    def scrubbed(self, text: str) -> str:
        """The text without what tells of the person."""
        if len(text) < SHORTEST:
            return text
        words = _words(text)
        if not self._quotes.isdisjoint(_in_rows(words)):
            return ERASED
        named = self._pattern.sub(ERASED, text) if self._pattern else text
        rare = {word for word in words if word in self._said and word not in self._common and len(word) > SHORTEST}
        return _WORD.sub(lambda found: self._or_erased(found[0], rare), named) if rare else named

    def _or_erased(self, word: str, candidates: set[str]) -> str:
        return ERASED if word.casefold() in candidates and self._is_rare(word.casefold()) else word

    def closed(self, text: str) -> str:
        """The text, of something that is the person's alone: erased where it shares a word with them."""
        words = [word for word in _words(text) if word not in self._common]
        return ERASED if any(word in self._said for word in words) else self.scrubbed(text)

    def within(self, value: Any, *, close: bool) -> Any:
        """A JSON value with every text in it scrubbed, names of entries too."""
        if isinstance(value, str):
            return self.closed(value) if close else self.scrubbed(value)
        if isinstance(value, list):
            return [self.within(each, close=close) for each in value]
        if isinstance(value, dict):
            return {self.scrubbed(name): self.within(each, close=close) for name, each in value.items()}
        return value


def stripped(value: Any) -> Any:
    """A JSON value without its texts; numbers and the roles of speakers stay."""
    if isinstance(value, str):
        return ""
    if isinstance(value, list):
        return [stripped(each) for each in value]
    if isinstance(value, dict):
        return {name: each if name in ("role", "unit") else stripped(each) for name, each in value.items()}
    return value


def _in_rows(words: list[str]) -> Iterator[tuple[str, ...]]:
    """Every `QUOTE` words in a row."""
    return (tuple(words[place : place + QUOTE]) for place in range(len(words) - QUOTE + 1))


def _words(text: str) -> list[str]:
    return [found[0].casefold() for found in _WORD.finditer(_MARK.sub(" ", text))]


def _either(names: list[str]) -> re.Pattern[str] | None:
    """Each name where no letter goes on."""
    if not names:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
