"""Cases of two versions and what their customers said, written in bulk: a truth that is known, in the database."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from bpm.app import App
from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.feedback.models import Classification, Customer, FeedbackItem
from bpm.processes.models import Attribution

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One case to be; `complaints`: days after its start at which its customer complains."""

    version_id: int
    started_at: datetime
    customer: int
    complaints: tuple[float, ...] = ()
    region: str = ""
    waited: float = 4.0
    """Hours for which its first task waited."""
    model: str = "m1"
    channel: str = "email"


def shares(
    draw: random.Random,
    n: int,
    start: datetime,
    days: float,
    level: float,
    *,
    delay: float = 5.0,
    each: int = 1,
    leaning: float = 0.0,
    first_customer: int = 0,
    **fields: Any,
) -> list[Case]:
    """`n` cases over some days of which a share complains once, after an exponential delay; `each` cases a customer.

    With `leaning` above zero some customers complain often and others never (a beta distribution).
    """  # fmt: skip
    found: list[Case] = []
    own = level
    for number in range(n):
        if leaning and number % each == 0:
            own = draw.betavariate(level * (1 / leaning - 1), (1 - level) * (1 / leaning - 1))
        late = (draw.expovariate(1 / delay),) if draw.random() < own else ()
        at = start + timedelta(days=draw.uniform(0, days))
        found.append(Case(started_at=at, customer=first_customer + number // each, complaints=late, **fields))
    return found


def write(app: App, key: str, cases: Sequence[Case]) -> list[int]:
    """Ids of the cases as they were written; what was said after the product's now is left out."""
    with app.unit_of_work() as work:
        return _write(work.session, key, cases, work.now())


def _write(session: Any, key: str, cases: Sequence[Case], now: datetime) -> list[int]:
    cases = sorted(cases, key=lambda each: each.started_at)
    first = (session.scalar(select(ProcessInstance.id).order_by(ProcessInstance.id.desc()).limit(1)) or 0) + 1
    item_id = count((session.scalar(select(FeedbackItem.id).order_by(FeedbackItem.id.desc()).limit(1)) or 0) + 1)
    known = set(session.scalars(select(Customer.id)))
    people = {each.customer + 1 for each in cases} - known
    if people:
        session.execute(
            insert(Customer), [{"id": one, "name": f"C {one}", "created_at": now} for one in sorted(people)]
        )
    session.execute(insert(ProcessInstance), [_instance(first + place, each) for place, each in enumerate(cases)])
    session.execute(insert(ActivityInstance), [_visit(first + place, each) for place, each in enumerate(cases)])
    items: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    for place, case in enumerate(cases):
        said = [(case.started_at - timedelta(hours=1), 0.0, "question")]
        said += [(case.started_at + days * DAY, -0.8, "complaint") for days in case.complaints]
        for at, sentiment, primary in said:
            if at <= now:
                number = next(item_id)
                items.append(_item(number, case, at))
                claims.append(_claim(number, case.model, at, sentiment, primary))
                links.append(_link(number, key, case, first + place, at))
    for table, rows in ((FeedbackItem, items), (Classification, claims), (Attribution, links)):
        session.execute(insert(table), rows)
    return [first + place for place in range(len(cases))]


def _instance(number: int, case: Case) -> dict[str, Any]:
    return {
        "id": number, "version_id": case.version_id, "status": "completed", "revision": 1,
        "variables": {"region": case.region} if case.region else {}, "started_at": case.started_at,
        "ended_at": case.started_at + 2 * DAY,
    }  # fmt: skip


def _visit(number: int, case: Case) -> dict[str, Any]:
    taken = case.started_at + timedelta(hours=case.waited)
    return {
        "instance_id": number, "version_id": case.version_id, "uid": f"u{number}", "element": "read",
        "name": "Read complaint", "type": "userTask", "status": "completed", "opened_at": case.started_at,
        "claimed_at": taken, "closed_at": taken + timedelta(hours=1),
    }  # fmt: skip


def _item(number: int, case: Case, at: datetime) -> dict[str, Any]:
    return {
        "id": number, "channel": case.channel, "source": "mail", "natural_key": f"made-{number}",
        "content_hash": f"{number:064d}", "text": "Made.", "said_at": at, "placed_at": at, "received_at": at,
        "customer_id": case.customer + 1, "extra": {}, "classified_at": at, "clocked_at": at, "masked": {},
    }  # fmt: skip


def _claim(number: int, model: str, at: datetime, sentiment: float, primary: str) -> dict[str, Any]:
    return {
        "item_id": number, "model_version": model, "kinds": {primary: 0.9}, "primary": primary,
        "sentiment": sentiment, "urgency": 1, "confidence": 0.9, "evidence": [], "current": True, "classified_at": at,
    }  # fmt: skip


def _link(number: int, key: str, case: Case, instance_id: int, at: datetime) -> dict[str, Any]:
    return {
        "item_id": number, "definition_key": key, "version_id": case.version_id, "instance_id": instance_id,
        "element": "read", "method": "recorded", "kind": _kind(case, at), "confidence": 1.0, "author": "system",
        "valid_from": at,
    }  # fmt: skip


def _kind(case: Case, at: datetime) -> str:
    if at < case.started_at:
        return "opened_by"
    return "said_during" if at < case.started_at + 2 * DAY else "said_after"
