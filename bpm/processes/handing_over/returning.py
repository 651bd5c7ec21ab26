"""What was handed over comes back in the step that ends the work: onto the item, its conversation and to its advocate.

1. The shipped process throws the message `handed_over_returned` with the item's number as its key: it reaches a process
   that waits for it (`engine.correlate`), and here the hand-over that its case works on.
2. A case of another process comes back when it ends; one that was ended by hand counts as taken back.
All of it runs in the transaction that completes the task.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm import feedback, notices
from bpm.engine.events import InstanceEnded, MessageThrown
from bpm.engine.models import ProcessInstance
from bpm.engine.status import InstanceStatus
from bpm.feedback.events import ItemReturned
from bpm.feedback.models import Distribution
from bpm.feedback.status import DistributionStatus
from bpm.feedback.triage.distribution import taker_name
from bpm.foundation.bus import Bus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.handing_over.shipped import RETURNED

OUTCOMES, RESULTS = ("outcome", "decision"), ("result", "reason")
"""Variables in which a process says what came of it, and what came out; the first that it has."""


def wire(bus: Bus) -> None:
    """Let what comes back come back."""
    bus.subscribe(MessageThrown, on_message)
    bus.subscribe(InstanceEnded, on_ended)
    bus.subscribe(ItemReturned, on_returned)


def on_message(work: Work, event: MessageThrown) -> None:
    """The work on a hand-over is done."""
    if event.event != RETURNED:
        return
    row = feedback.find_by_case(work, event.instance_id)
    if row is not None:
        feedback.give_back(work, row, outcome=_first(event.payload, OUTCOMES), result=_first(event.payload, RESULTS))


def on_ended(work: Work, event: InstanceEnded) -> None:
    """A case that worked on a hand-over is over."""
    row = feedback.find_by_case(work, event.instance_id)
    if row is None or _still_to_say(work, event.instance_id):
        return
    if event.status != InstanceStatus.COMPLETED:
        feedback.take_back(work, row, why=_("Its case was ended before anything came out."))
        return
    known = work.session.scalar(select(ProcessInstance.variables).where(ProcessInstance.id == event.instance_id)) or {}
    feedback.give_back(work, row, outcome=_first(known, OUTCOMES) or "done", result=_first(known, RESULTS))


def _still_to_say(work: Work, case_id: int) -> bool:
    """Its message is among what is handled next."""
    return any(
        isinstance(each, MessageThrown) and each.instance_id == case_id and each.event == RETURNED
        for each in work.events
    )


def on_returned(work: Work, event: ItemReturned) -> None:
    """Tell who handed it over."""
    row = work.session.get_one(Distribution, event.distribution_id)
    if row.user_id is None or row.status != DistributionStatus.RETURNED:
        return
    words = {"who": taker_name(work, row), "number": row.item_id, "outcome": row.outcome.replace("_", " ")}
    subject = _("Back from %(who)s, feedback %(number)s: %(outcome)s") % words
    told = f"{subject}: {row.result}" if row.result else subject
    notices.raise_for(
        work, [row.user_id], "returned", told, f"/inbox/{row.item_id}",
        about=("hand_over", row.id), key=f"returned:{row.id}",
    )  # fmt: skip


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(values[name]) for name in names if values.get(name) not in (None, "")), "")
