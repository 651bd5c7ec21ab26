"""How series stand: what was read of them, judged by the baselines on record; and the rows behind a period."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import and_, exists, func, select

from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.work import Work
from bpm.processes.alarms.baselines import baselines_of
from bpm.processes.alarms.judging import judge
from bpm.processes.alarms.reading import PEOPLE, gather, lived
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.state import SeriesState
from bpm.processes.alarms.status import Watched
from bpm.processes.measures.heard_items import HeardItem, list_heard
from bpm.processes.models import Attribution


@dataclass(frozen=True)
class WaitRow:
    """A wait that ended in the period."""

    instance_id: int
    business_key: str
    element: str
    opened_at: datetime
    ended_at: datetime


def read_states(work: Work, *, until: date) -> list[SeriesState]:
    """How every series stands at the end of the day."""
    gathered, known = gather(work, until=until), baselines_of(work)
    return [
        judge(subject, counts, until=until, begun=known.get(subject.key, ()), sources=gathered.sources)
        for subject, counts in gathered.series.items()
    ]


def read_one(work: Work, subject: Subject, *, until: date) -> SeriesState:
    """How one series stands; its subject comes back with the names of today."""
    gathered = gather(work, until=until, only=subject)
    known = baselines_of(work, subject.key).get(subject.key, ())
    for found, counts in gathered.series.items():
        return judge(found, counts, until=until, begun=known, sources=gathered.sources)
    return judge(subject, [], until=until, begun=known, sources=gathered.sources)


def items_of_period(work: Work, subject: Subject, start: date, step: int, *, limit: int = 200) -> list[HeardItem]:
    """The items behind a period, newest first: all that were read, or the complaints, or those of the theme."""
    return items_between(work, subject, start, start + timedelta(days=step - 1), limit=limit)


def items_between(work: Work, subject: Subject, first: date, last: date, *, limit: int) -> list[HeardItem]:
    """The same of several periods, from the first day to the last one, itself in."""
    since, until = (datetime.combine(day, datetime.min.time(), tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    said = and_(FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
    if subject.measure is Watched.THEME:
        members = select(Theme.id).where(Theme.counts_in_id == subject.theme_id)
        placed = exists().where(ThemeItem.item_id == FeedbackItem.id, ThemeItem.theme_id.in_(members))
        return list_heard(work, [FeedbackItem.current, said, placed], limit=limit)
    versions = (
        select(ProcessVersion.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == subject.definition_key)
    )
    at = [Attribution.element == subject.element] if subject.element else []
    linked = exists().where(
        Attribution.item_id == FeedbackItem.id, *lived(), Attribution.version_id.in_(versions), *at
    )  # fmt: skip
    read = [~Classification.abstained]
    if subject.measure is Watched.COMPLAINTS:
        read.append(Classification.primary == "complaint")
    return list_heard(work, [FeedbackItem.current, said, linked, *read], limit=limit)


def waits_of_period(work: Work, subject: Subject, start: date, step: int, *, limit: int = 200) -> list[WaitRow]:
    """The waits that ended in a period, the longest first."""
    since = datetime.combine(start, datetime.min.time(), tzinfo=UTC)
    ended = func.coalesce(ActivityInstance.claimed_at, WorkItem.claimed_at, ActivityInstance.closed_at)
    query = (
        select(
            ActivityInstance.instance_id, ProcessInstance.business_key, ActivityInstance.element,
            ActivityInstance.opened_at, ended.label("ended_at"),
        )
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ActivityInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .outerjoin(
            WorkItem,
            and_(WorkItem.instance_id == ActivityInstance.instance_id, WorkItem.uid == ActivityInstance.uid),
        )
        .where(ProcessDefinition.key == subject.definition_key, ActivityInstance.type.in_(PEOPLE))
        .where(ended >= since, ended < since + timedelta(days=step))
    )  # fmt: skip
    if subject.element:
        query = query.where(ActivityInstance.element == subject.element)
    rows = [
        WaitRow(row.instance_id, row.business_key or "", row.element, row.opened_at, row.ended_at)
        for row in work.session.execute(query.limit(5000))
    ]
    return sorted(rows, key=lambda row: row.opened_at - row.ended_at)[:limit]
