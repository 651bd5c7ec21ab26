"""Cases that one sentence opened together: which they are, and which of them leads.

The case that was opened first leads: a message comes before a start, the trigger that asks for most before others
(`triggers.firing`). That is a fact of the firings and stays, whatever happens to the triggers' conditions later; the
lead says who speaks with the customer, and changes no figure: each case counts in its own process.
"""

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Attribution, TriggerFiring


@dataclass(frozen=True)
class OpenedCase:
    """One of several cases that an item opened."""

    instance_id: int
    process_name: str
    status: str
    leads: bool


def cases_opened_by(work: Work, item_id: int) -> tuple[OpenedCase, ...]:
    """The cases that an item (any version of it) opened, the leading one first; empty unless there are several."""
    versions = select(func.coalesce(FeedbackItem.first_id, FeedbackItem.id)).where(FeedbackItem.id == item_id)
    return _rows(work, versions)


def cases_opened_with(work: Work, instance_id: int) -> tuple[OpenedCase, ...]:
    """The cases that were opened by the sentence that opened this one, itself among them; empty for a case alone."""
    # By way of the links, which have an index by instance; ended ones too, for they happened.
    linked = (
        select(func.coalesce(FeedbackItem.first_id, FeedbackItem.id))
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .where(Attribution.instance_id == instance_id)
    )
    opened_it = select(TriggerFiring.item_id).where(
        TriggerFiring.item_id.in_(linked),
        TriggerFiring.outcome == "started",
        TriggerFiring.instance_id == instance_id,
    )
    return _rows(work, opened_it)


def _rows(work: Work, items: Select[int]) -> tuple[OpenedCase, ...]:
    rows = work.session.execute(
        select(ProcessInstance.id, ProcessDefinition.name, ProcessInstance.status)
        .join(TriggerFiring, TriggerFiring.instance_id == ProcessInstance.id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(TriggerFiring.item_id.in_(items), TriggerFiring.outcome == "started")
        .order_by(TriggerFiring.id)
    ).all()
    if len(rows) < 2:
        return ()
    return tuple(OpenedCase(*row, leads=number == 0) for number, row in enumerate(rows))
