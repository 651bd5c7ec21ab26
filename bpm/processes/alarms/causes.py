"""What was on record around the time of an alarm and may have caused it: proposed by time, chosen by a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from bpm import audit, calendars
from bpm.audit import Filters
from bpm.calendars.public_holidays import holidays_of
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import FeedbackItem, Incident
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.alarms.models import Alarm
from bpm.processes.alarms.status import CauseKind
from bpm.processes.models import Trigger

BEFORE = timedelta(days=14)
"""So long before the first period that alarmed things are looked for; drift is found some periods after it began."""
MOST = 30


@dataclass(frozen=True)
class CauseRow:
    """Something that happened; `id` where a person chose it."""

    kind: str
    key: str
    words: str
    at: datetime | None
    url: str = ""
    id: int | None = None
    by: str = ""


def propose_causes(work: Work, alarm: Alarm) -> list[CauseRow]:
    """Versions, triggers, incidents, sources and holidays of that time, the latest first."""
    since = _instant(alarm.first_day) - BEFORE
    until = _instant(alarm.last_day) + timedelta(days=1)
    found = [
        each
        for some in (_versions, _triggers, _incidents, _sources, _holidays)
        for each in some(work, alarm, since, until)
    ]
    return sorted(found, key=lambda each: (each.at or since, each.key), reverse=True)[:MOST]


def _instant(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)


def _versions(work: Work, alarm: Alarm, since: datetime, until: datetime) -> Iterator[CauseRow]:
    query = (
        select(ProcessVersion.id, ProcessVersion.number, ProcessVersion.live_at, ProcessDefinition.name)
        .add_columns(ProcessDefinition.key)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.live_at >= since, ProcessVersion.live_at < until)
    )
    if alarm.definition_key:
        query = query.where(ProcessDefinition.key == alarm.definition_key)
    for row in work.session.execute(query):
        words = _("Version %(n)s of %(process)s went live") % {"n": row.number, "process": row.name}
        yield CauseRow(CauseKind.VERSION, str(row.id), words, row.live_at, f"/processes/{row.key}?version={row.number}")


def _triggers(work: Work, alarm: Alarm, since: datetime, until: datetime) -> Iterator[CauseRow]:
    rows = audit.list_rows(work, Filters(object_type="trigger", since=since, until=until), limit=MOST).rows
    keys = {str(number): key for number, key in work.session.execute(select(Trigger.id, Trigger.definition_key))}
    for row in rows:
        key = keys.get(row.object_id, "")
        if not alarm.definition_key or key == alarm.definition_key:
            words = _("The trigger “%(name)s” was changed") % {"name": row.words}
            yield CauseRow(CauseKind.TRIGGER, f"{row.object_id}:{row.id}", words, row.at, f"/processes/{key}/triggers")


def _incidents(work: Work, _alarm: Alarm, since: datetime, until: datetime) -> Iterator[CauseRow]:
    query = select(Incident.id, Incident.title, Incident.began_at)
    for row in work.session.execute(query.where(Incident.began_at >= since, Incident.began_at < until)):
        words = _("Incident: %(title)s") % {"title": row.title}
        yield CauseRow(CauseKind.INCIDENT, str(row.id), words, row.began_at, f"/incidents/{row.id}")


def _sources(work: Work, _alarm: Alarm, since: datetime, until: datetime) -> Iterator[CauseRow]:
    first = func.min(FeedbackItem.received_at)
    query = select(FeedbackItem.source, first).group_by(FeedbackItem.source).having(first >= since, first < until)
    for name, at in work.session.execute(query):
        words = _("The source “%(name)s” came in for the first time") % {"name": name}
        yield CauseRow(CauseKind.SOURCE, name, words, at, "/inbox/sources")


def _holidays(work: Work, _alarm: Alarm, since: datetime, until: datetime) -> Iterator[CauseRow]:
    """Of the countries of our calendars, and days of their own on which nobody works."""
    seen: set[date] = set()
    for named in calendars.list_calendars(work):
        calendar = named.calendar
        days = {
            day: name
            for year in range(since.year, until.year + 1)
            for day, name in holidays_of(calendar.country, calendar.region, year).items()
        }
        days |= {day: _("closed by the calendar “%(name)s”") % {"name": named.name} for day in calendar.closed}
        for day, name in sorted(days.items()):
            if since.date() <= day < until.date() and day not in seen:
                seen.add(day)
                words = _("Holiday: %(name)s") % {"name": name}
                yield CauseRow(CauseKind.HOLIDAY, day.isoformat(), words, _instant(day), "/admin/calendars")
