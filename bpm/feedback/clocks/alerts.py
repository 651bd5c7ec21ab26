"""People are told when the time to answer or to settle an item is near, and when it has gone by."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bpm import identity, notices
from bpm.feedback.clocks.settling import CLOCK, ITEM, TOLD_FOR, unsettle
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, may
from bpm.notices import Many

AT_ONCE = 200
LATE_LINK = "/inbox?view=late"
_SAID = {
    "clock_soon": (_("Feedback %(id)s has to be seen to soon"), _("Several customers wait to be seen to")),
    "clock_late": (
        _("Late: feedback %(id)s waits longer than it should"),
        _("Late: several customers wait longer than they should"),
    ),
}
"""Kind of notice -> what is said of one, and of several."""


def sweep_clock_alerts(unit_of_work: Transactions) -> int:
    """Tell of the clocks whose next alert has come; how many clocks. What many wait for is one notice a person."""
    with unit_of_work.reading() as work:
        rows = list(work.session.execute(_alerted(work.now())))
    if not rows:
        return 0
    with unit_of_work() as work:
        told: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in rows:
            if row.alert_at > work.now() - TOLD_FOR:
                told[kind_of(row, work.now()), row.distributed_to or ""].append(row)
        for (kind, group), those in sorted(told.items()):
            _tell(work, kind, group, those)
        ids = [row.item_id for row in rows]
        done = {"alert_at": None, "told_until": work.now()}
        work.session.execute(update(CLOCK).where(CLOCK.c.item_id.in_(ids)).values(done))
        unsettle(work, ids)  # the next alert of each is worked out with the rest
    return len(rows)


def _alerted(now: datetime) -> Any:
    return (
        select(
            CLOCK.c.item_id, CLOCK.c.alert_at, CLOCK.c.answer_due_at, CLOCK.c.answered_at, CLOCK.c.resolve_due_at,
            ITEM.c.distributed_to,
        )
        .join(ITEM, ITEM.c.id == CLOCK.c.item_id)
        .where(CLOCK.c.alert_at <= now)
        .order_by(CLOCK.c.alert_at)
        .limit(AT_ONCE)
    )  # fmt: skip


def kind_of(row: Any, at: datetime) -> str:
    """Which notice an alert is: the time has gone by, or it is near; pure."""
    dues: Iterable[datetime | None] = (None if row.answered_at else row.answer_due_at, row.resolve_due_at)
    return "clock_late" if any(each is not None and each <= at for each in dues) else "clock_soon"


def _tell(work: Work, kind: str, group: str, rows: list[Any]) -> None:
    one, several = _SAID[kind]
    many = Many(several, LATE_LINK)
    first = rows[0].item_id
    subject, link = (one % {"id": first}, f"/inbox/{first}") if len(rows) == 1 else (many.subject, many.link)
    notices.raise_for(
        work, _people(work, group), kind, subject, link,
        about=("item_clock", first), key=f"{kind}:{group}", many=many, count=len(rows),
    )  # fmt: skip


def _people(work: Work, group: str) -> list[int]:
    """The person or the group's people who may answer, else everybody who may; a person stands with an @."""
    answering = [
        user for user in identity.list_users(work)
        if user.active and may(identity.actor_of(user), Permission.ANSWER)
    ]  # fmt: skip
    theirs = [user.id for user in answering if group in {f"@{user.username}", *(each.key for each in user.groups)}]
    return theirs or [user.id for user in answering]
