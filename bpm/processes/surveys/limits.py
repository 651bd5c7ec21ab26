"""When somebody is not asked, and when it has to wait. Pure.

At most once a person within some days, never during an incident, never who does not want to be asked, never while
another of their matters is open, and not at night where they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Circumstances:
    """What is known of somebody who would be asked now."""

    now: datetime
    last_asked_at: datetime | None = None
    has_opted_out: bool = False
    is_gone: bool = False
    """Erased, blocked, or the address is theirs no more."""
    has_open_matter: bool = False
    """Something they said since waits for a decision."""
    is_incident_open: bool = False
    awake_at: datetime | None = None
    """When it is day where they are; None: now."""


def why_not(known: Circumstances, *, days: int) -> str:
    """Why they are not asked at all about this matter; empty when they may be."""
    if known.is_gone:
        return "gone"
    if known.has_opted_out:
        return "opted out"
    if known.last_asked_at is not None and known.now - known.last_asked_at < timedelta(days=days):
        return "asked lately"
    return "not settled" if known.has_open_matter else ""


def why_wait(known: Circumstances) -> str:
    """Why they are asked later; empty when now is a good moment."""
    if known.is_incident_open:
        return "incident"
    return "night" if known.awake_at is not None and known.awake_at > known.now else ""
