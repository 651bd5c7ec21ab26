"""Notices escapes as public words are heard, as things stood when they were said, and tells who was waited for."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select

from bpm import identity, notices
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback.events import SaidInPublic
from bpm.feedback.models import FeedbackItem, ItemClock
from bpm.feedback.raw_item import PUBLIC_CHANNELS
from bpm.foundation.bus import Bus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, may
from bpm.processes.attribution import element_at, running_cases, with_cases_of_others
from bpm.processes.escapes.models import Escape
from bpm.processes.models import Attribution


def wire_escapes(bus: Bus) -> None:
    """Look at whatever is said in public."""
    bus.subscribe(SaidInPublic, on_said_in_public)


def on_said_in_public(work: Work, event: SaidInPublic) -> None:
    """Write down the escapes among these items, each once, and tell of them."""
    known = select(Escape.id).where(Escape.item_id == FeedbackItem.id).exists()
    wanted = select(FeedbackItem).where(
        FeedbackItem.id.in_(event.item_ids), FeedbackItem.customer_id.is_not(None), FeedbackItem.current, ~known
    )
    items = work.session.scalars(wanted.order_by(FeedbackItem.placed_at, FeedbackItem.id)).all()
    linked, private = with_cases_of_others(work, items), _who_spoke_in_private(work, items)
    for item in items:
        if item.id not in linked and item.customer_id not in private:
            continue  # nearly everybody in a burst: two queries for all instead of two for each
        escape = _find(work, item)
        if escape is not None:
            work.session.add(escape)
            work.session.flush()
            _tell(work, item, escape)


def _find(work: Work, item: FeedbackItem) -> Escape | None:
    """The escape that an item is: from the newest case that waited then, else from private words that did."""
    waiting = _waiting_item(work, item)
    for case in running_cases(work, item, at=item.placed_at):
        if _was_opened_in_private(work, case.instance_id):
            element, version_id = element_at(work, case.instance_id, item)
            return Escape(
                item_id=item.id, waiting_item_id=waiting, instance_id=case.instance_id,
                version_id=version_id or case.version_id, element=element, said_at=item.placed_at,
            )  # fmt: skip
    if waiting is None:
        return None
    return Escape(item_id=item.id, waiting_item_id=waiting, said_at=item.placed_at)


def _who_spoke_in_private(work: Work, items: Sequence[FeedbackItem]) -> set[int | None]:
    """Those of the items' customers that said something in private whose clocks run or ran."""
    customers = {item.customer_id for item in items}
    query = select(FeedbackItem.customer_id).where(
        FeedbackItem.customer_id.in_(customers), FeedbackItem.current, FeedbackItem.channel.not_in(PUBLIC_CHANNELS)
    )
    return set(work.session.scalars(query.where(exists().where(ItemClock.item_id == FeedbackItem.id)).distinct()))


def _was_opened_in_private(work: Work, instance_id: int) -> bool:
    linked = select(Attribution.id).join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
    private = linked.where(
        Attribution.instance_id == instance_id,
        Attribution.valid_to.is_(None),
        FeedbackItem.channel.not_in(PUBLIC_CHANNELS),
    )
    return work.session.scalar(private.limit(1)) is not None


def _waiting_item(work: Work, item: FeedbackItem) -> int | None:
    """The newest private words of the customer that were neither answered nor decided on when this was said."""
    at = item.placed_at
    clock = and_(ItemClock.item_id == FeedbackItem.id, or_(ItemClock.resolved_at <= at, ItemClock.answered_at <= at))
    return work.session.scalar(
        select(FeedbackItem.id)
        .where(
            FeedbackItem.customer_id == item.customer_id,
            FeedbackItem.current,
            FeedbackItem.channel.not_in(PUBLIC_CHANNELS),
            FeedbackItem.placed_at < at,
            ~exists().where(clock),
            exists().where(ItemClock.item_id == FeedbackItem.id),
        )
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(1)
    )


def _tell(work: Work, item: FeedbackItem, escape: Escape) -> None:
    who = item.author_name or item.author_handle or _("a customer")
    notices.raise_for(
        work, _owners(work, escape), "escape", _("%(who)s waits for us and speaks up in public") % {"who": who},
        f"/inbox/{item.id}", about=("item", item.id), key=f"escape:{item.id}", only_once=True,
    )  # fmt: skip


def _owners(work: Work, escape: Escape) -> list[int]:
    """Who has the tasks at which the case waits; else their groups, the group that has the item, or all who answer."""
    groups: set[str | None] = set()
    if escape.instance_id is not None:
        tasks = work.session.execute(
            select(WorkItem.assignee_id, WorkItem.group_key).where(
                WorkItem.instance_id == escape.instance_id, WorkItem.status == WorkItemStatus.OPEN
            )
        ).all()
        people = [task.assignee_id for task in tasks if task.assignee_id is not None]
        if people:
            return people
        groups = {task.group_key for task in tasks}
    elif escape.waiting_item_id is not None:
        has = select(FeedbackItem.distributed_to).where(FeedbackItem.id == escape.waiting_item_id)
        groups = {work.session.scalar(has)}
    return _members(work, sorted(each for each in groups if each))


def _members(work: Work, groups: Sequence[str]) -> list[int]:
    people = [user for user in identity.list_users(work) if user.active and may(actor_of(user), Permission.ANSWER)]
    theirs = [user.id for user in people if {f"@{user.username}", *(group.key for group in user.groups)} & set(groups)]
    return theirs or [user.id for user in people]
