"""New tasks of groups: who asked for it is told, one notice for each group."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bpm import notices
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity.models import Group, Membership
from bpm.notices import Many, NoticePreference, Way

SETTLED_AFTER = timedelta(seconds=2)
"""Ids are not committed in their order: what is younger is looked at the next time."""
LINK = "/tasks?scope=groups"


def newest_task(work: Work) -> int:
    """The id of the newest task: whoever asks to be told of new ones from now on knows those before."""
    return work.session.scalar(select(func.max(WorkItem.id))) or 0


def sweep_offers(unit_of_work: Transactions) -> int:
    """Tell those who asked for it of tasks that nobody has yet; how many people were told."""
    wanting = select(NoticePreference.user_id, NoticePreference.since_id).where(
        NoticePreference.kind == "offered", NoticePreference.way != Way.OFF
    )
    with unit_of_work.reading() as work:
        new = {row.user_id: offers for row in work.session.execute(wanting).all() if (offers := _offers(work, row))}
    for user_id, offers in new.items():
        with unit_of_work() as work:
            _tell(work, user_id, offers)
    return len(new)


def _offers(work: Work, row: Any) -> list[Any]:
    """(group, how many, newest id) of the person's groups."""
    query = (
        select(Group.id, Group.name, func.count().label("number"), func.max(WorkItem.id).label("newest"))
        .join(Membership, Membership.group_id == Group.id)
        .join(WorkItem, WorkItem.group_key == Group.key)
        .where(
            Membership.user_id == row.user_id,
            WorkItem.status == WorkItemStatus.OPEN,
            WorkItem.assignee_id.is_(None),
            WorkItem.id > row.since_id,
            WorkItem.created_at <= work.now() - SETTLED_AFTER,
        )
        .group_by(Group.id, Group.name)
    )
    return list(work.session.execute(query).all())


def _tell(work: Work, user_id: int, offers: list[Any]) -> None:
    preference = work.session.get_one(NoticePreference, (user_id, "offered"))
    preference.since_id = max(offer.newest for offer in offers)
    for offer in offers:
        subject = _("New tasks for %(group)s") % {"group": offer.name}
        notices.raise_for(
            work, [user_id], "offered", subject, LINK, about=("group", offer.id), key=f"offered:{offer.id}",
            many=Many(subject, LINK), count=offer.number,
        )  # fmt: skip
