"""Measures of how cases flow: done again, handed over, contacts after the end, promises."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from bpm.processes.changes.again import AGAIN_WITHIN
from bpm.processes.measures.observed.facts import WORKED_AT, Facts
from bpm.processes.measures.observed.seen import Seen


def rework(facts: Facts) -> Iterator[Seen]:
    """A case that passed an activity again; at the activity each visit after the first of a case is one."""
    for case in facts.cases:
        counts: Counter[str] = Counter()
        for visit in facts.case_visits.get(case.id, ()):
            if visit.type in WORKED_AT:
                counts[visit.element] += 1
                yield Seen(
                    at=case.began, value=float(counts[visit.element] > 1), element=visit.element, case_id=case.id,
                    whole=False,
                )  # fmt: skip
        yield Seen(at=case.began, value=float(max(counts.values(), default=0) > 1), case_id=case.id, part=False)


def hand_overs(facts: Facts) -> Iterator[Seen]:
    for case in facts.cases:
        passed = [visit for visit in facts.case_visits.get(case.id, ()) if visit.type in WORKED_AT]
        lanes = [facts.lanes[visit.element] for visit in passed if facts.lanes[visit.element]]
        changes = sum(before != after for before, after in pairwise(lanes))
        yield Seen(at=case.began, value=float(changes), case_id=case.id, part=False)


def recontact_7d(facts: Facts) -> Iterator[Seen]:
    """Answers to our own survey are no contact again; a case that ended less than seven days ago is counted apart."""
    now = facts.work.now()
    for case in facts.cases:
        customer = facts.customers.get(case.id)
        if case.ended is None or customer is None:
            continue
        ended, until = case.ended, case.ended + AGAIN_WITHIN
        again = any(
            ended < each.at <= until and each.source != "survey" for each in facts.said_by_customers.get(customer, ())
        )
        yield Seen(
            at=case.began, value=float(again), weight=1, case_id=case.id, part=False, running=not again and until > now
        )


def promises_kept(facts: Facts) -> Iterator[Seen]:
    for each in facts.promises:
        yield Seen(
            at=each.at, value=float(each.kept), element=each.element, channel=each.channel, row_id=each.row_id,
            case_id=each.case_id,
        )  # fmt: skip


def response_rate(facts: Facts) -> Iterator[Seen]:
    for _invitation, element, at, answered, case_id in facts.invitations:
        yield Seen(at=at, value=float(answered), element=element, case_id=case_id)
