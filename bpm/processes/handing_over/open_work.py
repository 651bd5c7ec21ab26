"""What is open below an item, so that nobody decides on it unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import feedback
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback import OpenHandOverError
from bpm.feedback.models import Decision, Distribution
from bpm.feedback.triage.distribution import taker_name, versions_of
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.attribution import SAME_CONVERSATION
from bpm.processes.models import Attribution


@dataclass(frozen=True)
class OpenWork:
    """Work that goes on below an item: who has it (or the case's process), since when, until when."""

    who: str
    since: datetime
    due_at: datetime | None
    case_id: int | None
    is_hand_over: bool


def open_below(work: Work, item_id: int) -> tuple[OpenWork, ...]:
    """Hand-overs that are open, then other cases that run for the item (any version of it)."""
    handed = feedback.list_open(work, item_id)
    found = [OpenWork(taker_name(work, row), row.at, row.due_at, row.case_id, is_hand_over=True) for row in handed]
    known = {row.case_id for row in handed}
    rows = work.session.execute(
        select(ProcessInstance.id, ProcessInstance.started_at, ProcessDefinition.name)
        .join(Attribution, Attribution.instance_id == ProcessInstance.id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(
            Attribution.item_id.in_(versions_of(item_id)),
            Attribution.valid_to.is_(None),
            Attribution.confidence >= SAME_CONVERSATION,
            ProcessInstance.ended_at.is_(None),
        )
        .order_by(ProcessInstance.id)
        .distinct()
    )
    return (*found, *(OpenWork(name, since, None, case, is_hand_over=False)
                      for case, since, name in rows if case not in known))  # fmt: skip


def names_of(work: Work, rows: Sequence[Distribution]) -> str:
    """Who has it, in words."""
    return ", ".join(taker_name(work, row) for row in rows)


def decide(work: Work, item_id: int, decision: str, *, reason: str, knowing: bool = False) -> Decision:
    """Decide on an item as a person does: what is open below it is named first, unless they say that they know.

    Raises OpenHandOverError for that, and what `feedback.decide` raises.
    """
    open_ones = () if knowing else open_below(work, item_id)
    if open_ones:
        names = ", ".join(each.who for each in open_ones)
        raise OpenHandOverError(
            _("Work on it is still open: %(names)s.") % {"names": names},
            remedy=_("Wait for it, take it back, or say that you know and decide all the same."),
        )
    return feedback.decide(work, item_id, decision, reason=reason, knowing=True)
