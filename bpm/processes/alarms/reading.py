"""What each day brought, for all watched series at once: a few statements, grouped by the database."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Float, String, Table, and_, case, distinct, func, literal, select

from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.feedback.tones import NEGATIVE
from bpm.foundation.work import Work
from bpm.processes.alarms.series import DayCount, SourceStart, Subject
from bpm.processes.alarms.status import Watched
from bpm.processes.attribution import LIVED, SURE
from bpm.processes.models import Attribution

BACK = timedelta(days=400)
"""How far back series are read; baselines that are frozen keep their own points."""
MOST_SERIES = 600
"""Series that are looked at, those with most items and passes first."""
MOST_THEMES = 200
PEOPLE = ("userTask", "manualTask", "receiveTask", "task")
"""Activities at which it is waited for people."""

ITEM = cast("Table", FeedbackItem.__table__)
CLAIM = cast("Table", Classification.__table__)
LINK = cast("Table", Attribution.__table__)
VISIT = cast("Table", ActivityInstance.__table__)
TASK = cast("Table", WorkItem.__table__)
CASE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)


@dataclass(frozen=True)
class Gathered:
    """Everything that a look needs."""

    series: dict[Subject, list[DayCount]]
    sources: dict[str, SourceStart]
    left_out: int
    """Series beyond those that are looked at."""


def gather(work: Work, *, until: date, only: Subject | None = None) -> Gathered:
    """All series up to the end of the day `until`, or one; without links that wait for a person."""
    since = datetime.combine(until, datetime.min.time(), tzinfo=work.now().tzinfo) - BACK
    end = since + BACK + timedelta(days=1)
    names = _Names(work, only.definition_key if only else "")
    series: dict[Subject, list[DayCount]] = defaultdict(list)
    reads = {
        Watched.NEGATIVE: (_said,), Watched.COMPLAINTS: (_said, _passes), Watched.WAITING: (_waits,),
        Watched.THEME: (_themes,),
    }  # fmt: skip
    wanted = dict.fromkeys(
        each for name, some in reads.items() if only is None or name is only.measure for each in some
    )
    for read in wanted:
        read(work, names, series, since, end)
    if only is not None:
        series = {subject: rows for subject, rows in series.items() if subject.key == only.key}
    rank = {subject: (subject.element != "", -sum(each.n for each in rows)) for subject, rows in series.items()}
    kept = sorted(series, key=lambda subject: (rank[subject], subject.key))[:MOST_SERIES]
    return Gathered({subject: series[subject] for subject in kept}, _sources(work), max(0, len(series) - MOST_SERIES))


class _Names:
    """Words for keys and elements, and the number of each version."""

    def __init__(self, work: Work, key: str) -> None:
        query = select(
            DEFINITION.c.key, DEFINITION.c.name, DEFINITION.c.live_version_id, VERSION.c.id, VERSION.c.number
        ).join(VERSION, VERSION.c.definition_id == DEFINITION.c.id)
        rows = work.session.execute(query.where(DEFINITION.c.key == key) if key else query).all()
        self.only = sorted(row.id for row in rows) if key else None
        ruling = {row.key: row.number for row in rows if row.live_version_id == row.id}
        self.version = {row.id: (row.key, row.number) for row in rows if row.number <= ruling.get(row.key, row.number)}
        """Those up to the live one: a newer one is on trial, or was withdrawn, and is never the one in force."""
        self.process = {row.key: row.name for row in rows}
        live = [row.live_version_id for row in rows if row.live_version_id == row.id]
        found = work.session.execute(select(VERSION.c.id, VERSION.c.elements).where(VERSION.c.id.in_(live)))
        self.element = {
            (self.version[row.id][0], each["id"]): (str(each["name"] or each["id"]), str(each["type"]))
            for row in found
            for each in row.elements
        }

    def within(self, column: Any) -> tuple[ColumnElement[bool], ...]:
        """Of the versions of one process, where one was asked for."""
        return () if self.only is None else (column.in_(self.only),)

    def subject(self, measure: Watched, key: str, element: str) -> Subject:
        name, _type = self.element.get((key, element), (element, ""))
        return Subject(measure, key, element, None, self.process.get(key, key), name if element else "")


def _day(work: Work, column: Any) -> ColumnElement[str]:
    """The day of an instant, UTC, as 2026-03-02."""
    if work.session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD", type_=String)
    return func.date(column, type_=String)


def _seconds(work: Work, start: Any, end: Any) -> ColumnElement[float]:
    if work.session.get_bind().dialect.name == "postgresql":
        return cast("ColumnElement[float]", func.extract("epoch", end - start))
    return (func.julianday(end) - func.julianday(start)) * literal(86400.0)


def lived() -> tuple[ColumnElement[bool], ...]:
    """Links that count: current, of what customers lived through, and recorded by the run or said by a person."""
    return LINK.c.valid_to.is_(None), LINK.c.method.in_(SURE), LINK.c.kind.in_(LIVED)


_Series = dict[Subject, list[DayCount]]


def _said(work: Work, names: _Names, series: _Series, since: datetime, until: datetime) -> None:
    """Negative items and complaints, by element and for the whole process; an item counts once in each."""
    day = _day(work, ITEM.c.said_at).label("day")
    for whole in (True, False):
        where = literal("") if whole else LINK.c.element
        columns = (LINK.c.definition_key, where.label("element"), LINK.c.version_id, ITEM.c.source, day)
        counted = (
            func.count(distinct(ITEM.c.id)).label("n"),
            func.count(distinct(case((CLAIM.c.sentiment <= NEGATIVE, ITEM.c.id)))).label("negative"),
            func.count(distinct(case((CLAIM.c.primary == "complaint", ITEM.c.id)))).label("complaints"),
        )
        rows = work.session.execute(
            select(*columns, *counted)
            .select_from(
                LINK.join(ITEM, ITEM.c.id == LINK.c.item_id).join(
                    CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current)
                )
            )
            .where(
                *lived(),
                *names.within(LINK.c.version_id),
                ITEM.c.current,
                ITEM.c.said_at >= since,
                ITEM.c.said_at < until,
                ~CLAIM.c.abstained,
            )
            .group_by(*columns[:1], *(() if whole else (LINK.c.element,)), LINK.c.version_id, ITEM.c.source, day)
        )
        for row in rows:
            if row.version_id not in names.version or not (whole or row.element):
                continue
            key, number = names.version[row.version_id]
            when = date.fromisoformat(row.day)
            negative = names.subject(Watched.NEGATIVE, key, row.element)
            series[negative].append(DayCount(when, number, row.source, row.negative, row.n))
            if row.complaints:
                complaints = names.subject(Watched.COMPLAINTS, key, row.element)
                series[complaints].append(DayCount(when, number, row.source, row.complaints, 0))


def _passes(work: Work, names: _Names, series: _Series, since: datetime, until: datetime) -> None:
    """The exposure of complaints: passes of each element that was complained of, and cases that began."""
    day = _day(work, VISIT.c.opened_at).label("day")
    rows = work.session.execute(
        select(VISIT.c.version_id, VISIT.c.element, day, func.count().label("n"))
        .where(VISIT.c.opened_at >= since, VISIT.c.opened_at < until, *names.within(VISIT.c.version_id))
        .group_by(VISIT.c.version_id, VISIT.c.element, day)
    )
    began = _day(work, CASE.c.started_at).label("day")
    version = func.coalesce(CASE.c.began_version_id, CASE.c.version_id)
    cases = work.session.execute(
        select(version.label("version_id"), literal("").label("element"), began, func.count().label("n"))
        .where(CASE.c.started_at >= since, CASE.c.started_at < until, *names.within(version))
        .group_by(version, began)
    )
    for row in (*rows, *cases):
        if row.version_id in names.version:
            key, number = names.version[row.version_id]
            subject = names.subject(Watched.COMPLAINTS, key, row.element)
            if subject in series:
                series[subject].append(DayCount(date.fromisoformat(row.day), number, "", 0.0, row.n))


def _waits(work: Work, names: _Names, series: _Series, since: datetime, until: datetime) -> None:
    """Logarithms of the seconds until somebody took it (or it ended), by the day on which the waiting ended."""
    taken = func.coalesce(VISIT.c.claimed_at, TASK.c.claimed_at, VISIT.c.closed_at)
    day = _day(work, taken).label("day")
    seconds = _seconds(work, VISIT.c.opened_at, taken)
    rows = work.session.execute(
        select(
            VISIT.c.version_id, VISIT.c.element, day, func.count().label("n"),
            func.sum(func.ln(case((seconds > 1, seconds), else_=1.0)), type_=Float).label("logs"),
        )
        .select_from(
            VISIT.outerjoin(TASK, and_(TASK.c.instance_id == VISIT.c.instance_id, TASK.c.uid == VISIT.c.uid))
        )
        .where(VISIT.c.opened_at >= since - timedelta(days=60), taken >= since, taken < until)
        .where(VISIT.c.type.in_(PEOPLE), *names.within(VISIT.c.version_id))
        .group_by(VISIT.c.version_id, VISIT.c.element, day)
    )  # fmt: skip
    for row in rows:
        if row.version_id in names.version:
            key, number = names.version[row.version_id]
            count = DayCount(date.fromisoformat(row.day), number, "", float(row.logs), row.n)
            series[names.subject(Watched.WAITING, key, row.element)].append(count)
            series[names.subject(Watched.WAITING, key, "")].append(count)


def _themes(work: Work, _names: _Names, series: _Series, since: datetime, until: datetime) -> None:
    """Items of each theme that people did not hide, the largest of late first."""
    place, theme = cast("Table", ThemeItem.__table__), cast("Table", Theme.__table__)
    inner = theme.alias()
    day = _day(work, ITEM.c.said_at).label("day")
    late = until - timedelta(days=90)
    joined = place.join(inner, inner.c.id == place.c.theme_id).join(theme, theme.c.id == inner.c.counts_in_id)
    largest = [
        row.id
        for row in work.session.execute(
            select(theme.c.id, func.count().label("n"))
            .select_from(joined)
            .where(theme.c.hidden_at.is_(None), place.c.placed_at >= late)
            .group_by(theme.c.id)
            .order_by(func.count().desc(), theme.c.id)
            .limit(MOST_THEMES)
        )
    ]
    rows = work.session.execute(
        select(theme.c.id, theme.c.name, ITEM.c.source, day, func.count(distinct(ITEM.c.id)).label("n"))
        .select_from(joined.join(ITEM, ITEM.c.id == place.c.item_id))
        .where(theme.c.id.in_(largest), ITEM.c.current, ITEM.c.said_at >= since, ITEM.c.said_at < until)
        .group_by(theme.c.id, theme.c.name, ITEM.c.source, day)
    )
    for row in rows:
        subject = Subject(Watched.THEME, theme_id=row.id, name=row.name)
        series[subject].append(DayCount(date.fromisoformat(row.day), 0, row.source, row.n, row.n))


def _sources(work: Work) -> dict[str, SourceStart]:
    rows = work.session.execute(
        select(ITEM.c.source, func.min(ITEM.c.placed_at), func.min(ITEM.c.received_at)).group_by(ITEM.c.source)
    )
    return {name: SourceStart(name, said, received) for name, said, received in rows}
