"""The closed lists of alarms: what is watched, what people made of an alarm, where a baseline comes from."""

from enum import StrEnum


class Watched(StrEnum):
    """What a watched series measures."""

    NEGATIVE = "negative"
    """Share of the items that are negative."""
    COMPLAINTS = "complaints"
    """Complaints per pass, at an activity; per case that began, of a process."""
    WAITING = "waiting"
    """How long it is waited, as the mean of its logarithm."""
    THEME = "theme"
    """Items of a theme a day."""


class AlarmStatus(StrEnum):
    """What people made of an alarm."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    CLOSED = "closed"


class CauseKind(StrEnum):
    """What may have caused an alarm."""

    VERSION = "version"
    INCIDENT = "incident"
    SOURCE = "source"
    HOLIDAY = "holiday"
    TRIGGER = "trigger"
    OTHER = "other"
    """In the words of the person who names it."""


class BaselineOrigin(StrEnum):
    """Why a baseline begins where it does."""

    FIRST = "first"
    """There is nothing before it."""
    VERSION = "version"
    DECISION = "decision"
    """A person decided that from here on another level is the usual one."""
