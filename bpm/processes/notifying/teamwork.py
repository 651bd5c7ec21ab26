"""Comments, absences, and what happens in cases that people follow."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from bpm import notices
from bpm.engine import teamwork
from bpm.engine.events import AbsenceTurned, CommentWritten
from bpm.engine.models import ProcessInstance, WorkItem
from bpm.engine.task_models import Absence, CaseWatch
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import get_user
from bpm.identity.models import User
from bpm.processes.notifying.tasks import case_and_task, task_link

AT_ONCE = 500


def on_comment(work: Work, event: CommentWritten) -> None:
    """Tell those who are mentioned, and those who follow the case."""
    words = {"who": work.actor.display_name, **case_and_task(work, event.item_id)}
    link, key = f"{task_link(event.item_id)}#talk", f"{event.item_id}"
    about = ("task", event.item_id)
    subject = _("%(who)s mentions you: “%(task)s” (%(case)s)") % words
    notices.raise_for(work, event.mentioned, "mentioned", subject, link, about=about, key=f"mentioned:{key}")
    others = set(teamwork.watchers(work, event.instance_id)) - set(event.mentioned)
    subject = _("%(who)s wrote about “%(task)s” (%(case)s)") % words
    notices.raise_for(work, others, "watched", subject, link, about=about, key=f"comment:{key}")


def on_absence(work: Work, event: AbsenceTurned) -> None:
    """Tell both sides what became of an absence; nobody of what they did themselves."""
    absence = work.session.get_one(Absence, event.absence_id)
    names = {
        "who": get_user(work, absence.user_id).display_name,
        "deputy": get_user(work, absence.deputy_id).display_name,
        "from": f"{absence.from_at:%Y-%m-%d %H:%M}",
        "until": f"{absence.until_at:%Y-%m-%d %H:%M}",
    }
    said = {
        "planned": _("You stand in for %(who)s from %(from)s until %(until)s UTC"),
        "began": _("You stand in for %(who)s until %(until)s UTC"),
        "ended": _("You stand in for %(who)s no longer"),
        "cancelled": _("You will not have to stand in for %(who)s"),
    }
    own = {"began": _("You are away: %(deputy)s stands in"), "ended": _("You are back: %(deputy)s stands in no longer")}
    about, key = ("absence", absence.id), f"absence:{absence.id}:{event.word}"
    subject = said[event.word] % names
    notices.raise_for(work, [absence.deputy_id], "away", subject, "/tasks/absence", about=about, key=key)
    if event.word in own:
        subject = own[event.word] % names
        notices.raise_for(work, [absence.user_id], "away", subject, "/tasks/absence", about=about, key=key)


def sweep_watched(unit_of_work: Transactions) -> int:
    """Tell followers of tasks that came or were done and of the end of their cases; how many of them were told.

    Looked for here and not at each completion, which would have to ask for followers every time.
    """
    with unit_of_work.reading() as work:
        news = list(work.session.execute(_news()).all())
    for user_id, instance_id in news:
        with unit_of_work() as work:
            _tell(work, user_id, instance_id)
    return len(news)


def _news() -> Any:
    since = CaseWatch.told_until
    item = or_(WorkItem.created_at > since, WorkItem.completed_at > since)
    return (
        select(CaseWatch.user_id, CaseWatch.instance_id)
        .join(ProcessInstance, ProcessInstance.id == CaseWatch.instance_id)
        .outerjoin(WorkItem, and_(WorkItem.instance_id == CaseWatch.instance_id, item))
        .where(or_(WorkItem.id.is_not(None), ProcessInstance.ended_at.is_not(None)))
        .distinct()
        .limit(AT_ONCE)
    )


def _tell(work: Work, user_id: int, instance_id: int) -> None:
    watch = work.session.get(CaseWatch, (user_id, instance_id))
    if watch is None:
        return
    for row in _changes(work, instance_id, watch.told_until):
        if row.completed_by != user_id:
            _tell_of_task(work, user_id, row)
    watch.told_until = work.now()
    instance = work.session.get_one(ProcessInstance, instance_id)
    if instance.ended_at is not None:
        subject = _("The case %(key)s has ended") % {"key": instance.business_key or instance_id}
        notices.raise_for(
            work, [user_id], "watched", subject, f"/instances/{instance_id}", about=("case", instance_id),
            key=f"watched-end:{instance_id}",
        )  # fmt: skip
        work.session.delete(watch)


def _tell_of_task(work: Work, user_id: int, row: Any) -> None:
    words = {"who": row.who or "Earshot", **case_and_task(work, row.id)}
    if row.completed_at is None:
        subject = _("“%(task)s” waits now (%(case)s)") % words
    else:
        subject = _("“%(task)s” is done, by %(who)s (%(case)s)") % words
    notices.raise_for(
        work, [user_id], "watched", subject, task_link(row.id), about=("task", row.id),
        key=f"watched:{row.id}:{row.status}",
    )  # fmt: skip


def _changes(work: Work, instance_id: int, since: datetime) -> list[Any]:
    who = User.display_name.label("who")
    query = (
        select(WorkItem.id, WorkItem.status, WorkItem.completed_at, WorkItem.completed_by, who)
        .outerjoin(User, User.id == WorkItem.completed_by)
        .where(WorkItem.instance_id == instance_id)
        .where(or_(WorkItem.created_at > since, WorkItem.completed_at > since))
        .order_by(WorkItem.id)
    )
    return list(work.session.execute(query.limit(50)).all())
