"""Whose triggers are whose: listed and given to somebody else when a person leaves."""

from sqlalchemy import select, update

from bpm.audit import Thing, record
from bpm.foundation.work import Work
from bpm.processes.models import Trigger


def list_triggers_of(work: Work, user_id: int) -> list[Trigger]:
    """Triggers that the person made, switched on or off."""
    return list(work.session.scalars(select(Trigger).where(Trigger.created_by == user_id).order_by(Trigger.id)))


def give_triggers(work: Work, user_id: int, *, to: int, reason: str) -> int:
    """Let the person's triggers be somebody else's; they fire as before. Gives how many."""
    triggers = list_triggers_of(work, user_id)
    work.session.execute(update(Trigger).where(Trigger.created_by == user_id).values(created_by=to))
    for trigger in triggers:
        thing = Thing("trigger", trigger.id, trigger.name)
        record(work, "trigger.hand_over", thing, before={"owner": user_id}, after={"owner": to}, reason=reason)
    return len(triggers)
