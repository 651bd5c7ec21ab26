"""Gestures as the page of an item shows them."""

from dataclasses import dataclass

from bpm.foundation.work import Work
from bpm.processes import goodwill
from bpm.processes.goodwill import GestureRow


@dataclass(frozen=True)
class GesturePart:
    """Those for an item, and what the reader gives without asking (cents)."""

    rows: tuple[GestureRow, ...]
    limit: int
    currency: str


def gesture_part(unit: Work, item_id: int) -> GesturePart:
    """All of an item."""
    rules = goodwill.get_rules(unit)
    return GesturePart(goodwill.gestures_of(unit, item_id), rules.limit_of(unit.actor.name), rules.currency)
