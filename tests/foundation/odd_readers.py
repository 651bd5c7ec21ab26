"""Readers for tests: what they make of foreign bytes, and how they fail."""

from collections import Counter

from bpm.foundation.errors import InvalidInputError


def count_words(content: bytes, between: str) -> dict[str, int]:
    words = [each for each in content.decode().split(between) if each]
    if not words:
        raise InvalidInputError("There are no words.", place="the beginning", remedy="Write some.")
    return dict(Counter(words))


def spin(_content: bytes) -> None:
    from bpm.foundation.bounded_child import bound_cpu

    bound_cpu(0.05)
    while True:
        pass
