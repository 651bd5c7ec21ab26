"""Distribute is work: an item goes to a group, a person or a process as a case, and is taken back again.

People get it as the one task of the shipped process `handed_over`; a process gets it as a case of its own. Several may
have one item at once: each has a case, all have the same item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from bpm import audit, feedback
from bpm.engine import api as engine
from bpm.engine.events import WorkItemAssigned
from bpm.engine.models import ProcessDefinition, ProcessInstance, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback import OpenHandOverError, Taker
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Distribution, FeedbackItem
from bpm.feedback.triage.distribution import LONGEST_NOTE
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import SYSTEM, Work
from bpm.identity import Permission, actor_of, demand, get_user, may
from bpm.processes import attribution, routing
from bpm.processes.handing_over.open_work import names_of
from bpm.processes.handing_over.shipped import HANDED_OVER, ensure_live
from bpm.processes.status import LinkKind
from bpm.processes.triggers.item_facts import facts_of, select_facts
from bpm.processes.triggers.item_fields import USUAL, map_fields

Existing = Literal["ask", "beside", "instead"]
MOST_AT_ONCE = 12
"""Groups, people and processes in one act."""


@dataclass(frozen=True)
class Order:
    """What is handed over to whom, until when; `existing`: what becomes of hand-overs that are open."""

    takers: tuple[Taker, ...]
    note: str = ""
    due_at: datetime | None = None
    existing: Existing = "ask"
    override: str = ""
    """Why somebody gets it who is not trained for its topic."""


def hand_over(work: Work, item_id: int, order: Order) -> list[Distribution]:
    """Hand an item to each of the takers; what is open already is asked about, or taken back first.

    Raises InvalidInputError (nobody chosen, unknown, has it already), OpenHandOverError (others have it and nothing is
    said of that), ForbiddenError, NotFoundError.
    """
    demand(work.actor, Permission.ANSWER)
    return hand_over_for_process(work, item_id, order)


def hand_over_for_process(work: Work, item_id: int, order: Order) -> list[Distribution]:
    """The same for a process that does what a person decided in its form."""
    item = get_current(work, item_id)
    takers = [_placed(work, taker) for taker in dict.fromkeys(order.takers)]
    if not takers or len(takers) > MOST_AT_ONCE:
        choose = _("Choose who gets it, %(most)s at most.") % {"most": MOST_AT_ONCE}
        raise InvalidInputError(_("Nobody was chosen."), remedy=choose, fields={"to": choose})
    if order.due_at is not None and order.due_at <= work.now():
        past = _("Choose a time that is still to come.")
        raise InvalidInputError(_("It would be due already."), remedy=past, fields={"due": past})
    _see_to_training(work, item, takers, order)
    _see_to_existing(work, item, takers, order)
    if any(not taker.process_key for taker in takers):
        ensure_live(work)
    return [_hand_to(work, item, taker, order) for taker in takers]


def take_back(work: Work, distribution_id: int, *, why: str) -> Distribution:
    """Nobody has to do it any more: its case is ended with the reason. ConflictError when it is over already."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(Distribution, distribution_id)
    if row is None:
        raise NotFoundError(_("There is no such hand-over."))
    if row.case_id is None or feedback.find_by_case(work, row.case_id) is None:
        raise ConflictError(_("It came back, or was taken back, in the meantime."), remedy=_("Look again."))
    reason = why.strip()
    if not reason:
        say = _("Say why; whoever had it reads it.")
        raise InvalidInputError(_("Nothing was taken back."), remedy=say, fields={"why": say})
    _take_back(work, row, reason)
    return row


def _take_back(work: Work, row: Distribution, why: str) -> None:
    feedback.take_back(work, row, why=why)
    if row.case_id is not None:
        # Who may hand over may take back: no right to repair cases is asked for.
        engine.cancel(replace(work, actor=_as_system(work)), row.case_id, reason=why)


def _as_system(work: Work) -> Any:
    return replace(SYSTEM, user_id=None, via=work.actor.via)


def _placed(work: Work, taker: Taker) -> Taker:
    """A person stands with a group of theirs, so that it is not everybody's to see; processes have to be live."""
    if taker.user_id is not None:
        person = get_user(work, taker.user_id)
        if not person.active or not may(actor_of(person), Permission.WORK):
            other = _("Choose somebody else.")
            named = _("%(name)s does not work on tasks.") % {"name": person.display_name}
            raise InvalidInputError(named, remedy=other, fields={"to": f"{named} {other}"})
        groups = sorted(group.key for group in person.groups)
        return Taker(group_key=groups[0] if groups else "", user_id=taker.user_id)
    if taker.process_key:
        live = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == taker.process_key)
        if taker.process_key == HANDED_OVER or work.session.scalar(live) is None:
            other = _("Choose one that is live.")
            raise InvalidInputError(_("This process is not live."), remedy=other, fields={"to": other})
    return taker


