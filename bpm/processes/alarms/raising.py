"""Alarms made, gone on with, calm, and told: one row for each stretch in which a series is out of what is usual.

The owners of its process and its customers' voice are told, else everybody who sees insights; several of one look are
one notice.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import select, update

from bpm import identity, notices
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.notices import Many
from bpm.processes.alarms.models import Alarm, AlarmLook
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.state import Judged, SeriesState
from bpm.processes.alarms.status import Watched
from bpm.processes.ownership import list_owners

LIST = "/insights/alarms"
TITLES = {
    Watched.NEGATIVE: (_("More negative feedback"), _("Less negative feedback")),
    Watched.COMPLAINTS: (_("More complaints"), _("Fewer complaints")),
    Watched.WAITING: (_("Longer waits"), _("Shorter waits")),
    Watched.THEME: (_("A theme grows"), _("A theme grows")),
}
"""Of what went up, and of what went down. For each of them up is worse."""


def raise_alarms(work: Work, found: Sequence[tuple[SeriesState, Judged]], look: AlarmLook) -> None:
    """Go on with the alarms of these series, or make one."""
    keys = [state.subject.key for state, _judged in found]
    open_rows = work.session.scalars(select(Alarm).where(Alarm.series.in_(keys), Alarm.calm_day.is_(None)))
    known = {row.series: row for row in open_rows}
    for state, judged in found:
        row = known.get(state.subject.key)
        if row is not None:
            row.last_day, row.p = judged.last_day, min(row.p, judged.p)
            continue
        work.session.add(_new(state, judged, look))
    work.session.flush()


def _new(state: SeriesState, judged: Judged, look: AlarmLook) -> Alarm:
    subject = state.subject
    return Alarm(
        series=subject.key, measure=subject.measure, definition_key=subject.definition_key, element=subject.element,
        theme_id=subject.theme_id, title=title_of(subject, up=judged.up)[:300], worse=judged.up,
        first_day=judged.last_day - timedelta(days=state.step - 1), last_day=judged.last_day, calm_day=None, p=judged.p,
        says=judged.says, looked_at=look.looked_at, alarmed=look.alarms, expected_false=look.expected_false,
        raised_at=look.at,
    )  # fmt: skip


def title_of(subject: Subject, *, up: bool) -> str:
    """In one line what moved, and where."""
    where = _("%(step)s in %(process)s") if subject.element else _("%(process)s")
    place = where % {"step": subject.element_name, "process": subject.name}
    return f"{TITLES[subject.measure][0 if up else 1]}: {place}"


def calm_down(work: Work, day: date, series: Collection[str]) -> None:
    """The open alarms of these series are over."""
    if series:
        work.session.execute(
            update(Alarm).where(Alarm.series.in_(series), Alarm.calm_day.is_(None)).values(calm_day=day)
        )


def tell_of_new(work: Work, look: AlarmLook) -> None:
    """Tell of the alarms that nobody was told of and that still go on."""
    fresh = work.session.scalars(select(Alarm).where(Alarm.calm_day.is_(None), Alarm.told_at.is_(None))).all()
    many = Many(
        ngettext("%(n)s alarm: a measure left what is usual", "%(n)s alarms: measures left what is usual", len(fresh))
        % {"n": len(fresh)},
        LIST,
    )
    for alarm in fresh:
        people = _owners(work, alarm) or managers(work)
        notices.raise_for(
            work, people, "alarm", alarm.title, f"{LIST}/{alarm.id}", about=("alarm", alarm.id),
            key=f"alarms:{look.day.isoformat()}", many=many,
        )  # fmt: skip
        alarm.told_at = work.now()


def _owners(work: Work, alarm: Alarm) -> list[int]:
    """Who owns the process together, and who speaks for its customers."""
    found = list_owners(work, [alarm.definition_key]) if alarm.definition_key else ()
    named = [each for owners in found for each in (*owners.of_functions, owners.voice)]
    return sorted({each.user_id for each in named if each is not None and each.active})


def managers(work: Work) -> list[int]:
    """Everybody who sees insights."""
    people = identity.list_users(work)
    return [user.id for user in people if user.active and may(identity.actor_of(user), Permission.INSIGHTS)]
