"""Who keeps a promise is told before it is broken, and when it is; a promise whose time went by is broken."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from bpm import identity, notices
from bpm.calendars import ALWAYS, Calendar, company_calendar, open_spans
from bpm.feedback.models import Customer, FeedbackItem, Promise
from bpm.feedback.status import PromiseStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected
from bpm.identity import Permission, may
from bpm.identity.models import User

KINDS = ("promise_due", "promise_broken")
"""Kinds of notices about promises."""
MAKER = aliased(User)
AHEAD = timedelta(days=1)
"""How long before its time the owner of a promise is told at most."""
LAST_HOUR = timedelta(hours=1)
LONGEST_CLOSED = 15
"""Days that are looked back over for open hours: longer than any holidays."""
AT_ONCE = 200
_FOR_MAKER = (
    _("Due soon: you promised %(customer)s “%(text)s”"),
    _("Not kept in time: you promised %(customer)s “%(text)s”"),
)
_FOR_OTHERS = (
    _("Due soon: %(who)s promised %(customer)s “%(text)s”"),
    _("Not kept in time: %(who)s promised %(customer)s “%(text)s”"),
)


def first_alert(made_at: datetime, until: datetime, calendar: Calendar = ALWAYS) -> datetime:
    """When its owner is told that it is due soon: a day before, or when a quarter of the time is left; pure.

    Where nobody works then, an hour before people last went home, so that it can still be kept; unless it was made
    later than that.
    """
    at = until - min(AHEAD, (until - made_at) / 4)
    last = None if calendar.is_always_open else _last_hour(calendar, at)
    return last if last is not None and last > made_at else at


def _last_hour(calendar: Calendar, at: datetime) -> datetime | None:
    """An hour before the open hours end that were the last ones before `at`; None while they go on."""
    day = at.astimezone(ZoneInfo(calendar.zone)).date()
    for back in range(LONGEST_CLOSED):
        for start, end in reversed(open_spans(calendar, day - timedelta(days=back))):
            if start <= at < end:
                return None
            if end <= at:
                return max(start, end - LAST_HOUR)
    return None


def closes_over(work: Work, until: datetime) -> bool:
    """Whether nobody works at that instant by the company's calendar: a holiday, a weekend, at night."""
    calendar = company_calendar(work)
    day = until.astimezone(ZoneInfo(calendar.zone)).date()
    return not calendar.is_always_open and not any(start <= until <= end for start, end in open_spans(calendar, day))


def sweep_promises(unit_of_work: Transactions) -> int:
    """Tell of promises that are due soon, and break those whose time went by; how many of them."""
    with unit_of_work.reading() as work:
        rows = list(work.session.execute(_due(work.now())))
    if rows:
        with unit_of_work() as work:
            for row in rows:
                _tell(work, row)
    return len(rows)


def _due(now: datetime) -> Any:
    to = func.coalesce(FeedbackItem.customer_id, Promise.customer_id)
    return (
        select(Promise.id, Promise.text, Promise.until_at, Promise.owner_id, Promise.alert_at, Promise.item_id,
               to.label("customer_id"), Customer.name, User.active, Promise.made_by, MAKER.display_name.label("maker"))
        .outerjoin(FeedbackItem, FeedbackItem.id == Promise.item_id)
        .outerjoin(Customer, Customer.id == to)
        .join(User, User.id == Promise.owner_id)
        .join(MAKER, MAKER.id == Promise.made_by)
        .where(Promise.alert_at <= now)
        .order_by(Promise.alert_at, Promise.id)
        .limit(AT_ONCE)
    )  # fmt: skip


def _tell(work: Work, row: Any) -> None:
    """Whoever settled it meanwhile has taken its alert away: then nobody is told."""
    broken = row.until_at <= work.now()
    values: dict[str, Any] = {"alert_at": row.until_at}
    if broken:
        values = {"alert_at": None, "status": PromiseStatus.BROKEN, "broken_at": row.until_at, "changed_at": work.now()}
    mine = (Promise.id == row.id, Promise.status == PromiseStatus.OPEN, Promise.alert_at == row.alert_at)
    if affected(work, update(Promise).where(*mine).values(values).execution_options(synchronize_session=False)) != 1:
        return
    words = {"customer": row.name or _("a customer"), "text": row.text, "who": row.maker}
    others = {row.owner_id} if row.active else set(_who_may_keep(work))
    # Whoever took it over keeps it; whose word it was hears when it is not kept: the customer knows their name.
    _raise(work, row, KINDS[broken], others - {row.made_by}, _FOR_OTHERS[broken] % words)
    if broken or row.made_by == row.owner_id:
        _raise(work, row, KINDS[broken], {row.made_by}, _FOR_MAKER[broken] % words)


def _raise(work: Work, row: Any, kind: str, people: set[int], said: str) -> None:
    notices.raise_for(
        work, people, kind, said, link_of(row.item_id, row.customer_id), about=("promise", row.id),
        key=f"{kind}:{row.id}",
    )  # fmt: skip


def link_of(item_id: int | None, customer_id: int | None) -> str:
    """Path of the page where the promise stands."""
    return f"/inbox/{item_id}#promises" if item_id else f"/customers/{customer_id}#promises"


def _who_may_keep(work: Work) -> list[int]:
    """The owner is gone: everybody who may answer hears of it."""
    return [
        user.id for user in identity.list_users(work) if user.active and may(identity.actor_of(user), Permission.ANSWER)
    ]
