"""Durations as people give them: an amount and a unit; kept as ISO 8601."""

import re

UNITS = (("M", "minutes"), ("H", "hours"), ("D", "days"), ("W", "weeks"))
"""(letter of ISO 8601, word), minutes behind a T."""
_SIMPLE = re.compile(r"P(?:(\d+)([DW])|T(\d+)([MH]))")


def in_unit(text: str) -> tuple[str, str]:
    """(amount, letter of the unit) of a duration; one of several units stays as it is, and days are offered."""
    found = _SIMPLE.fullmatch(text)
    if found is None:
        return text, "D"
    return (found[1], found[2]) if found[1] else (found[3], found[4])


def from_unit(amount: str, unit: str) -> str:
    """The duration as ISO 8601; ValueError where the amount is neither a whole number nor a duration itself."""
    if re.fullmatch(r"P[0-9YMWDTHS]+", amount):
        return amount
    number = int(amount)
    if number < 0 or unit not in dict(UNITS):
        raise ValueError(amount)
    return f"PT{number}{unit}" if unit in "MH" else f"P{number}{unit}"
