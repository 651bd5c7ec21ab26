"""Reports under names: kept, shared with a group of one's own, subscribed to, taken away."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select

from bpm import audit
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.reports.models import Every, ReportSubscription, SavedReport
from bpm.processes.reports.spec import Spec

LONGEST_NAME = 120
SENT_AT_HOUR = 6
"""Mails go out at six in the morning, UTC: weekly on Monday, monthly on the first."""


@dataclass(frozen=True)
class ReportRow:
    """A kept report as somebody sees it who may."""

    id: int
    name: str
    query: str
    group_key: str
    owner: str
    is_mine: bool
    every: str
    """How often they get it by mail: week, month or not at all."""
    saved_at: datetime


def list_reports(work: Work) -> tuple[ReportRow, ...]:
    """One's own and those shared with a group of one's own, by name."""
    actor = work.actor
    query = (
        select(SavedReport, User.display_name, ReportSubscription.every)
        .join(User, User.id == SavedReport.owner_id)
        .outerjoin(
            ReportSubscription,
            (ReportSubscription.report_id == SavedReport.id) & (ReportSubscription.user_id == actor.user_id),
        )
        .where(SavedReport.removed_at.is_(None))
        .where(or_(SavedReport.owner_id == actor.user_id, SavedReport.group_key.in_(actor.groups)))
        .order_by(SavedReport.name, SavedReport.id)
    )
    return tuple(
        ReportRow(
            report.id, report.name, report.query, report.group_key, owner, report.owner_id == actor.user_id,
            str(every or ""), report.saved_at,
        )
        for report, owner, every in work.session.execute(query)
    )  # fmt: skip


def get_report(work: Work, report_id: int) -> ReportRow:
    """The report; NotFoundError when there is none that one may see."""
    found = next((row for row in list_reports(work) if row.id == report_id), None)
    if found is None:
        raise NotFoundError(_("There is no such report."), remedy=_("Choose one of the list of reports."))
    return found


def save_report(work: Work, spec: Spec, *, name: str, group: str = "") -> int:
    """Keep a report under a name; gives its id. InvalidInputError with `fields` for a name or a group that is none."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        problem = _("Give it a name of at most %(n)s characters.") % {"n": LONGEST_NAME}
        raise InvalidInputError(problem, remedy=problem, fields={"name": problem})
    if group and group not in work.actor.groups:
        problem = _("You are not in the group “%(group)s”.") % {"group": group}
        raise InvalidInputError(problem, remedy=_("Share it with a group of yours."), fields={"group": problem})
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person keeps reports."), remedy=_("Sign in."))
    row = SavedReport(
        name=name, query=spec.as_query(), group_key=group, owner_id=work.actor.user_id, saved_at=work.now()
    )
    work.session.add(row)
    work.session.flush()
    after = {"name": name, "asks": row.query, "group": group}
    audit.record(work, "report.save", _thing(row.id, name), before=dict.fromkeys(after), after=after)
    return row.id


def remove_report(work: Work, report_id: int) -> None:
    """Take one's own report away; nobody gets it by mail any more."""
    row = get_report(work, report_id)
    if not row.is_mine:
        raise ForbiddenError(_("It is %(owner)s's report.") % {"owner": row.owner}, remedy=_("Ask them."))
    kept = work.session.get_one(SavedReport, report_id)
    kept.removed_at = work.now()
    for each in work.session.scalars(select(ReportSubscription).where(ReportSubscription.report_id == report_id)):
        work.session.delete(each)
    audit.record(work, "report.remove", _thing(row.id, row.name), before={"name": row.name}, after={"name": None})


def subscribe(work: Work, report_id: int, every: str) -> datetime:
    """Get a report by mail every week or month; gives when next. A second time changes how often."""
    row = get_report(work, report_id)
    if every not in list(Every):
        problem = _("Choose every week or every month.")
        raise InvalidInputError(problem, remedy=problem, fields={"every": problem})
    person = work.session.get(User, work.actor.user_id)
    if person is None or not person.email:
        raise InvalidInputError(
            _("There is no mail address in your profile."), remedy=_("Write one into your profile first.")
        )
    known = _subscription(work, report_id)
    before = str(known.every) if known else None
    if known is None:
        known = ReportSubscription(report_id=report_id, user_id=person.id, every=Every(every), next_at=work.now())
        work.session.add(known)
    known.every, known.next_at = Every(every), next_time(work.now(), Every(every))
    audit.record(work, "report.subscribe", _thing(row.id, row.name), before={"every": before}, after={"every": every})
    return known.next_at


def unsubscribe(work: Work, report_id: int) -> None:
    """Get it no more; a second time changes nothing."""
    row, known = get_report(work, report_id), _subscription(work, report_id)
    if known is not None:
        work.session.delete(known)
        before = {"every": str(known.every)}
        audit.record(work, "report.unsubscribe", _thing(row.id, row.name), before=before, after={"every": None})


def next_time(after: datetime, every: Every) -> datetime:
    """The next Monday, or first of a month, at six, UTC."""
    day = after.astimezone(UTC).replace(hour=SENT_AT_HOUR, minute=0, second=0, microsecond=0)
    if every is Every.WEEK:
        monday = day + timedelta(days=-day.weekday() % 7)
        return monday if monday > after else monday + timedelta(days=7)
    first = day.replace(day=1)
    return first if first > after else (first + timedelta(days=32)).replace(day=1)


def _subscription(work: Work, report_id: int) -> ReportSubscription | None:
    query = select(ReportSubscription).where(
        ReportSubscription.report_id == report_id, ReportSubscription.user_id == work.actor.user_id
    )
    return work.session.scalar(query)


def _thing(report_id: int, name: str) -> audit.Thing:
    return audit.Thing("report", report_id, name)
