"""Works out the clocks of items and their place in the queue anew, from what happened; safe to repeat.

Whatever changes an item leaves it unsettled (`unsettle`); the worker settles it within a second or two, some hundred
at a time. Two that would write the same item wait for each other at its row, so what changed meanwhile is not lost.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from bpm import calendars
from bpm.calendars import Calendar
from bpm.feedback.clocks.dues import Due, due, still_since
from bpm.feedback.clocks.facts import Fact, read_facts
from bpm.feedback.clocks.queue_order import harm_of, place
from bpm.feedback.clocks.targets import Targets, get_targets, target_for
from bpm.feedback.events import SaidInPublic
from bpm.feedback.models import FeedbackItem, ItemClock, Reply
from bpm.feedback.raw_item import PUBLIC_CHANNELS
from bpm.feedback.status import ClockKind
from bpm.foundation.bus import Bus
from bpm.foundation.work import Transactions, Work
from bpm.search import Changed

ITEM, CLOCK = (cast("Table", each.__table__) for each in (FeedbackItem, ItemClock))
AT_ONCE = 500
TOLD_FOR = timedelta(days=3)
"""What was due longer ago is told no more: nobody was there to tell it then."""


def wire(bus: Bus) -> None:
    """Let every change of an item or of a reply leave its episode unsettled."""
    bus.gather(Changed, on_changed)


def on_changed(work: Work, events: Sequence[Changed]) -> None:
    """Items changed, or what became of replies: so may the clocks of all in their episodes."""
    items = {each for event in events if event.kind == "item" for each in event.ids}
    replies = {each for event in events if event.kind == "reply" for each in event.ids}
    if replies:
        items |= set(work.session.scalars(select(Reply.item_id).where(Reply.id.in_(replies))))
    if items:
        unsettle(work, items)


def unsettle(work: Work, item_ids: Collection[int]) -> None:
    """Let the worker work out the clocks of these items and of their episodes anew."""
    ids = sorted(set(item_ids))
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        theirs = select(ITEM.c.episode_id).where(ITEM.c.id.in_(part), ITEM.c.episode_id.is_not(None))
        those = ITEM.c.id.in_(part) | ITEM.c.episode_id.in_(theirs)
        work.session.execute(update(ITEM).where(ITEM.c.clocked_at.is_not(None), those).values(clocked_at=None))


def sweep_clocks(unit_of_work: Transactions) -> int:
    """Settle what is unsettled, some hundred items at a time; how many."""
    with unit_of_work.reading() as work:
        if work.session.scalar(select(ITEM.c.id).where(ITEM.c.clocked_at.is_(None)).limit(1)) is None:
            return 0
    with unit_of_work() as work:
        waiting = select(ITEM.c.id).where(ITEM.c.clocked_at.is_(None)).order_by(ITEM.c.id).limit(AT_ONCE)
        return settle(work, list(work.session.scalars(waiting.with_for_update(skip_locked=True))))


def settle(work: Work, item_ids: Collection[int]) -> int:
    """Work out the clocks and the places of these items; how many there are."""
    facts = read_facts(work, item_ids) if item_ids else []
    if not facts:
        return 0
    targets, hours = get_targets(work), calendars.calendars_of(work, {fact.group or None for fact in facts})
    clocks = {
        fact.id: clock_of(fact, targets, hours[fact.group or None], now=work.now()) for fact in facts if _ticks(fact)
    }
    old = [fact.id for fact in facts if fact.has_clock]
    if old:
        work.session.execute(delete(CLOCK).where(CLOCK.c.item_id.in_(old)))
    if clocks:
        work.session.execute(insert(CLOCK), list(clocks.values()))
    new = [fact for fact in facts if fact.id in clocks and not fact.has_clock]
    _bring_back(work, new)
    public = tuple(fact.id for fact in new if fact.channel in PUBLIC_CHANNELS)
    if public:
        work.publish(SaidInPublic(public))
    places = [_placed(fact, clocks.get(fact.id), now=work.now()) for fact in facts]
    work.session.connection().execute(_PLACE, places)
    work.nudge("feedback")
    return len(facts)


def _bring_back(work: Work, new: Sequence[Fact]) -> None:
    """The customer said something: what was snoozed in that conversation is to do again."""
    talks = {fact.conversation_id for fact in new if fact.conversation_id is not None}
    if talks:
        snoozed = (ITEM.c.conversation_id.in_(talks), ITEM.c.snoozed_until.is_not(None))
        work.session.execute(update(ITEM).where(*snoozed).values(snoozed_until=None))


_PLACE = (
    update(ITEM)
    .where(ITEM.c.id == bindparam("item"))
    .values(queue_rank=bindparam("rank"), act_by=bindparam("by"), clocked_at=bindparam("settled"))
)


def _ticks(fact: Fact) -> bool:
    """Bare thanks start no clock; what was decided before anybody looked at a clock gets none."""
    return fact.current and not fact.is_thanks and (fact.decided_at is None or fact.has_clock)


def clock_of(fact: Fact, targets: Targets, calendar: Calendar, *, now: datetime) -> dict[str, Any]:
    """The row of an item's clocks; pure."""
    kind = ClockKind.NEXT if fact.was_answered_before else ClockKind.FIRST
    answered = fact.first_answer_after
    answer = _due(fact, kind, targets, calendar)
    resolution = _due(fact, ClockKind.RESOLUTION, targets, calendar)
    row = {
        "item_id": fact.id, "kind": kind, "started_at": fact.placed_at, "answer_due_at": answer.at,
        "answered_at": answered, "resolve_due_at": resolution.at, "resolved_at": fact.decided_at,
        "paused_at": still_since(fact.pauses) if fact.decided_at is None else None, "told_until": fact.told_until,
    }  # fmt: skip
    return {**row, "alert_at": _next_alert(fact, _to_tell(fact, answer, resolution, answered), now=now)}


def _due(fact: Fact, clock: ClockKind, targets: Targets, calendar: Calendar) -> Due:
    target = target_for(targets, clock, channel=fact.channel, urgency=fact.urgency, group=fact.group)
    return Due(None, None) if target is None else due(calendar, fact.placed_at, target, fact.pauses)


def _to_tell(fact: Fact, answer: Due, resolution: Due, answered: datetime | None) -> Iterable[datetime]:
    if fact.decided_at is not None:
        return ()
    waiting = (answer.near_at, answer.at) if answered is None else ()
    return [each for each in (*waiting, resolution.near_at, resolution.at) if each is not None]


def _next_alert(fact: Fact, instants: Iterable[datetime], *, now: datetime) -> datetime | None:
    since = max(now - TOLD_FOR, fact.told_until or now - TOLD_FOR)
    return min((each for each in instants if each > since), default=None)


def _placed(fact: Fact, clock: dict[str, Any] | None, *, now: datetime) -> dict[str, Any]:
    answered = clock is not None and clock["answered_at"] is not None
    due_at = None
    if clock is not None:
        due_at = clock["resolve_due_at"] if answered else clock["answer_due_at"] or clock["resolve_due_at"]
    found = place(
        harm_of(fact.kind, fact.urgency),
        waiting_since=fact.placed_at,
        promised_until=fact.promised_until,
        due_at=due_at,
        in_hand=answered or fact.is_thanks,
    )
    return {"item": fact.id, "rank": found.rank, "by": found.act_by, "settled": now}
