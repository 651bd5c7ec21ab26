"""The closed lists of customers' own processes."""

from enum import StrEnum


class WaySource(StrEnum):
    """How a customer's own process came."""

    TYPED = "typed"
    CSV = "csv"
    BPMN = "bpmn"
    PORTAL = "portal"
    """The customer wrote it on their own page."""


class WayStatus(StrEnum):
    """What became of it."""

    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class StepKind(StrEnum):
    """What a case on a customer's own way did at a step."""

    LEFT_OUT = "left_out"
    """Optional, and not on the way of the customer."""
    KEPT = "kept"
    """Not on the way of the customer, and mandatory."""
    ADDED = "added"
    """A step of the customer's own, given to people as a task."""
    EARLIER = "earlier"
    """Taken before its place in the official order."""
