"""How often feedback changes hands before it is settled, hard matters apart; how many go through the first line.

A hop is each time somebody else gets it: a hand-over, a task handed on to another group, another owner after the first.
Giving it to its first owner is none, and coming back is none.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm.engine.task_models import HandOver
from bpm.feedback.models import Classification, Distribution, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes import routing
from bpm.processes.models import ItemAssignment
from bpm.processes.routing import Facts
from bpm.statistics import Share, share

MOST = 5_000
"""Items of a period that are looked at, the newest."""


@dataclass(frozen=True)
class ItemHops:
    """Of one item."""

    item_id: int
    is_hard: bool
    hops: int
    through_first_line: int
    """How many of them went to who has the simple ones, where it is hard and should not."""


@dataclass(frozen=True)
class Hops:
    """Of the items of a period: hard ones, or the others."""

    is_hard: bool
    items: int
    none: Share
    """How many changed hands not once."""
    mean: float | None
    most: int
    through_first_line: int


def count(owners: int, takers: Sequence[str], *, first_line: str, is_hard: bool) -> tuple[int, int]:
    """(hops, hops through the first line) of one item; pure. `takers`: groups and others that got it, in order."""
    through = sum(taker == first_line for taker in takers) if is_hard else 0
    return max(0, owners - 1) + len(takers), through


def hops_of(work: Work, lasting_ids: Collection[int]) -> list[ItemHops]:
    """Of these items (their first versions), by the routing table that holds now."""
    table = routing.get_table(work)
    owners = _owners(work, lasting_ids)
    takers = _takers(work, lasting_ids)
    found = []
    for item_id, channel, complexity in _facts(work, lasting_ids):
        landing = routing.land(Facts(channel, complexity), table)
        row = table.row(channel)
        first_line = "" if row.first == row.difficult else row.first
        hops, through = count(
            owners.get(item_id, 0), takers.get(item_id, ()), first_line=first_line, is_hard=landing.is_hard
        )
        found.append(ItemHops(item_id, landing.is_hard, hops, through))
    return found


def hops_in(work: Work, *, since: datetime, until: datetime) -> tuple[Hops, ...]:
    """Hard items of the period, then the others: those that are decided, for the rest may still change hands."""
    lasting = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
    settled = select(lasting).where(
        FeedbackItem.current, FeedbackItem.decision.is_not(None),
        FeedbackItem.placed_at >= since, FeedbackItem.placed_at < until,
    )  # fmt: skip
    ids = list(work.session.scalars(settled.order_by(FeedbackItem.placed_at.desc()).limit(MOST)))
    rows = hops_of(work, ids)
    return tuple(_figures([row for row in rows if row.is_hard == hard], is_hard=hard) for hard in (True, False))


def _figures(rows: Sequence[ItemHops], *, is_hard: bool) -> Hops:
    hops = [row.hops for row in rows]
    return Hops(
        is_hard=is_hard,
        items=len(rows),
        none=share(sum(each == 0 for each in hops), len(hops)),
        mean=sum(hops) / len(hops) if hops else None,
        most=max(hops, default=0),
        through_first_line=sum(row.through_first_line for row in rows),
    )


def _facts(work: Work, lasting_ids: Collection[int]) -> list[tuple[int, str, str | None]]:
    lasting = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
    found: list[tuple[int, str, str | None]] = []
    for some in _chunks(lasting_ids):
        rows = work.session.execute(
            select(lasting, FeedbackItem.channel, Classification.complexity)
            .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
            .where(FeedbackItem.current, lasting.in_(some))
        )
        found += [(row[0], row[1], row[2]) for row in rows]
    return found


def _owners(work: Work, lasting_ids: Collection[int]) -> Mapping[int, int]:
    found: Counter[int] = Counter()
    for some in _chunks(lasting_ids):
        found.update(work.session.scalars(select(ItemAssignment.item_id).where(ItemAssignment.item_id.in_(some))))
    return found


def _takers(work: Work, lasting_ids: Collection[int]) -> dict[int, list[str]]:
    """Item -> who got it in turn: groups, people and processes, and groups that a task was handed on to."""
    lasting = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
    found: dict[int, list[str]] = {}
    of_case: dict[int, int] = {}
    for some in _chunks(lasting_ids):
        rows = work.session.execute(
            select(lasting, Distribution.group_key, Distribution.process_key, Distribution.case_id)
            .join(FeedbackItem, FeedbackItem.id == Distribution.item_id)
            .where(lasting.in_(some))
            .order_by(Distribution.id)
        )
        for item_id, group, process, case_id in rows:
            found.setdefault(item_id, []).append(group or process or "a person")
            if case_id is not None:
                of_case[case_id] = item_id
    for cases in _chunks(of_case):
        moves = work.session.execute(
            select(HandOver.instance_id, HandOver.to_group)
            .where(HandOver.instance_id.in_(cases), HandOver.to_group.is_not(None), HandOver.undone_at.is_(None))
            .order_by(HandOver.id)
        )
        for instance_id, to_group in moves:
            found[of_case[instance_id]].append(str(to_group))
    return found


def _chunks(ids: Collection[int]) -> list[list[int]]:
    listed = list(ids)
    return [listed[begin : begin + 500] for begin in range(0, len(listed), 500)]
