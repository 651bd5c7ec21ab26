"""Which activity words may be about: by the words of its name and text, and of what was linked to it so far. Pure.

Cosine of tf-idf vectors (G. Salton and C. Buckley, Information Processing & Management 24, 1988), with the theme of an
item as one more word. It abstains: below a threshold, where two activities are nearly as good, and where too little
is shared; what fits nowhere stays in the space between.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 0.3
MARGIN = 1.2
"""The best activity is so many times as good as the next one."""
FEWEST = 2
"""Words that an item shares with an activity at least."""
NAME_COUNTS, TEXT_COUNTS = 2.0, 0.5
"""A word of the name, and one of the description, against one that was said."""
MOST_CONFIDENCE = 0.8


@dataclass(frozen=True)
class Described:
    """An activity, the words of its name and description, and those of each item that is linked to it."""

    place: str
    name: Sequence[str]
    text: Sequence[str]
    said: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Suggested:
    """The activity that words may be about, how sure that is, and the words that speak for it."""

    place: str
    confidence: float
    words: tuple[str, ...]


class Suggester:
    """Holds the vectors of all activities; the cost of a look is that of the item's words."""

    def __init__(self, activities: Iterable[Described]) -> None:
        described = list(activities)
        texts = [set(said) for each in described for said in each.said]
        texts += [{*each.name, *each.text} for each in described]
        seen_in = Counter(word for words in texts for word in words)
        self._idf = {word: math.log((1 + len(texts)) / (1 + n)) + 1 for word, n in seen_in.items()}
        self._places: dict[str, list[tuple[str, float]]] = {}
        for each in described:
            for word, weight in self._unit(_weights(each)).items():
                self._places.setdefault(word, []).append((each.place, weight))

    def suggest(self, words: Sequence[str]) -> Suggested | None:
        """The activity, or None: it abstains."""
        said = self._unit({word: 1.0 + math.log(n) for word, n in Counter(words).items()})
        scores: Counter[str] = Counter()
        shared: dict[str, list[tuple[float, str]]] = {}
        for word, weight in said.items():
            for place, there in self._places.get(word, ()):
                scores[place] += weight * there  # type: ignore[assignment]  # weights are no whole numbers
                shared.setdefault(place, []).append((weight * there, word))
        ranked = scores.most_common(2)
        if not ranked:
            return None
        place, score = ranked[0]
        next_best = ranked[1][1] if len(ranked) > 1 else 0.0
        if score < THRESHOLD or score < MARGIN * next_best or len(shared[place]) < FEWEST:
            return None
        telling = tuple(word for _score, word in sorted(shared[place], reverse=True)[:4])
        return Suggested(place, round(min(MOST_CONFIDENCE, float(score)), 3), telling)

    def _unit(self, weights: Mapping[str, float]) -> dict[str, float]:
        unseen = max(self._idf.values(), default=1.0)
        found = {word: weight * self._idf.get(word, unseen) for word, weight in weights.items()}
        length = math.sqrt(sum(each * each for each in found.values())) or 1.0
        return {word: weight / length for word, weight in found.items()}


def _weights(each: Described) -> dict[str, float]:
    found: dict[str, float] = {}
    for words, counts in ((each.name, NAME_COUNTS), (each.text, TEXT_COUNTS)):
        for word in set(words):
            found[word] = found.get(word, 0.0) + counts
    said = Counter(word for words in each.said for word in set(words))
    for word, n in said.items():
        found[word] = found.get(word, 0.0) + 1.0 + math.log(n)
    return found
