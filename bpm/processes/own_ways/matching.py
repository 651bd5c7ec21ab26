"""Which step of a customer's own process is which activity of ours: pure; abstains where it is not clear.

1. The same words, whatever their case and marks, are the same step.
2. The same words once synonyms are put for one another are likely the same step: a person confirms it.
3. So are words that are alike (token set ratio of 88 or more) where no other activity comes within 8 of that.
Everything else is a step of the customer's own until a person says which it is. No activity is taken twice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import token_set_ratio

SAME, SYNONYM, LIKELY, BY_HAND = "same name", "synonym", "likely", "by hand"
ALIKE, AHEAD = 88, 8
"""Of 100: how alike words have to be, and how much more than those of any other activity."""
_SMALL = frozenset({
    "a", "an", "the", "to", "of", "for", "my", "our", "your", "it", "its", "them", "their", "with", "by", "and", "then",
    "please", "in", "on", "at",
})  # fmt: skip
_SYNONYMS = (
    ("check", "inspect", "verify", "examine", "review", "assess", "look"),
    ("answer", "reply", "respond"),
    ("call", "phone", "ring", "telephone"),
    ("send", "ship", "dispatch", "post", "mail"),
    ("pay", "refund", "reimburse", "repay"),
    ("repair", "mend", "fix"),
    ("tell", "inform", "notify", "update"),
    ("get", "receive", "collect", "obtain"),
    ("ask", "request"),
    ("confirm", "approve", "accept"),
    ("complaint", "problem", "issue"),
    ("order", "purchase"),
    ("parcel", "package", "delivery"),
    ("customer", "client", "me"),
    ("close", "finish", "end", "complete"),
    ("write", "record", "note", "register", "log"),
)
_HEADS = {word: group[0] for group in _SYNONYMS for word in group}


@dataclass(frozen=True)
class Match:
    """A step of a customer's with the activity that it is; empty `element`: a step of the customer's own."""

    text: str
    element: str = ""
    how: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether nobody needs to confirm it."""
        return self.how in ("", SAME, BY_HAND)


def match(steps: Sequence[str], names: Mapping[str, str]) -> tuple[Match, ...]:
    """Each step with its activity of `names` ({id: name}), in order."""
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for how, form in ((SAME, _plain), (SYNONYM, _meant)):
        by_form: dict[str, list[str]] = {}
        for element, name in names.items():
            by_form.setdefault(form(name), []).append(element)
        for place, text in enumerate(steps):
            there = [each for each in by_form.get(form(text), ()) if each not in taken]
            if place not in found and form(text) and len(there) == 1:
                found[place] = Match(text, there[0], how)
                taken.add(there[0])
    _alike(steps, names, found, taken)
    return tuple(found.get(place, Match(text)) for place, text in enumerate(steps))


def _alike(steps: Sequence[str], names: Mapping[str, str], found: dict[int, Match], taken: set[str]) -> None:
    """The most alike first, where nothing else is nearly as alike on either side."""
    scores = {
        (place, element): token_set_ratio(_meant(text), _meant(name))
        for place, text in enumerate(steps)
        for element, name in names.items()
        if place not in found and element not in taken
    }
    for (place, element), score in sorted(scores.items(), key=lambda pair: -pair[1]):
        if score < ALIKE:
            return
        others = [
            other
            for (its, which), other in scores.items()
            if (its == place) != (which == element) and its not in found and which not in taken
        ]
        if place not in found and element not in taken and all(score - other >= AHEAD for other in others):
            found[place] = Match(steps[place], element, LIKELY)
            taken.add(element)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _meant(text: str) -> str:
    """The words that carry the meaning, each by the head of its synonyms, in the order of the alphabet."""
    words = (_HEADS.get(word) or _HEADS.get(_one(word), _one(word)) for word in _plain(text).split())
    return " ".join(sorted({word for word in words if word not in _SMALL}))


def _one(word: str) -> str:
    """Of several one: photos -> photo."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def same_step(text: str) -> str:
    """The form under which the same wish of several customers is one."""
    return _meant(text) or _plain(text)
