"""Which words are negative and which positive: one border for lists, searches, figures, alarms and verdicts."""

NEGATIVE, POSITIVE = -0.25, 0.25
"""From this sentiment down an item is negative (-1 to 1), above the other one positive; between them it is neutral."""


def is_negative(sentiment: float | None) -> bool:
    """Whether it counts as negative; what was not read, or nobody is sure of, never does."""
    return sentiment is not None and sentiment <= NEGATIVE


def is_positive(sentiment: float | None) -> bool:
    return sentiment is not None and sentiment > POSITIVE


def tone_of(sentiment: float | None) -> str:
    """negative, neutral or positive; empty where nobody knows."""
    if sentiment is None:
        return ""
    return "negative" if is_negative(sentiment) else "positive" if is_positive(sentiment) else "neutral"
