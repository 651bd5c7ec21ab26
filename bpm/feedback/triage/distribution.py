"""An item goes to who can do something about it, and comes back with what came out: one row for each hand-over.

Several groups may have one item at once; it stays one item. Which work is done where, only `bpm.processes` knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from bpm import audit
from bpm.feedback.events import ItemDistributed, ItemReturned
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Distribution, FeedbackItem
from bpm.feedback.status import DistributionStatus
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import get_user, list_groups
from bpm.search import Changed

LONGEST_NOTE = 4_000
LONGEST_KEY = 80
"""Characters of `distributed_to`."""


class OpenHandOverError(ConflictError):
    """Somebody has the item still: it is not decided, and not handed on, unseen."""


@dataclass(frozen=True)
class Taker:
    """To whom an item is handed: one of the three; a person may stand with a group of theirs."""

    group_key: str = ""
    user_id: int | None = None
    process_key: str = ""


def distribute(
    work: Work,
    item_id: int,
    *,
    group_key: str = "",
    user_id: int | None = None,
    process_key: str = "",
    note: str = "",
    due_at: datetime | None = None,
) -> Distribution:
    """Write down to whom an item is handed; InvalidInputError when there is no such group or person."""
    item = get_current(work, item_id)
    if group_key:
        _demand_group(work, group_key)
    name = f"@{get_user(work, user_id).username}" if user_id is not None else group_key or process_key
    if not name:
        raise InvalidInputError(
            _("Nobody was chosen."), remedy=_("Choose who gets it."), fields={"group_key": _("Choose who gets it.")}
        )
    row = Distribution(
        item_id=item.id, group_key=group_key, to_user_id=user_id, process_key=process_key,
        note=note.replace("\x00", "").strip()[:LONGEST_NOTE], due_at=due_at, from_group=_group_of(work),
        user_id=work.actor.user_id, at=work.now(), status=DistributionStatus.NOTED,
    )  # fmt: skip
    work.session.add(row)
    before, after = {"group": item.distributed_to}, {"group": name, "note": row.note}
    if due_at is not None:
        after["due"] = due_at.isoformat()
    audit.record(work, "feedback.distribute", feedback_item(item.id), before=before, after=after)
    item.distributed_to = name[:LONGEST_KEY]
    work.session.flush()
    work.publish(ItemDistributed(item.id, row.id))
    _changed(work, item.id)
    return row


def begin_work(work: Work, row: Distribution, *, case_id: int, due_at: datetime | None) -> None:
    """From now on a case works on it; `due_at`: until when they promised."""
    row.case_id, row.due_at, row.status = case_id, due_at, DistributionStatus.OPEN
    work.session.flush()


def find_by_case(work: Work, case_id: int) -> Distribution | None:
    """The hand-over that a case works on, while it is open."""
    query = select(Distribution).where(Distribution.case_id == case_id, Distribution.status == DistributionStatus.OPEN)
    return work.session.scalar(query)


def list_open(work: Work, item_id: int) -> Sequence[Distribution]:
    """Who has the item (any version of it) now, the oldest hand-over first."""
    query = select(Distribution).where(
        Distribution.item_id.in_(versions_of(item_id)), Distribution.status == DistributionStatus.OPEN
    )
    return work.session.scalars(query.order_by(Distribution.id)).all()


def versions_of(item_id: int) -> Select[int]:
    """Ids of all versions of the thing that the item is a version of."""
    first = select(func.coalesce(FeedbackItem.first_id, FeedbackItem.id)).where(FeedbackItem.id == item_id)
    return select(FeedbackItem.id).where(
        func.coalesce(FeedbackItem.first_id, FeedbackItem.id) == first.scalar_subquery()
    )


def refuse_if_handed_over(work: Work, item: FeedbackItem) -> None:
    """OpenHandOverError names who has it."""
    open_ones = list_open(work, item.id)
    if open_ones:
        names = ", ".join(taker_name(work, each) for each in open_ones)
        raise OpenHandOverError(
            _("%(names)s still has work to do on it.") % {"names": names},
            remedy=_("Wait for what comes back, take it back, or say that you know."),
        )


def give_back(work: Work, row: Distribution, *, outcome: str, result: str) -> None:
    """What came out comes back to who handed it over; nothing happens to what is no longer open."""
    _end(work, row, DistributionStatus.RETURNED, outcome=outcome, result=result)


def take_back(work: Work, row: Distribution, *, why: str) -> None:
    """Nobody has to do it any more; where nobody else has the item, it waits for the advocate again."""
    if _end(work, row, DistributionStatus.WITHDRAWN, outcome="", result=why):
        item = work.session.get_one(FeedbackItem, row.item_id)
        item.distributed_to = _last_taker(work, row.item_id)
        work.session.flush()


def _end(work: Work, row: Distribution, status: DistributionStatus, *, outcome: str, result: str) -> bool:
    if row.status != DistributionStatus.OPEN:
        return False
    row.status, row.ended_at, row.ended_by = status, work.now(), work.actor.user_id
    row.outcome, row.result = outcome[:40], result.replace("\x00", "").strip()[:LONGEST_NOTE]
    work.session.flush()
    verb = "feedback.give_back" if status == DistributionStatus.RETURNED else "feedback.take_back"
    after = {"hand_over": status, "outcome": row.outcome, "result": row.result}
    audit.record(work, verb, feedback_item(row.item_id), before={"hand_over": DistributionStatus.OPEN}, after=after)
    work.publish(ItemReturned(row.item_id, row.id))
    _changed(work, row.item_id)
    return True


def _last_taker(work: Work, item_id: int) -> str | None:
    """Whom a hand-over that was not taken back went to last, as `distributed_to` names it."""
    query = select(Distribution).where(
        Distribution.item_id.in_(versions_of(item_id)), Distribution.status != DistributionStatus.WITHDRAWN
    )
    last = work.session.scalar(query.order_by(Distribution.id.desc()).limit(1))
    if last is None:
        return None
    person = f"@{get_user(work, last.to_user_id).username}" if last.to_user_id is not None else ""
    return (person or last.group_key or last.process_key)[:LONGEST_KEY]


def taker_name(work: Work, row: Distribution) -> str:
    """The person, group or process by the name that people know."""
    if row.to_user_id is not None:
        return get_user(work, row.to_user_id).display_name
    if row.process_key:
        return row.process_key.replace("_", " ")
    return next((group.name for group in list_groups(work) if group.key == row.group_key), row.group_key)


def _demand_group(work: Work, group_key: str) -> None:
    groups = [group.key for group in list_groups(work)]
    if group_key not in groups:
        raise InvalidInputError(
            f"There is no group {group_key!r}.",
            remedy=f"Choose one of {', '.join(groups)}." if groups else "Make a group first.",
            fields={"group_key": "Choose a group."},
        )


def _group_of(work: Work) -> str:
    """The department of who acts: the first of theirs, for nobody says which one they act for."""
    return min(work.actor.groups, default="")


def _changed(work: Work, item_id: int) -> None:
    work.publish(Changed("item", (item_id,)))
    work.nudge("feedback")
