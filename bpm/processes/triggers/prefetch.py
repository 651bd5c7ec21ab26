"""Reads what the firing of triggers needs for a whole batch at once: a burst of items must not cost a query each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bpm.feedback.events import FeedbackClassified
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes import attribution
from bpm.processes.models import TriggerFiring
from bpm.processes.triggers.conditions import ItemFacts
from bpm.processes.triggers.item_facts import facts_of, select_facts

AHEAD = "classified items read ahead"
LINKED = "conversations and customers that were linked to a case since"
BATCH = 500


@dataclass(frozen=True)
class Heard:
    """A current item as it stands; `facts` None: it has no classification."""

    item: FeedbackItem
    facts: ItemFacts | None
    has_cases: bool
    """Whether another item of its conversation or customer was linked to a case when it was read."""
    fired: frozenset[int]
    """Triggers that fired for it before, for whichever of its versions."""


def take(work: Work, event: FeedbackClassified) -> Heard | None:
    """The item of the event; None when it is gone or superseded. What waits behind the event is read along with it.

    Each is given out once: a second event of the same item reads it anew.
    """
    kept: dict[int, Heard] = work.session.info.setdefault(AHEAD, {})
    if event.item_id not in kept:
        waiting = [each.item_id for each in work.events if isinstance(each, FeedbackClassified)]
        kept.update(_load(work, list(dict.fromkeys([event.item_id, *waiting]))[:BATCH]))
    return kept.pop(event.item_id, None)


def note_linked(work: Work, item: FeedbackItem) -> None:
    """The item is linked to a case now: what was read ahead of its conversation and its customer may be old."""
    work.session.info.setdefault(LINKED, set()).update(_whose(item))


def may_have_cases(work: Work, heard: Heard) -> bool:
    """Whether its conversation or customer may be linked to a case by now."""
    return heard.has_cases or not _whose(heard.item).isdisjoint(work.session.info.get(LINKED, ()))


def _whose(item: FeedbackItem) -> set[tuple[str, int]]:
    whose = (("conversation", item.conversation_id), ("customer", item.customer_id))
    return {(name, value) for name, value in whose if value is not None}


def _load(work: Work, ids: list[int]) -> dict[int, Heard]:
    items = work.session.scalars(select(FeedbackItem).where(FeedbackItem.id.in_(ids), FeedbackItem.current)).all()
    facts = {row.id: facts_of(row) for row in work.session.execute(select_facts().where(FeedbackItem.id.in_(ids)))}
    linked = attribution.with_cases_of_others(work, items)
    fired = _fired(work, items)
    return {
        item.id: Heard(
            item,
            facts.get(item.id),
            item.id in linked,
            frozenset(fired[item.first_id or item.id]),
        )
        for item in items
    }


def _fired(work: Work, items: Sequence[FeedbackItem]) -> defaultdict[int, set[int]]:
    """Id of an item's first version -> triggers that fired for it."""
    found = defaultdict[int, set[int]](set)
    lasting = [item.first_id or item.id for item in items]
    query = select(TriggerFiring.item_id, TriggerFiring.trigger_id).where(TriggerFiring.item_id.in_(lasting))
    for item_id, trigger_id in work.session.execute(query):
        found[item_id].add(trigger_id)
    return found
