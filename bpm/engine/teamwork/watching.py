"""Whoever follows a case is told of what happens in it; that ends with the case."""

from sqlalchemy import delete, select

from bpm.engine.models import ProcessInstance
from bpm.engine.status import ENDED
from bpm.engine.task_models import CaseWatch
from bpm.engine.work_items.access import person_of
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected


def watch(work: Work, instance_id: int) -> None:
    """Follow a case; whether the actor may see it is asked before."""
    person = person_of(work)
    status = work.session.scalar(select(ProcessInstance.status).where(ProcessInstance.id == instance_id))
    if status is None:
        raise NotFoundError(_("There is no case %(id)s.") % {"id": instance_id})
    if status in ENDED:
        raise ConflictError(_("This case has ended: nothing happens in it any more."))
    if not is_watching(work, instance_id):
        work.session.add(CaseWatch(user_id=person, instance_id=instance_id, told_until=work.now()))
        work.session.flush()


def unwatch(work: Work, instance_id: int) -> bool:
    """Follow a case no longer; whether the actor did."""
    mine = (CaseWatch.user_id == person_of(work), CaseWatch.instance_id == instance_id)
    return affected(work, delete(CaseWatch).where(*mine)) == 1


def is_watching(work: Work, instance_id: int) -> bool:
    """Whether the actor follows the case."""
    return work.session.get(CaseWatch, (work.actor.user_id, instance_id)) is not None


def watchers(work: Work, instance_id: int) -> list[int]:
    """Ids of the people who follow the case."""
    return list(work.session.scalars(select(CaseWatch.user_id).where(CaseWatch.instance_id == instance_id)))
