"""Kinds of link, never mixed: what customers lived through counts, the rest is told apart."""

from bpm.processes.attribution.kinds import LIVED
from bpm.processes.status import LinkKind

ORDER = (
    LinkKind.BY_HAND, LinkKind.SAID_DURING, LinkKind.SAID_AFTER, LinkKind.ABOUT_ARTEFACT, LinkKind.OPENED_BY,
    LinkKind.SAID_BEFORE, LinkKind.SUGGESTED,
)  # fmt: skip
"""An item that is linked to the same place in several ways counts there once, under the first of these."""

INSTANT = (
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateThrowEvent",
    "exclusiveGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
)
"""Elements at which no time passes. At a parallel gateway branches wait for each other; behind an event-based one it
is its events that wait."""

__all__ = ["INSTANT", "LIVED", "ORDER"]
