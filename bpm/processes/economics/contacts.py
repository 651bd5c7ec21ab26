"""Reads what contacts of customers cost, and what they were given; each at home in one case, or in none."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.attribution import SURE
from bpm.processes.economics.entries import Entry, Place, What
from bpm.processes.economics.plan import CostPlan, Side
from bpm.processes.models import Attribution, Gesture
from bpm.processes.status import GestureStatus, Purpose

CHUNK = 500


class Homes:
    """The one case that an item's costs go to: that of its oldest link that holds and names one."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def of(self, item_ids: Sequence[int]) -> dict[int, Place]:
        """Item -> its case; items without one are not in it."""
        found: dict[int, Place] = {}
        for some in chunks(item_ids):
            rows = self._work.session.execute(
                select(
                    Attribution.item_id, Attribution.instance_id, Attribution.element, ProcessDefinition.key,
                    ProcessVersion.number, ProcessInstance.started_at,
                )
                .join(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
                .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
                .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
                .where(
                    Attribution.item_id.in_(some), Attribution.valid_to.is_(None), Attribution.method.in_(SURE)
                )
                .order_by(Attribution.id)
            )  # fmt: skip
            for row in rows:
                place = Place(row.instance_id, row.key, row.number, row.element, "", row.started_at)
                found.setdefault(row.item_id, place)
        return found


def contacts(work: Work, homes: Homes, plan: CostPlan, *conditions: ColumnElement[bool]) -> list[Entry]:
    """Each contact, by what one by its channel costs; those of channels without a cost, too, at nothing."""
    rows = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.first_id, FeedbackItem.channel, FeedbackItem.placed_at)
        .where(FeedbackItem.current, *conditions)
        .order_by(FeedbackItem.id)
    ).all()
    at = homes.of([row.id for row in rows])
    return [_contact(row, plan, at.get(row.id, Place())) for row in rows]


def _contact(row: Any, plan: CostPlan, place: Place) -> Entry:
    cost = plan.of_channel(row.channel, row.placed_at.date())
    amount, side = (cost.cost, cost.side) if cost else (Decimal(0), Side.SERVICE)
    return Entry(What.CONTACT, amount, place, side, 0.0, row.channel, row.first_id or row.id)


def gestures(work: Work, homes: Homes, *conditions: ColumnElement[bool]) -> list[Entry]:
    rows = work.session.execute(
        select(Gesture.item_id, Gesture.cost, Gesture.purpose, FeedbackItem.first_id, FeedbackItem.channel)
        .join(FeedbackItem, FeedbackItem.id == Gesture.item_id)
        .where(Gesture.status == GestureStatus.GIVEN, *conditions)
        .order_by(Gesture.id)
    ).all()
    newest = _newest_versions(work, [row.first_id or row.item_id for row in rows])
    at = homes.of(sorted(set(newest.values())))
    found = []
    for row in rows:
        lasting = row.first_id or row.item_id
        place = at.get(newest.get(lasting, row.item_id), Place())
        side = Side.MARKETING if row.purpose == Purpose.PR else Side.SERVICE
        found.append(
            Entry(What.GOODWILL, Decimal(row.cost) / 100, place, side, 0.0, row.channel, lasting)
        )  # fmt: skip
    return found


def _newest_versions(work: Work, lasting: Sequence[int]) -> dict[int, int]:
    """First version's id -> the id of the version that holds."""
    found: dict[int, int] = {}
    for some in chunks(lasting):
        own = select(FeedbackItem.id).where(FeedbackItem.current, FeedbackItem.id.in_(some))
        found.update((each, each) for each in work.session.scalars(own))
    for some in chunks(set(lasting) - set(found)):
        later = select(FeedbackItem.first_id, FeedbackItem.id).where(
            FeedbackItem.current, FeedbackItem.first_id.in_(some)
        )
        found.update((first, each) for first, each in work.session.execute(later) if first is not None)
    return found


def contacts_of(work: Work, homes: Homes, plan: CostPlan, cases: Collection[int]) -> list[Entry]:
    """Contacts and gestures of the items that are linked to the cases; some may be at home in others."""
    linked: set[int] = set()
    for some in chunks(cases):
        linked.update(
            work.session.scalars(
                select(Attribution.item_id).where(
                    Attribution.instance_id.in_(some), Attribution.valid_to.is_(None), Attribution.method.in_(SURE)
                )
            )
        )
    found: list[Entry] = []
    for some in chunks(linked):
        said = contacts(work, homes, plan, FeedbackItem.id.in_(some))
        name = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
        found += said + gestures(work, homes, name.in_([each.item_id for each in said]))
    return found


def chunks(ids: Collection[int]) -> Iterator[list[int]]:
    """The ids in lists that a statement can hold."""
    listed = sorted(ids)
    for begin in range(0, len(listed), CHUNK):
        yield listed[begin : begin + CHUNK]
