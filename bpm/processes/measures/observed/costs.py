"""What cases and conversations cost, in money: nothing is seen before anybody entered what anything costs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from bpm.feedback.models import FeedbackItem
from bpm.processes.economics.cases import CaseCost, costs_of_cases
from bpm.processes.measures.observed.facts import Facts
from bpm.processes.measures.observed.links import some_of
from bpm.processes.measures.observed.seen import Seen
from bpm.processes.models import Attribution

CENTS = 100


def cost_per_case(facts: Facts) -> Iterator[Seen]:
    """Of cases that ended in the period."""
    for case in _costs(facts):
        yield Seen(at=case.ended_at, value=case.cents / CENTS, case_id=case.instance_id, part=False)


def cost_per_conversation(facts: Facts) -> Iterator[Seen]:
    """What the cases that one conversation began cost together, at the end of the last one."""
    costs = {case.instance_id: case for case in _costs(facts)}
    talks: dict[int, list[CaseCost]] = defaultdict(list)
    for case_id, conversation in _conversations(facts, sorted(costs)):
        talks[conversation].append(costs[case_id])
    for cases in talks.values():
        last = max(cases, key=lambda each: each.ended_at)
        cents = sum(each.cents for each in cases)
        yield Seen(at=last.ended_at, value=cents / CENTS, case_id=last.instance_id, part=False)


def _costs(facts: Facts) -> Sequence[CaseCost]:
    if not facts.key:
        return ()
    found = costs_of_cases(facts.work, facts.key, facts.part.number, facts.since, facts.until)
    return found if any(case.cents for case in found) else ()


def _conversations(facts: Facts, cases: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(case, the conversation of what was linked to it first)."""
    for some in some_of(cases):
        first = (
            select(Attribution.instance_id, func.min(Attribution.id).label("id"))
            .where(Attribution.instance_id.in_(some), Attribution.valid_to.is_(None))
            .group_by(Attribution.instance_id)
            .subquery()
        )
        rows = facts.work.session.execute(
            select(first.c.instance_id, FeedbackItem.conversation_id)
            .join(Attribution, Attribution.id == first.c.id)
            .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
            .where(FeedbackItem.conversation_id.is_not(None))
        )
        for row in rows:
            yield row[0], row[1]
