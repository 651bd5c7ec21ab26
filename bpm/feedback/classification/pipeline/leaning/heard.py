"""A short text as the rules look at it: words, cues, marks, and which words are somebody else's."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from bpm.feedback.classification.pipeline.clauses import word_set

Cue = tuple[str, int, int]
_REPORTED = 9
"""Words after "they say" that are somebody else's, up to the next sign."""
_TELLS = word_set(
    "say says said told claims claimed promised promise advertised advertises swore wrote warned reads moaned label "
    "slogan leaflet advert banner"
)


@dataclass(frozen=True)
class Heard:
    """A short text: its words, the cues in it (name, first token, token after the last), the names of its marks."""

    words: Sequence[tuple[str, int]]
    cues: Sequence[Cue]
    marks: Set[str]

    @cached_property
    def said(self) -> list[str]:
        return [word for word, _ in self.words]

    @cached_property
    def having(self) -> frozenset[str]:
        return frozenset(self.said)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _, _ in self.cues)

    def turned(self, turn: str, *names: str) -> bool:
        """Whether one of these cues stands there so."""
        return any(f"{turn}: {name}" in self.marks for name in names)

    @cached_property
    def reported(self) -> frozenset[int]:
        """The tokens that are somebody else's words: what follows "they say", up to the next sign."""
        found: set[int] = set()
        if not self.having & _TELLS:
            return frozenset()
        for place, (word, _) in enumerate(self.words):
            if word in _TELLS:
                found.add(self.words[place][1])
                for at in range(place + 1, min(len(self.words), place + 1 + _REPORTED)):
                    if at > place + 1 and self.words[at][1] - self.words[at - 1][1] > 1:
                        break
                    found.add(self.words[at][1])
        return frozenset(found)

    @cached_property
    def own(self) -> frozenset[str]:
        """The words that are the speaker's own."""
        return frozenset(word for word, token in self.words if token not in self.reported)

    @cached_property
    def is_only_well(self) -> bool:
        return "only well" in self.marks and "a cross emoji" not in self.marks

    @cached_property
    def is_only_ill(self) -> bool:
        return "only ill" in self.marks and "a glad emoji" not in self.marks

    @property
    def asks(self) -> bool:
        return self.said[-1] == "?"
