"""Reads what the firing of triggers needs for a whole batch at once: a burst of items must not cost a query each."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from bpm.feedback.events import FeedbackClassified
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.triggers.conditions import ItemFacts
from bpm.processes.triggers.item_facts import facts_of, select_facts

AHEAD = "classified items read ahead"
BATCH = 500


@dataclass(frozen=True)
class Heard:
    """A current item as it stands; `facts` None: it has no classification."""

    item: FeedbackItem
    facts: ItemFacts | None
    has_cases: bool
    """Whether its conversation or customer is linked to any instance at all."""


def take(work: Work, event: FeedbackClassified) -> Heard | None:
    """The item of the event; None when it is gone or superseded. What waits behind the event is read along with it.

    Each is given out once: a second event of the same item reads it anew.
    """
    kept: dict[int, Heard] = work.session.info.setdefault(AHEAD, {})
    if event.item_id not in kept:
        waiting = [each.item_id for each in work.events if isinstance(each, FeedbackClassified)]
        kept.update(_load(work, list(dict.fromkeys([event.item_id, *waiting]))[:BATCH]))
    return kept.pop(event.item_id, None)


def _load(work: Work, ids: list[int]) -> dict[int, Heard]:
    items = work.session.scalars(select(FeedbackItem).where(FeedbackItem.id.in_(ids), FeedbackItem.current)).all()
    facts = {row.id: facts_of(row) for row in work.session.execute(select_facts().where(FeedbackItem.id.in_(ids)))}
    talks = _with_cases(work, FeedbackItem.conversation_id, (item.conversation_id for item in items))
    people = _with_cases(work, FeedbackItem.customer_id, (item.customer_id for item in items))
    return {
        item.id: Heard(item, facts.get(item.id), item.conversation_id in talks or item.customer_id in people)
        for item in items
    }


def _with_cases(work: Work, column: InstrumentedAttribute[int | None], values: Iterable[int | None]) -> set[int]:
    """Those of `values` (conversations or customers) that have an item linked to an instance."""
    found = work.session.scalars(
        select(column)
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .where(column.in_({value for value in values if value is not None}))
        .where(Attribution.instance_id.is_not(None), Attribution.valid_to.is_(None))
        .distinct()
    )
    return {value for value in found if value is not None}
