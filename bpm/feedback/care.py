"""How complex and how sensitive an item is: what routing and the choice of a channel go by. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Complexity(StrEnum):
    """What it takes to settle an item."""

    SIMPLE = "simple"
    HARDER = "harder"
    DIFFICULT = "difficult"


class Sensitivity(StrEnum):
    """Where an item may be spoken about: anywhere, with the person alone, or only where both are known."""

    OPEN = "open"
    PERSONAL = "personal"
    DELICATE = "delicate"


@dataclass(frozen=True)
class Care:
    """A level and what speaks for it, in words for people."""

    level: Complexity | Sensitivity
    because: str


OF_TOPIC: Mapping[str, Complexity] = {
    "information": Complexity.SIMPLE,
    "booking": Complexity.SIMPLE,
    "account": Complexity.SIMPLE,
    "delivery": Complexity.SIMPLE,
    "returns": Complexity.SIMPLE,
    "other": Complexity.SIMPLE,
    "payment": Complexity.HARDER,
    "billing": Complexity.HARDER,
    "quality": Complexity.HARDER,
    "staff": Complexity.HARDER,
    "fault": Complexity.HARDER,
    "contract": Complexity.HARDER,
    "credit": Complexity.DIFFICULT,
    "fraud": Complexity.DIFFICULT,
}
"""The shipped table; a company overrides it by topic, with a reason."""
_DELICATE_TOPICS = frozenset({"fraud", "credit"})
_DELICATE_MASKS = frozenset({"card", "iban", "ssn", "account"})
_BRANCH = " / "
_MASK = re.compile(r"\[(phone|card|iban|ssn|email|name|address|account)\]")


def complexity_of(topic: str | None, decided: Mapping[str, tuple[str, str]] | None = None) -> Care:
    """By the topic, else by what it is part of; `decided` maps a topic to (complexity, reason) and comes first."""
    for path in _upwards(topic):
        if decided and path in decided:
            level, reason = decided[path]
            return Care(Complexity(level), f"{path}: {reason}")
        if path in OF_TOPIC:
            return Care(OF_TOPIC[path], path)
    return Care(Complexity.HARDER, topic or "no topic")


def sensitivity_of(masked: Collection[str], topic: str | None) -> Care:
    """By the kinds of private data that were masked in the text, and by the topic."""
    delicate = sorted(_DELICATE_MASKS & set(masked))
    if delicate:
        return Care(Sensitivity.DELICATE, ", ".join(delicate))
    about = next((path for path in _upwards(topic) if path in _DELICATE_TOPICS), None)
    if about:
        return Care(Sensitivity.DELICATE, about)
    if masked:
        return Care(Sensitivity.PERSONAL, ", ".join(sorted(set(masked))))
    return Care(Sensitivity.OPEN, "")


def masked_in(text: str) -> frozenset[str]:
    """The kinds of private data whose names stand in a masked text."""
    return frozenset(_MASK.findall(text))


def _upwards(topic: str | None) -> Iterator[str]:
    parts = topic.split(_BRANCH) if topic else []
    for size in range(len(parts), 0, -1):
        yield _BRANCH.join(parts[:size])
