"""What may enter an instance as a variable: plain JSON values under names that hide nothing of the engine's own."""

import keyword
from collections.abc import Mapping
from typing import Any

import orjson

from bpm.engine.plain_values import problem_of
from bpm.foundation.errors import InvalidInputError, TooLargeError

COUNTERS = ("loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")
RESERVED = frozenset({"variable", "has_variable", *COUNTERS, *keyword.kwlist})
"""Names that mean something to expressions themselves."""

LONGEST_NAME = 200
LARGEST = 1_000_000
"""Bytes of JSON that one command may bring."""


def admit(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as plain JSON, or InvalidInputError with a message per name, or TooLargeError."""
    fields = {str(name): problem for name in values if (problem := name_problem(name))}
    if fields:
        first = next(iter(fields))
        raise InvalidInputError(
            "These variables were not taken.", place=first, remedy=fields[first], fields=fields
        )  # fmt: skip
    return plain(values)


def name_problem(name: object) -> str:
    """Why `name` cannot be a variable, or nothing."""
    if not isinstance(name, str) or not name.strip():
        return "A variable needs a name."
    if len(name) > LONGEST_NAME:
        return f"Use a name of at most {LONGEST_NAME} characters."
    if name.startswith("_"):
        return "Names that start with _ belong to the engine; choose another."
    if name in RESERVED:
        return f"The name {name} is reserved; choose another."
    return ""


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as JSON that every database keeps; InvalidInputError or TooLargeError for what is none."""
    taken = dict(values)
    if problem := problem_of(taken):
        raise InvalidInputError(
            f"A variable cannot be kept: {problem}.",
            remedy="Send text without NUL characters, finite numbers, true, false, lists and objects.",
        )
    text = orjson.dumps(taken)
    if len(text) > LARGEST:
        raise TooLargeError(
            f"The variables come to {len(text)} bytes.", remedy=f"Send at most {LARGEST} bytes in one command."
        )
    admitted: dict[str, Any] = orjson.loads(text)
    return admitted
