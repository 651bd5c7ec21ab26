"""Alarms, looks and baselines as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessDefinition
from bpm.feedback.models import Theme
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.alarms.causes import CauseRow, propose_causes
from bpm.processes.alarms.models import Alarm, AlarmCause, AlarmLook, ChartBaseline
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.status import AlarmStatus, Watched

OPEN = (AlarmStatus.RAISED, AlarmStatus.ACKNOWLEDGED, AlarmStatus.EXPLAINED)
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class AlarmRow:
    """One alarm; `expected` says in words how many of its look are false on average."""

    id: int
    series: str
    measure: str
    definition_key: str
    element: str
    theme_id: int | None
    title: str
    worse: bool
    first_day: date
    last_day: date
    calm_day: date | None
    says: str
    status: str
    owner: str
    owner_id: int | None
    raised_at: datetime
    reason: str
    expected: str
    improvement_id: int | None


@dataclass(frozen=True)
class AlarmDetail:
    """An alarm with what people linked to it, what was on record at the time, and what moved with it."""

    row: AlarmRow
    causes: tuple[CauseRow, ...]
    proposed: tuple[CauseRow, ...]
    status_by: str
    status_at: datetime | None


@dataclass(frozen=True)
class LookRow:
    """One look, with what new sources alone would have made of it."""

    day: date
    at: datetime
    looked_at: int
    waiting: int
    alarms: int
    expected_false: float
    budget: float
    threats: tuple[Mapping[str, Any], ...]

    @property
    def words(self) -> str:
        return expected_words(self.looked_at, self.alarms, self.expected_false)


@dataclass(frozen=True)
class Budget:
    """What the looks of the last thirty days came to."""

    looks: int
    quiet: int
    raised: int
    expected_false: float
    """Of those raised, at most on average."""


@dataclass(frozen=True)
class BaselineRow:
    """A phase of a series on record."""

    subject: Subject
    since: date
    origin: str
    name: str
    reason: str
    points: int
    frozen_at: datetime | None


def expected_words(looked_at: int, alarmed: int, expected_false: float) -> str:
    """How many of the alarms of a look are false on average, in words."""
    if not alarmed:
        return _("No alarm among %(n)s series.") % {"n": looked_at}
    told = ngettext(
        "%(num)s of %(n)s series alarmed at that look; of such alarms one in %(in)s is false on average at most.",
        "%(num)s of %(n)s series alarmed at that look; at most %(false).1f of these is false on average.",
        alarmed,
    )
    one_in = round(alarmed / expected_false) if expected_false else 0
    return told % {"num": alarmed, "n": looked_at, "false": expected_false, "in": one_in}


def _query() -> Any:
    return select(Alarm, func.coalesce(User.display_name, "")).outerjoin(User, User.id == Alarm.owner_id)


def _row(alarm: Alarm, owner: str) -> AlarmRow:
    return AlarmRow(
        id=alarm.id, series=alarm.series, measure=alarm.measure, definition_key=alarm.definition_key,
        element=alarm.element, theme_id=alarm.theme_id, title=alarm.title, worse=alarm.worse, first_day=alarm.first_day,
        last_day=alarm.last_day, calm_day=alarm.calm_day, says=alarm.says, status=alarm.status, owner=owner,
        owner_id=alarm.owner_id, raised_at=alarm.raised_at, reason=alarm.reason,
        expected=expected_words(alarm.looked_at, alarm.alarmed, alarm.expected_false),
        improvement_id=alarm.improvement_id,
    )  # fmt: skip


def list_alarms(
    work: Work, *, status: str = "", definition_key: str = "", owner_id: int | None = None, after: int | None = None,
    limit: int = 50,
) -> Page[AlarmRow]:  # fmt: skip
    """The newest first: those that are not closed, or of one status, a process, a person."""
    query = _query().where(Alarm.status == status if status in set(AlarmStatus) else Alarm.status.in_(OPEN))
    if definition_key:
        query = query.where(Alarm.definition_key == definition_key)
    if owner_id is not None:
        query = query.where(Alarm.owner_id == owner_id)
    if after is not None:
        query = query.where(Alarm.id < after)
    found = work.session.execute(query.order_by(Alarm.id.desc()).limit(limit + 1)).all()
    rows = tuple(_row(alarm, owner) for alarm, owner in found[:limit])
    return Page(rows, rows[-1].id if len(found) > limit else None)


def count_open(work: Work, definition_key: str = "") -> int:
    """Alarms that are not closed, perhaps of one process."""
    query = select(func.count()).select_from(Alarm).where(Alarm.status.in_(OPEN))
    if definition_key:
        query = query.where(Alarm.definition_key == definition_key)
    return work.session.scalar(query) or 0


def get_alarm(work: Work, alarm_id: int) -> AlarmDetail:
    """One alarm; NotFoundError when there is none."""
    who = aliased(User)
    found = work.session.execute(
        _query().add_columns(who.display_name).outerjoin(who, who.id == Alarm.status_by).where(Alarm.id == alarm_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(_("There is no alarm %(number)s.") % {"number": alarm_id})
    alarm, owner, by = found
    chosen = work.session.execute(
        select(AlarmCause, User.display_name)
        .outerjoin(User, User.id == AlarmCause.user_id)
        .where(AlarmCause.alarm_id == alarm.id)
        .order_by(AlarmCause.id)
    ).all()
    causes = tuple(CauseRow(c.kind, c.key, c.words, c.at, "", c.id, name or "") for c, name in chosen)
    taken = {(each.kind, each.key) for each in causes}
    proposed = tuple(each for each in propose_causes(work, alarm) if (each.kind, each.key) not in taken)
    return AlarmDetail(_row(alarm, owner), causes, proposed, by or "", alarm.status_at)


def list_looks(work: Work, *, limit: int = 30) -> list[LookRow]:
    """The newest first."""
    rows = work.session.scalars(select(AlarmLook).order_by(AlarmLook.day.desc()).limit(limit))
    return [
        LookRow(r.day, r.at, r.looked_at, r.waiting, r.alarms, r.expected_false, r.budget, tuple(r.threats))
        for r in rows
    ]


def budget_of(work: Work) -> Budget:
    """Of the last thirty days."""
    since = (work.now() - LATELY).date()
    raised, false = work.session.execute(
        select(func.count(), func.sum(Alarm.expected_false / Alarm.alarmed)).where(Alarm.first_day >= since)
    ).one()
    looks, quiet = work.session.execute(
        select(func.count(), func.count().filter(AlarmLook.alarms == 0)).where(AlarmLook.day >= since)
    ).one()
    return Budget(looks or 0, quiet or 0, raised or 0, float(false or 0.0))


def list_baselines(work: Work) -> list[BaselineRow]:
    """The newest phase of each series on record, by process and step."""
    newest = (
        select(ChartBaseline.series, func.max(ChartBaseline.since).label("since"))
        .group_by(ChartBaseline.series)
        .subquery()
    )
    rows = work.session.scalars(
        select(ChartBaseline)
        .join(newest, (newest.c.series == ChartBaseline.series) & (newest.c.since == ChartBaseline.since))
        .order_by(ChartBaseline.series)
        .limit(500)
    ).all()
    return [
        BaselineRow(subject_of(work, r.series), r.since, r.origin, r.name, r.reason, len(r.points), r.frozen_at)
        for r in rows
    ]


def subject_of(work: Work, series: str) -> Subject:
    """What the key of a series stands for; NotFoundError for none."""
    measure, _colon, rest = series.partition(":")
    if measure not in set(Watched):
        raise NotFoundError(_("There is no such series."))
    if measure == Watched.THEME:
        theme_id = int(rest) if rest.isdigit() else 0
        name = work.session.scalar(select(Theme.name).where(Theme.id == theme_id))
        return Subject(Watched.THEME, theme_id=theme_id, name=name or rest)
    key, _colon, element = rest.partition(":")
    name = work.session.scalar(select(ProcessDefinition.name).where(ProcessDefinition.key == key))
    return Subject(Watched(measure), key, element, None, name or key, element)
