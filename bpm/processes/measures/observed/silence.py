"""Customers of bad cases who said nothing, and what they did instead: a voice of its own kind, never words."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bpm.engine.status import InstanceStatus
from bpm.processes.measures.observed.facts import WORKED_AT, Facts
from bpm.processes.measures.observed.kinds import LIVED
from bpm.processes.measures.observed.rows import Case
from bpm.processes.measures.observed.seen import Seen
from bpm.statistics import PERCENTILES_FROM, percentile

HEARD_WITHIN = timedelta(days=30)
"""Words so long after a case are still about it."""
BACK_WITHIN = timedelta(days=90)
"""A customer who does nothing for so long has not come back."""
SLOWEST = 0.9
CANCELLATION = "cancellation"


def bad_cases(facts: Facts) -> Iterator[tuple[Case, str]]:
    """(case, why it is bad): failed, done again, a broken promise, or slower than nine of ten of its version."""
    limit = _slow(facts)
    broken = {each.case_id for each in facts.promises if not each.kept}
    for case in facts.cases:
        visits = [visit.element for visit in facts.case_visits.get(case.id, ()) if visit.type in WORKED_AT]
        if case.status == InstanceStatus.FAILED or case.id in facts.failed:
            yield case, "failed"
        elif len(visits) > len(set(visits)):
            yield case, "done again"
        elif case.id in broken:
            yield case, "promise broken"
        elif limit is not None and case.ended is not None and (case.ended - case.began).total_seconds() > limit:
            yield case, "slow"


def _slow(facts: Facts) -> float | None:
    lasted = sorted((case.ended - case.began).total_seconds() for case in facts.cases if case.ended is not None)
    return percentile(lasted, SLOWEST) if len(lasted) >= 2 * PERCENTILES_FROM else None


def silent_share(facts: Facts) -> Iterator[Seen]:
    """Whoever may still speak is counted apart until thirty days after the end."""
    now = facts.work.now()
    for case, _why in bad_cases(facts):
        customer = facts.customers.get(case.id)
        if customer is None:
            continue
        until = (case.ended or now) + HEARD_WITHIN
        opening = {link.item_id for link in facts.case_links.get(case.id, ()) if link.kind not in LIVED}
        spoke = any(
            case.began < each.at <= until and each.item_id not in opening
            for each in facts.said_by_customers.get(customer, ())
        )
        waiting = not spoke and until > now
        yield Seen(at=case.began, value=float(not spoke), case_id=case.id, part=False, running=waiting)


def behaviour(facts: Facts) -> Mapping[str, tuple[int, int]]:
    """{what they did: (customers of bad cases who did it, of how many it is known)}."""
    now = facts.work.now()
    starts: dict[int, list[datetime]] = {}
    for case in facts.cases:
        if (customer := facts.customers.get(case.id)) is not None:
            starts.setdefault(customer, []).append(case.began)
    bad = {facts.customers[case.id]: case for case, _why in bad_cases(facts) if case.id in facts.customers}
    repeat = withdrawn = gone = settled = 0
    for customer, case in bad.items():
        words = [each for each in facts.said_by_customers.get(customer, ()) if each.at > case.began]
        cases = [at for at in starts.get(customer, ()) if at > case.began]
        repeat += any(at <= case.began + HEARD_WITHIN for at in cases)
        withdrawn += case.status == InstanceStatus.CANCELLED or any(each.claim == CANCELLATION for each in words)
        if (case.ended or now) + BACK_WITHIN <= now:
            settled += 1
            gone += not any(at > (case.ended or now) for at in (*cases, *(each.at for each in words)))
    return {
        "repeat contact": (repeat, len(bad)),
        "withdrawal": (withdrawn, len(bad)),
        "not coming back": (gone, settled),
    }
