"""Rows of a company that had one process for a year, put in by the thousand; nothing is told of them."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.engine.status import ActivityStatus, InstanceStatus
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.db import Base
from bpm.foundation.work import Transactions
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind

AT_ONCE = 20_000
YEAR = timedelta(days=365)
CHANNELS = ("email", "call", "chat", "social", "survey", "review")
KINDS = (LinkKind.OPENED_BY, LinkKind.SAID_DURING, LinkKind.SAID_DURING, LinkKind.SAID_AFTER, LinkKind.BY_HAND)
NOT_PASSED = ("sequenceFlow",)

Rows = Iterator[tuple[type[Base], dict[str, Any]]]


def fill(
    transactions: Transactions, version_id: int, elements: list[dict[str, Any]], *, visits: int, items: int
) -> None:
    """So many visits in cases of ten each, and so many items linked to them, over the last year."""
    places = [each for each in elements if each["type"] not in NOT_PASSED]
    chance = random.Random(11)  # noqa: S311 (made up, the same each time)
    with transactions.reading() as work:
        now = work.now()
        first_case = (work.session.scalar(select(func.max(ProcessInstance.id))) or 0) + 1
        first_item = (work.session.scalar(select(func.max(FeedbackItem.id))) or 0) + 1
    cases = visits // 10
    _put(transactions, _cases(chance, version_id, places, first_case, cases, now))
    _put(transactions, _items(chance, version_id, places, first_item, items, first_case, cases, now))


def _put(transactions: Transactions, rows: Rows) -> None:
    waiting: dict[type[Base], list[dict[str, Any]]] = {}
    count = 0
    for model, row in rows:
        waiting.setdefault(model, []).append(row)
        count += 1
        if count >= AT_ONCE:
            _write(transactions, waiting)
            waiting, count = {}, 0
    _write(transactions, waiting)


def _write(transactions: Transactions, waiting: dict[type[Base], list[dict[str, Any]]]) -> None:
    with transactions() as work:
        # What others point at comes first.
        for model, rows in sorted(waiting.items(), key=lambda pair: pair[0] not in (ProcessInstance, FeedbackItem)):
            work.session.execute(insert(cast("Table", model.__table__)), rows)


def _cases(
    chance: random.Random, version_id: int, places: list[dict[str, Any]], first: int, count: int, now: datetime
) -> Rows:
    for number in range(count):
        at = now - YEAR * (1 - number / count) - timedelta(days=4)  # so that all have ended by now
        case, began = first + number, at
        visits = []
        for step in range(10):
            place = places[step % len(places)]
            waits, works = (
                timedelta(seconds=chance.expovariate(1 / 7200)),
                timedelta(seconds=chance.expovariate(1 / 900)),
            )
            person = place["type"] == "userTask"
            visits.append(
                {
                    "instance_id": case, "version_id": version_id, "uid": f"{number:x}-{step}", "element": place["id"],
                    "name": place["name"], "type": place["type"], "parent": None, "process": None,
                    "status": ActivityStatus.COMPLETED, "opened_at": at, "claimed_at": at + waits if person else None,
                    "closed_at": at + waits + works if person else at, "actor_id": None,
                }
            )  # fmt: skip
            at = at + waits + works if person else at
        yield ProcessInstance, {
            "id": case, "version_id": version_id, "process_id": None, "bindings": None,
            "status": InstanceStatus.COMPLETED, "revision": 1,
            "variables": {"region": ("north", "south", "east", "west")[number % 4]},
            "business_key": f"volume {case}", "started_at": began, "ended_at": at, "started_by": None,
            "began_version_id": None, "restarted_from": None, "erased_at": None,
        }  # fmt: skip
        for row in visits:
            yield ActivityInstance, row


def _items(
    chance: random.Random, version_id: int, places: list[dict[str, Any]], first: int, count: int, first_case: int,
    cases: int, now: datetime,
) -> Rows:  # fmt: skip
    halts = [each["id"] for each in places if each["type"] == "userTask"] or [places[0]["id"]]
    for number in range(count):
        at = now - YEAR * (1 - number / count) - timedelta(hours=1)
        item, felt = first + number, chance.choice((-1.0, -0.6, 0.0, 0.4, 0.9))
        primary = "complaint" if felt < 0 else "praise"
        yield FeedbackItem, {
            "id": item, "channel": chance.choice(CHANNELS), "source": "volume", "natural_key": f"volume {item}",
            "content_hash": f"{item:064x}", "version": 1, "current": True, "text": "Made up.", "subject": "",
            "question": "", "said_at": at, "placed_at": at, "received_at": at, "author_name": "", "author_handle": "",
            "voice": "customer", "held_because": "", "url": "", "extra": {}, "raw": {}, "queue_rank": 4,
            "act_by": at, "clocked_at": at, "classified_at": at, "masked": {}, "decision": chance.choice(("do", None)),
        }  # fmt: skip
        yield Classification, {
            "item_id": item, "model_version": "earshot-1.4d53555b", "kinds": {primary: 0.9}, "primary": primary,
            "sentiment": felt, "urgency": 1, "confidence": 0.9, "abstained": False, "evidence": [], "aspects": [],
            "note": "", "classified_at": at, "current": True,
        }  # fmt: skip
        yield Attribution, {
            "item_id": item, "definition_key": "volume", "version_id": version_id,
            "instance_id": first_case + (number * cases) // count, "element": chance.choice(halts),
            "kind": chance.choice(KINDS), "method": AttributionMethod.RECORDED, "confidence": 1.0, "evidence": "",
            "author": "system", "valid_from": at,
        }  # fmt: skip
