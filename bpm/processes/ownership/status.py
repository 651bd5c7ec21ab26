"""The closed lists of what is owned together."""

from enum import StrEnum


class OwnerKind(StrEnum):
    """What a person answers for in a process."""

    FUNCTION = "function"
    """For a function of the company: marketing, IT, operations."""
    VOICE = "voice"
    """For its customers: their named voice in it."""


class GoalStatus(StrEnum):
    """Of a goal."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"
