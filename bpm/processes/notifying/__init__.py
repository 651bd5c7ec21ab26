"""Who is told of what happens to tasks, versions, failures, imports and bulk actions."""

from bpm.processes.notifying.deputies import sweep_deputies
from bpm.processes.notifying.due import SOON, due_kind, sweep_due
from bpm.processes.notifying.offers import newest_task, sweep_offers
from bpm.processes.notifying.settling import sweep_settled
from bpm.processes.notifying.teamwork import sweep_watched
from bpm.processes.notifying.wiring import TELLERS, wire_notices

__all__ = [
    "SOON",
    "TELLERS",
    "due_kind",
    "newest_task",
    "sweep_deputies",
    "sweep_due",
    "sweep_offers",
    "sweep_settled",
    "sweep_watched",
    "wire_notices",
]
