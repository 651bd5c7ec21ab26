"""What a study shows round by round: the gap of each item, how far both sides agree; nothing under ten a side."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from bpm.foundation.work import Work
from bpm.processes.perception.models import PerceptionRanking, Side
from bpm.processes.perception.studies import get_row
from bpm.statistics import SHOWN_FROM
from bpm.statistics.ranks import Agreement, RankGap, agreement


@dataclass(frozen=True)
class ItemGap:
    """An item with its mean rank on both sides; the gap is customers less staff: above 0 staff think more of it."""

    item: str
    figures: RankGap


@dataclass(frozen=True)
class RoundResult:
    """One round; `agreement` None while a side has fewer than ten people."""

    name: str
    staff: int
    customers: int
    agreement: Agreement | None
    gaps: tuple[ItemGap, ...]
    """The widest first."""


def results_of(work: Work, study_id: int) -> list[RoundResult]:
    """Round by round, the latest first by its name."""
    items = [str(each) for each in get_row(work, study_id).items]
    rounds: dict[str, dict[Side, list[list[int]]]] = defaultdict(lambda: {Side.STAFF: [], Side.CUSTOMERS: []})
    rows = work.session.execute(
        select(PerceptionRanking.round, PerceptionRanking.side, PerceptionRanking.places)
        .where(PerceptionRanking.study_id == study_id)
        .order_by(PerceptionRanking.id)
    )
    for name, side, places in rows:
        rounds[name][side].append(list(places))
    return [_result(name, rounds[name], items) for name in sorted(rounds, reverse=True)]


def _result(name: str, sides: dict[Side, list[list[int]]], items: list[str]) -> RoundResult:
    staff, customers = sides[Side.STAFF], sides[Side.CUSTOMERS]
    if min(len(staff), len(customers)) < SHOWN_FROM:
        return RoundResult(name, len(staff), len(customers), None, ())
    found = agreement(staff, customers)
    gaps = [ItemGap(item, figures) for item, figures in zip(items, found.gaps, strict=True)]
    gaps.sort(key=lambda each: -abs(each.figures.gap))
    return RoundResult(name, len(staff), len(customers), found, tuple(gaps))
