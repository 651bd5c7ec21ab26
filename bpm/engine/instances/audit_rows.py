"""What goes on the audit trail of a step that somebody commanded; what the engine does by itself is on its own record.

Jobs, timers and messages between processes have nobody who decided them: `StepRecord` holds those.
"""

from collections.abc import Mapping
from typing import Any

from bpm import audit
from bpm.engine.rules.audit_names import case
from bpm.foundation.work import SYSTEM, Work

_AFTER = {"cancel": "cancelled", "suspend": "suspended", "resume": "active"}
"""Command of an operator -> the status it leaves."""
COMMANDED = frozenset(
    {"cancel", "set_variables", "skip", "move", "retry", "suspend", "resume", "migrate", "job", "restart"}
)


def is_commanded(work: Work) -> bool:
    """Whether somebody acts, and not the engine by itself."""
    return work.actor.is_person or work.actor.name != SYSTEM.name


def record_step(
    work: Work, instance_id: int, command: str, *, reason: str | None, detail: Mapping[str, Any] | None
) -> None:
    """Put an operator's act on the trail; completions and starts have rows of their own."""
    if command not in COMMANDED or not is_commanded(work) or (command == "job" and reason is None):
        return
    said = dict(detail or {})
    before, after = dict(said.pop("before", None) or {}), dict(said.pop("after", None) or {})
    for name, label in (("was", "status"), ("from", "from")):
        if name in said:
            before[label] = said.pop(name)
    if command == "resume":
        before["status"] = "suspended"
    if command in _AFTER:
        after["status"] = _AFTER[command]
    audit.record(work, f"case.{command}", case(instance_id), before=before, after={**said, **after}, reason=reason)
