"""Baselines on record: read for a look, frozen when they are whole, and set anew by a person's decision."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select

from bpm import audit
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.alarms.models import ChartBaseline
from bpm.processes.alarms.series import Point, Subject, start_of
from bpm.processes.alarms.state import Begun, SeriesState
from bpm.processes.alarms.status import BaselineOrigin

LONGEST_REASON = 2000


def baselines_of(work: Work, series: str | None = None) -> dict[str, list[Begun]]:
    """{key of a series: its phases on record, the oldest first}."""
    query = select(ChartBaseline).order_by(ChartBaseline.series, ChartBaseline.since)
    if series is not None:
        query = query.where(ChartBaseline.series == series)
    found: dict[str, list[Begun]] = defaultdict(list)
    for row in work.session.scalars(query):
        points = tuple(Point(date.fromisoformat(day), row.step, row.version, value, n) for day, value, n in row.points)
        found[row.series].append(
            Begun(row.since, row.origin, row.name, row.version, points, row.frozen_at, row.id, row.step, row.reason)
        )
    return found


def keep_phases(work: Work, state: SeriesState) -> None:
    """Put phases that are new on record, and freeze a baseline that has become whole."""
    for begun in state.phases:
        if begun.id is None:
            work.session.add(_row(work, state.subject.key, begun))
    work.session.flush()
    if not state.to_freeze or state.base is None:
        return
    row = work.session.scalars(
        select(ChartBaseline).where(
            ChartBaseline.series == state.subject.key, ChartBaseline.since == state.base.since
        )
    ).one()  # fmt: skip
    if not row.points:
        row.points, row.frozen_at = _plain(state.to_freeze), work.now()


def _row(work: Work, series: str, begun: Begun) -> ChartBaseline:
    return ChartBaseline(
        series=series, since=begun.since, step=begun.step, origin=begun.origin, version=begun.version,
        name=begun.name, reason=begun.reason, points=[], frozen_at=None, user_id=work.actor.user_id, at=work.now(),
    )  # fmt: skip


def _plain(points: Sequence[Point]) -> list[list[object]]:
    return [[each.start.isoformat(), each.value, each.n] for each in points]


def set_baseline(work: Work, subject: Subject, since: date, *, step: int, version: int, reason: str) -> None:
    """A person decides that from `since` on another level is the usual one: a new baseline begins there.

    ForbiddenError for anybody but a person, InvalidInputError without a reason or for a day to come. A baseline that
    had begun later goes, as it is part of this one; earlier ones stay, with their limits.
    """
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can decide on a baseline."), remedy=_("Sign in."))
    why, first = reason.strip(), start_of(since, step)
    if not why or len(why) > LONGEST_REASON:
        missing = _("Say why another level is the usual one now.")
        raise InvalidInputError(missing, remedy=missing, fields={"reason": missing})
    if first >= work.now().date():
        early = _("Choose a day that is over.")
        raise InvalidInputError(early, remedy=early, fields={"since": early})
    before = baselines_of(work, subject.key).get(subject.key, [])
    gone = delete(ChartBaseline).where(ChartBaseline.series == subject.key, ChartBaseline.since >= first)
    work.session.execute(gone)
    name = _("set anew by %(name)s") % {"name": work.actor.display_name}
    begun = Begun(first, BaselineOrigin.DECISION, name, version, step=step, reason=why)
    work.session.add(_row(work, subject.key, begun))
    work.session.flush()
    thing = audit.Thing("baseline", subject.key[:200], subject.key)
    audit.record(
        work, "baseline.set", thing, before={"since": [each.since.isoformat() for each in before]},
        after={"since": first.isoformat()}, reason=why,
    )  # fmt: skip
