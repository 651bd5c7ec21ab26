"""feedback.decide: writes what a person decided in a form as the item's decision, with its reason (law 2)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bpm import feedback
from bpm.engine.api import BpmnError, JobCall
from bpm.feedback.models import Decision
from bpm.foundation.work import Work
from bpm.identity import actor_of
from bpm.processes.service_tasks.inputs import BAD_INPUT, find_item, person_behind, read_text

DECISIONS = ("do", "not_now", "no", "no_reply_wanted")


def decide(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: decision, reason. Out: decided, decided_by. Done twice it writes once.

    Without an item behind the case nothing is written and `decided` is false.
    """
    decision = read_text(call.payload, "decision")
    if decision not in DECISIONS:
        raise BpmnError(BAD_INPUT, f"“{decision}” is no decision; choose from {', '.join(DECISIONS)}.")
    reason = read_text(call.payload, "reason", default=f"Decided in process instance {call.instance_id}.")
    item, person = find_item(work, call), person_behind(work, call)
    if item is None:
        return {"decided": False, "decided_by": ""}
    last = work.session.scalar(select(Decision).where(Decision.item_id == item.id).order_by(Decision.id.desc()))
    if last is None or (last.decision, last.reason) != (decision, reason):
        acting = replace(work, actor=actor_of(person)) if person else work
        feedback.decide(acting, item.id, decision, reason=reason, knowing=True)
    return {"decided": True, "decided_by": person.display_name if person else ""}
