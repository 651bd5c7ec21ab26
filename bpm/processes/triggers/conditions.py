"""When a trigger fires: a pure predicate over the plain values of an item and its classification."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from bpm.feedback import CHANNELS, KINDS
from bpm.foundation.errors import InvalidInputError

HOLDS_FROM = 0.5
"""A kind other than the primary one holds from this probability on."""


@dataclass(frozen=True)
class ItemFacts:
    """What a trigger may look at. Reach is not among it: it never buys priority (law 4)."""

    item_id: int
    text: str
    channel: str
    said_at: datetime | None
    """None: nobody knows; then it is never fresh."""
    kinds: Mapping[str, float] = field(default_factory=dict)
    primary: str = ""
    topic: str = ""
    sentiment: float = 0.0
    """-1 to 1."""
    urgency: int = 0
    """0 to 3."""
    confidence: float = 0.0
    abstained: bool = False
    source: str = ""
    subject: str = ""
    customer_name: str = ""
    customer_id: int | None = None
    conversation_id: int | None = None
    rating: float | None = None
    url: str = ""


@dataclass(frozen=True)
class Conditions:
    """All that are given must hold; an empty list, None or empty text takes anything."""

    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    min_urgency: int = 0
    max_sentiment: float | None = None
    min_confidence: float = 0.0
    text: str = ""
    """Words that must all occur in the item's text or subject, whatever their case."""
    max_age_days: int | None = None
    """An item said longer ago than this does not fire: loading an archive must not open a thousand cases."""
    unsure: bool = False
    """Whether items that the classifier abstained on may fire."""

    @property
    def number(self) -> int:
        """How many of them are given: the more, the closer the trigger looks."""
        return sum(getattr(self, each.name) != each.default for each in fields(self))

    def as_dict(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def conditions_of(values: Mapping[str, Any]) -> Conditions:
    """`values` as Conditions; InvalidInputError names each field that does not fit."""
    problems = _problems(values)
    if problems:
        raise InvalidInputError(
            "The conditions of the trigger do not fit.", remedy=" ".join(problems.values()), fields=problems
        )
    given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    given |= {name: tuple(given.get(name) or ()) for name in ("kinds", "topics", "channels")}
    return Conditions(**given)


def _problems(values: Mapping[str, Any]) -> dict[str, str]:
    problems = {}
    unknown = sorted(set(values) - {f.name for f in fields(Conditions)})
    if unknown:
        problems["conditions"] = f"There is no condition {', '.join(unknown)}."
    for name, known in (("kinds", KINDS), ("channels", CHANNELS)):
        strange = sorted(set(values.get(name) or ()) - set(known))
        if strange:
            problems[name] = f"There is no {', '.join(strange)}; choose from {', '.join(known)}."
    for name, low, high in (
        ("min_urgency", 0, 3),
        ("max_sentiment", -1, 1),
        ("min_confidence", 0, 1),
        ("max_age_days", 1, 3650),
    ):
        value = values.get(name)
        if value is not None and not (isinstance(value, int | float) and low <= value <= high):
            problems[name] = f"Give {name.replace('_', ' ')} as a number from {low} to {high}."
    return problems


def misses(conditions: Conditions, facts: ItemFacts, *, now: datetime) -> list[str]:
    """Names of the conditions that `facts` do not meet, in the order of the sentence; empty: the trigger fires."""
    tests = {
        "unsure": conditions.unsure or not facts.abstained,
        "kinds": not conditions.kinds or any(_holds(kind, facts) for kind in conditions.kinds),
        "topics": not conditions.topics or facts.topic in conditions.topics,
        "channels": not conditions.channels or facts.channel in conditions.channels,
        "min_urgency": facts.urgency >= conditions.min_urgency,
        "max_sentiment": conditions.max_sentiment is None or facts.sentiment <= conditions.max_sentiment,
        "min_confidence": facts.confidence >= conditions.min_confidence or (conditions.unsure and facts.abstained),
        "text": _has_words(conditions.text, facts),
        "max_age_days": conditions.max_age_days is None
        or (facts.said_at is not None and facts.said_at >= now - timedelta(days=conditions.max_age_days)),
    }
    return [name for name, met in tests.items() if not met]


def _holds(kind: str, facts: ItemFacts) -> bool:
    return facts.primary == kind or facts.kinds.get(kind, 0.0) >= HOLDS_FROM


def _has_words(words: str, facts: ItemFacts) -> bool:
    said = f"{facts.subject}\n{facts.text}".casefold()
    return all(word in said for word in words.casefold().split())


def sentence(conditions: Conditions) -> str:
    """The conditions as a designer reads them: `a complaint about returns arrives on any channel with …`."""
    kinds = _one_of([kind.replace("_", " ") for kind in conditions.kinds]) or "item of any kind"
    about = f" about {_one_of(list(conditions.topics))}" if conditions.topics else ""
    channels = _one_of(list(conditions.channels)) or "any channel"
    more = [
        f"urgency {conditions.min_urgency} or more" if conditions.min_urgency else "",
        f"sentiment {conditions.max_sentiment:g} or less" if conditions.max_sentiment is not None else "",
        f"the words “{conditions.text}”" if conditions.text else "",
        f"confidence {conditions.min_confidence:.2f} or more" if conditions.min_confidence else "",
    ]
    extra = ", ".join(part for part in more if part)
    article = "an" if kinds[0] in "aeiou" else "a"
    fresh = f", said in the last {conditions.max_age_days} days" if conditions.max_age_days is not None else ""
    unsure = ", even when the classifier is unsure" if conditions.unsure else ""
    return f"{article} {kinds}{about} arrives on {channels}{' with ' + extra if extra else ''}{fresh}{unsure}"


def _one_of(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
