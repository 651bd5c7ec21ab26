"""What happened to items, as far as their clocks and their place in the queue depend on it: read by few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from bpm.feedback.clocks.asking import LONGEST_READ, asks, pauses_of
from bpm.feedback.clocks.dues import Pause
from bpm.feedback.models import Classification, ClockPause, Decision, FeedbackItem, ItemClock, Promise, Reply
from bpm.feedback.status import PromiseStatus
from bpm.feedback.thanks import is_thanks
from bpm.foundation.work import Work

LONGEST_THANKS = 201
"""Characters read of an item: one more than thanks can have."""


@dataclass(frozen=True)
class Fact:
    """One item with what happened to it."""

    id: int
    current: bool
    placed_at: datetime
    channel: str
    group: str
    kind: str | None
    urgency: int | None
    is_thanks: bool
    answers: tuple[datetime, ...]
    """When answers left to any item of its episode, the earliest first."""
    pauses: tuple[Pause, ...]
    decided_at: datetime | None
    promised_until: datetime | None
    told_until: datetime | None
    has_clock: bool
    conversation_id: int | None = None

    @property
    def first_answer_after(self) -> datetime | None:
        """When the first answer left after it was said."""
        return next((at for at in self.answers if at >= self.placed_at), None)

    @property
    def was_answered_before(self) -> bool:
        """Whether something in its episode was answered before it was said."""
        return any(at < self.placed_at for at in self.answers)


@dataclass
class _Episode:
    answers: list[datetime] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    said: list[datetime] = field(default_factory=list)


def read_facts(work: Work, item_ids: Collection[int]) -> list[Fact]:
    """The facts of these items; those that are gone are left out."""
    rows = work.session.execute(
        select(
            FeedbackItem.id, FeedbackItem.current, FeedbackItem.placed_at, FeedbackItem.channel, FeedbackItem.decision,
            FeedbackItem.distributed_to, FeedbackItem.conversation_id, FeedbackItem.episode_id,
            func.substr(FeedbackItem.text, 1, LONGEST_THANKS).label("text"),
            Classification.primary, Classification.urgency, ItemClock.told_until,
            ItemClock.item_id.is_not(None).label("has_clock"),
        )
        .outerjoin(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .outerjoin(ItemClock, ItemClock.item_id == FeedbackItem.id)
        .where(FeedbackItem.id.in_(item_ids))
    ).all()  # fmt: skip
    episodes = _episodes(work, {row.episode_id for row in rows if row.episode_id is not None})
    by_hand = _by_hand(work, {row.conversation_id for row in rows if row.conversation_id is not None})
    decided = _decided(work, [row.id for row in rows if row.decision is not None])
    promised = _promised(work, item_ids)
    return [_fact(row, episodes[row.episode_id], by_hand, decided, promised) for row in rows]


def _fact(
    row: Any, episode: _Episode, by_hand: dict[int, list[tuple[datetime, datetime | None]]],
    decided: dict[int, datetime], promised: dict[int, datetime],
) -> Fact:  # fmt: skip
    return Fact(
        id=row.id,
        current=row.current,
        placed_at=row.placed_at,
        channel=row.channel,
        group=row.distributed_to or "",
        kind=row.primary,
        urgency=row.urgency,
        is_thanks=is_thanks(row.text),
        answers=tuple(sorted(episode.answers)),
        pauses=pauses_of(episode.asked, sorted(episode.said), by_hand.get(row.conversation_id, ())),
        decided_at=decided.get(row.id),
        promised_until=promised.get(row.id),
        told_until=row.told_until,
        has_clock=bool(row.has_clock),
        conversation_id=row.conversation_id,
    )


def _episodes(work: Work, ids: set[int]) -> dict[int | None, _Episode]:
    """What left in each episode; what customers said in those in which they were asked or a colleague said so."""
    found: dict[int | None, _Episode] = defaultdict(_Episode)
    rows = work.session.execute(
        select(FeedbackItem.episode_id, Reply.sent_at, func.substr(Reply.text, 1, LONGEST_READ).label("text"))
        .join(Reply, Reply.item_id == FeedbackItem.id)
        .where(FeedbackItem.episode_id.in_(ids), Reply.sent_at.is_not(None))
    )
    for row in rows if ids else ():
        found[row.episode_id].answers.append(row.sent_at)
        if asks(row.text):
            found[row.episode_id].asked.append(row.sent_at)
    if ids:
        _read_said(work, found, ids)
    return found


def _read_said(work: Work, found: dict[int | None, _Episode], ids: set[int]) -> None:
    text = func.substr(FeedbackItem.text, 1, LONGEST_THANKS).label("text")
    paused = select(ClockPause.id).where(ClockPause.conversation_id == FeedbackItem.conversation_id).exists()
    asked = [each for each in ids if each in found and found[each].asked]
    rows = work.session.execute(
        select(FeedbackItem.episode_id, FeedbackItem.placed_at, text).where(
            FeedbackItem.episode_id.in_(ids), FeedbackItem.current, FeedbackItem.episode_id.in_(asked) | paused
        )
    )
    for row in rows:
        if not is_thanks(row.text):
            found[row.episode_id].said.append(row.placed_at)


def _by_hand(work: Work, ids: set[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = work.session.execute(
        select(ClockPause.conversation_id, ClockPause.began_at, ClockPause.ended_at).where(
            ClockPause.conversation_id.in_(ids)
        )
    )
    for row in rows if ids else ():
        found[row.conversation_id].append((row.began_at, row.ended_at))
    return found


def _decided(work: Work, ids: Iterable[int]) -> dict[int, datetime]:
    rows = work.session.execute(
        select(Decision.item_id, func.max(Decision.at))
        .where(Decision.item_id.in_(list(ids)))
        .group_by(Decision.item_id)
    )
    return {row[0]: row[1] for row in rows}


def _promised(work: Work, ids: Collection[int]) -> dict[int, datetime]:
    rows = work.session.execute(
        select(Promise.item_id, func.min(Promise.until_at))
        .where(Promise.item_id.in_(ids), Promise.status.in_((PromiseStatus.OPEN, PromiseStatus.BROKEN)))
        .group_by(Promise.item_id)
    )
    return {row[0] or 0: row[1] for row in rows}