def _see_to_existing(work: Work, item: FeedbackItem, takers: Sequence[Taker], order: Order) -> None:
    open_ones = feedback.list_open(work, item.id)
    if not open_ones:
        return
    if order.existing == "instead":
        for row in open_ones:
            _take_back(work, row, order.note.strip() or _("Handed to somebody else."))
        return
    twice = [row for row in open_ones if taker_of(row) in takers]
    if twice:
        told = _("%(names)s has it already.") % {"names": names_of(work, twice)}
        raise InvalidInputError(told, remedy=_("Choose somebody else, or write to them there."), fields={"to": told})
    if order.existing == "ask":
        raise OpenHandOverError(
            _("%(names)s still has work to do on it.") % {"names": names_of(work, open_ones)},
            remedy=_("Say whether the new ones get it beside them, or instead of them."),
        )


def _see_to_training(work: Work, item: FeedbackItem, takers: Sequence[Taker], order: Order) -> None:
    """Nobody untrained gets it unseen; a reason is put on the trail."""
    for taker in takers:
        if taker.user_id is None:
            continue
        person = get_user(work, taker.user_id)
        if routing.demand_training(work, person, item.id, override=order.override):
            why = order.override.strip()[:600]
            after = {"person": person.display_name, "untrained, because": why}
            audit.record(work, "feedback.untrained", feedback_item(item.id), before={}, after=after, reason=why)


def taker_of(row: Distribution) -> Taker:
    """Whom a row was handed to."""
    return Taker(row.group_key, row.to_user_id, row.process_key)


def is_with(work: Work, item_id: int, taker: Taker) -> bool:
    """Whether that group, person or process has the item now."""
    placed = _placed(work, taker)
    return any(taker_of(row) == placed for row in feedback.list_open(work, item_id))


def _hand_to(work: Work, item: FeedbackItem, taker: Taker, order: Order) -> Distribution:
    row = feedback.distribute(
        work, item.id, group_key=taker.group_key, user_id=taker.user_id, process_key=taker.process_key,
        note=order.note, due_at=order.due_at,
    )  # fmt: skip
    key = f"item-{item.first_id or item.id}"
    variables = _facts(work, item) | {"handed_over_key": str(item.id), **_told(work, order)}
    if taker.process_key:
        case = engine.start(work, taker.process_key, variables, business_key=key)
    else:
        case = engine.start(work, HANDED_OVER, variables | _people(work, taker, order), business_key=key)
    by = _("Handed over by %(who)s.") % {"who": work.actor.display_name}
    attribution.record(work, item, instance_id=case.id, evidence=by, kind=LinkKind.OPENED_BY)
    task = None if taker.process_key else _tell(work, case.id, taker, note=row.note)
    feedback.begin_work(work, row, case_id=case.id, due_at=order.due_at or (task.due_at if task else None))
    return row


def hand_over_without_item(work: Work, order: Order, *, key: str, facts: Mapping[str, Any]) -> None:
    """The same for a case that no feedback is behind: its result comes back to who waits for `key`; twice is once."""
    there = select(ProcessInstance.id).where(ProcessInstance.business_key == key, ProcessInstance.ended_at.is_(None))
    if work.session.scalar(there.limit(1)) is not None:
        return
    ensure_live(work)
    for taker in (_placed(work, each) for each in order.takers):
        variables = {**facts, "handed_over_key": key, **_told(work, order), **_people(work, taker, order)}
        case = engine.start(work, taker.process_key or HANDED_OVER, variables, business_key=key)
        if not taker.process_key:
            _tell(work, case.id, taker, note=order.note)


def _told(work: Work, order: Order) -> dict[str, Any]:
    return {"note": order.note.strip()[:LONGEST_NOTE], "handed_over_by": work.actor.display_name}


def _people(work: Work, taker: Taker, order: Order) -> dict[str, Any]:
    """Who gets the task, and until when."""
    assignee = get_user(work, taker.user_id).username if taker.user_id is not None else None
    due = order.due_at.isoformat() if order.due_at is not None else None
    return {"group_key": taker.group_key or None, "assignee": assignee, "due_at": due}


def _tell(work: Work, case_id: int, taker: Taker, *, note: str) -> Any:
    """Let who gets the task know at once; gives the task."""
    task = _task_of(work, case_id)
    if task is not None:
        group = None if taker.user_id is not None else taker.group_key
        work.publish(WorkItemAssigned(task.id, taker.user_id, group, note))
    return task


def _facts(work: Work, item: FeedbackItem) -> dict[str, Any]:
    """What processes usually get of an item; less of one that nobody has read yet."""
    read = work.session.execute(select_facts().where(FeedbackItem.id == item.id)).first()
    if read is not None:
        return map_fields(facts_of(read), USUAL)
    return {
        "item_id": item.id, "text": item.text, "customer_name": item.author_name or item.author_handle,
        "conversation_id": item.conversation_id, "channel": item.channel, "topic": "", "kind": "", "urgency": None,
        "said_at": item.said_at.isoformat() if item.said_at else "",
    }  # fmt: skip


def _task_of(work: Work, case_id: int) -> Any:
    query = select(WorkItem.id, WorkItem.due_at).where(
        WorkItem.instance_id == case_id, WorkItem.status == WorkItemStatus.OPEN
    )
    return work.session.execute(query.order_by(WorkItem.id).limit(1)).first()
