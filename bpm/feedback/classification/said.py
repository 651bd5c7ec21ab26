"""What is read: somebody's words, and what is known beside them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """Words with their circumstances; all but the text may be unknown.

    `channel`: where it was said, "" when unknown. `question`: what a survey asked for this answer, in its own words.
    `rating`: the number that the author gave, on the source's own scale. `language`: ISO 639-1 with its probability.
    """

    text: str
    channel: str = ""
    question: str = ""
    rating: float | None = None
    language: str | None = None
    language_p: float = 0.0
