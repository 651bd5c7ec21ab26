"""How long what ended is kept: the wish to keep less, and the erasing."""

from bpm.engine.definitions.retention.changes import (
    MOST_DAYS,
    Loss,
    apply_due_changes,
    confirm_retention,
    loss_of,
    needs_confirmation,
    set_retention,
    stop_retention,
    waiting_change,
)
from bpm.engine.definitions.retention.erasing import sweep_retention

__all__ = [
    "MOST_DAYS",
    "Loss",
    "apply_due_changes",
    "confirm_retention",
    "loss_of",
    "needs_confirmation",
    "set_retention",
    "stop_retention",
    "sweep_retention",
    "waiting_change",
]
