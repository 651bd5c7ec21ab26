"""What a classifier makes of one item: a claim with its probabilities and its reasons."""

from dataclasses import dataclass, field

KINDS = ("complaint", "question", "request", "praise", "suggestion", "cancellation", "outage_report", "other")
"""What a customer can be doing by saying something; several may hold."""


@dataclass(frozen=True)
class Evidence:
    """The characters `start` to `end` of the text that spoke for `label`; negative `weight` spoke against."""

    start: int
    end: int
    text: str
    label: str
    weight: float


@dataclass(frozen=True)
class Aspect:
    """The characters `start` to `end` of the text and what they alone say; `topic` None: none is sure enough."""

    start: int
    end: int
    kind: str
    topic: str | None
    sentiment: float


NOT_READ, NOT_SURE, NOTHING_KNOWN = "language not read", "language not sure", "no known words"
"""Notes of a reading: it abstained because of the language; it may be another language; nothing in it was known."""


@dataclass(frozen=True)
class ClassificationResult:
    """One classifier's claim about one item.

    `kinds` maps each label to its probability 0..1; `primary` is the one to act on first; `sentiment` -1..1;
    `urgency` 0..3; `confidence` 0..1 of `primary`; `abstained`: not sure enough, a person decides.
    """

    model_version: str
    kinds: dict[str, float]
    primary: str
    sentiment: float
    urgency: int
    topic: str | None
    confidence: float
    abstained: bool
    evidence: tuple[Evidence, ...] = field(default=())
    aspects: tuple[Aspect, ...] = field(default=())
    """Two or more when parts of the text speak of different things; the other fields are of the whole."""
    note: str = ""
    """Why it abstained, or what makes it doubtful; one of the notes above, or nothing."""
