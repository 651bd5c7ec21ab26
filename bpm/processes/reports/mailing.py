"""Reports by mail: each one once for each time that it falls due, whoever runs the sweep how often.

1. What is due is found without a lock.
2. In a transaction of its own the subscription is read again, the mail is queued under a key that names its day, and
   the next time is set. Killed before its end, nothing is kept; a second worker queues no second mail.
3. A report that cannot be worked out (its process is gone) is mailed with that sentence: silence would be no news.
"""

from datetime import datetime

from sqlalchemy import select

from bpm import mail
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, actor_of, may
from bpm.identity.models import User
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.reports.figures import rows_of, verdict
from bpm.processes.reports.models import ReportSubscription, SavedReport
from bpm.processes.reports.saving import next_time
from bpm.processes.reports.spec import read_spec

AT_ONCE = 50
KIND = "report"


def sweep_report_mails(transactions: Transactions) -> int:
    """Queue the mails that are due; how many."""
    with transactions.reading() as work:
        due = list(
            work.session.scalars(
                select(ReportSubscription.id)
                .where(ReportSubscription.next_at <= work.now())
                .order_by(ReportSubscription.next_at)
                .limit(AT_ONCE)
            )
        )
    done = 0
    for each in due:
        with transactions() as work:
            done += _send(work, each)
    return done


def _send(work: Work, subscription_id: int) -> bool:
    row = work.session.get(ReportSubscription, subscription_id)
    if row is None or row.next_at > work.now():
        return False
    due, row.next_at = row.next_at, next_time(work.now(), row.every)
    person, report = work.session.get(User, row.user_id), work.session.get_one(SavedReport, row.report_id)
    if person is None or not person.active or not person.email or not _may_see(person, report):
        return False
    link = mail.public_link(work.settings, f"/insights/reports?{report.query}")
    stop = _("You get this because you subscribed to it; end that on the same page.")
    text = f"{report.name}\n\n{_told(work, report, due)}\n\n{link}\n\n{stop}\n"
    return mail.queue(
        work, to=person.email, subject=_("Report: %(name)s") % {"name": report.name}, text=text, kind=KIND,
        key=f"report {row.id} {due.date().isoformat()}", user_id=person.id,
    )  # fmt: skip


def _may_see(person: User, report: SavedReport) -> bool:
    """Rights are asked again at each mail: who left the group, or may not see insights, gets nothing."""
    actor = actor_of(person)
    return may(actor, Permission.INSIGHTS) and (report.owner_id == person.id or report.group_key in actor.groups)


def _told(work: Work, report: SavedReport, due: datetime) -> str:
    try:
        spec = read_spec(report.query)
        found = rows_of(work, spec)
    except EarshotError as error:
        return _("It could not be worked out: %(why)s") % {"why": error}
    since, until = spec.period(due)
    lines = [_("%(since)s to %(until)s") % {"since": since.date(), "until": until.date()}]
    for name, rows in found.items():
        lines += [
            "",
            MEASURES[name].title,
            *(f"  {row.title or _('all')}: {verdict(row, MEASURES[name])}" for row in rows),
        ]
    return "\n".join(lines)
