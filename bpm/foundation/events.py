"""Domain events: facts that one room states and another acts on; the rooms define their own in `<room>/events.py`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Parent of all domain events."""
