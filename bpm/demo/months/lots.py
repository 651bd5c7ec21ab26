"""What befalls a customer of the demo's months, drawn by a lot of their own.

A lot follows from the seed, the customer's words that opened the case, and the place: from nothing else. So neither the
version that a case runs on nor what becomes of other customers moves it, and a change that changes nothing at a place
changes nobody's outcome there: what a trial shows of it is chance alone.
"""

from random import Random

QUIET = 0.03
HURTS = {"call_customer": 0.9, "put_order_right": 0.3}
"""Activity -> how often who stands there speaks up in anger; `QUIET` at any other."""


def lot(seed: int, *places: object) -> Random:
    """Draws of their own for a customer at a place."""
    return Random("/".join(map(str, (seed, *places))))  # noqa: S311 (a story, not a secret)


def speaks_up(seed: int, opener: str, element: str) -> bool:
    """Whether who opened a case with these words (their key) speaks up in anger at that activity."""
    return lot(seed, opener, element, "hurt").random() < HURTS.get(element, QUIET)
