"""Rows of a company that had one process for a year, put in by the thousand; nothing is told of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select

from bpm.engine.models import ActivityInstance, ProcessInstance, WorkItem
from bpm.engine.status import ActivityStatus, InstanceStatus, WorkItemStatus
from bpm.feedback.models import Classification, Conversation, Customer, FeedbackItem, Promise, Theme, ThemeItem
from bpm.feedback.status import PromiseOrigin, PromiseStatus
from bpm.foundation.db import Base
from bpm.foundation.work import Transactions
from bpm.identity.models import User
from bpm.processes.escapes.models import Escape
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind

AT_ONCE = 20_000
YEAR = timedelta(days=365)
CHANNELS = ("email", "call", "chat", "social", "survey", "review")
KINDS = (LinkKind.OPENED_BY, LinkKind.SAID_DURING, LinkKind.SAID_DURING, LinkKind.SAID_AFTER, LinkKind.BY_HAND)
NOT_PASSED = ("sequenceFlow",)
TOPICS = tuple(f"topic {number}" for number in range(1, 21))
THEMES = 60
ITEMS_A_CUSTOMER = 3
FIRST = (ProcessInstance, Theme, Customer, Conversation, FeedbackItem)
"""What others point at, in the order in which they point at each other."""

Rows = Iterator[tuple[type[Base], dict[str, Any]]]


@dataclass(frozen=True)
class Company:
    """What rows point at: the version and its places, who works there, and the first free ids."""

    version_id: int
    places: list[dict[str, Any]]
    people: list[int]
    """Nobody: tasks are taken by persons who are not known, and nothing is promised."""
    now: datetime
    case: int
    cases: int
    item: int
    items: int
    customer: int
    conversation: int
    theme: int


def fill(
    transactions: Transactions, version_id: int, elements: list[dict[str, Any]], *, visits: int, items: int
) -> None:
    """So many visits in cases of ten each, and so many items linked to them, over the last year.

    Each customer says three things in one conversation. Whoever has an account works on tasks and makes promises.
    """
    chance = random.Random(11)  # noqa: S311 (made up, the same each time)
    with transactions.reading() as work:
        free = [
            (work.session.scalar(select(func.max(model.id))) or 0) + 1
            for model in (ProcessInstance, FeedbackItem, Customer, Conversation, Theme)
        ]
        company = Company(
            version_id, [each for each in elements if each["type"] not in NOT_PASSED],
            list(work.session.scalars(select(User.id).order_by(User.id))), work.now(),
            case=free[0], cases=visits // 10, item=free[1], items=items, customer=free[2], conversation=free[3],
            theme=free[4],
        )  # fmt: skip
    _put(transactions, _cases(chance, company))
    _put(transactions, _people_and_themes(company))
    _put(transactions, _items(chance, company))


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
        for model, rows in sorted(waiting.items(), key=lambda pair: _place(pair[0])):
            work.session.execute(insert(cast("Table", model.__table__)), rows)


def _place(model: type[Base]) -> int:
    return FIRST.index(model) if model in FIRST else len(FIRST)


def _cases(chance: random.Random, company: Company) -> Rows:
    for number in range(company.cases):
        # So that all have ended by now.
        at = company.now - YEAR * (1 - number / company.cases) - timedelta(days=4)
        case, began = company.case + number, at
        visits: list[tuple[type[Base], dict[str, Any]]] = []
        for step in range(10):
            place = company.places[step % len(company.places)]
            waits, works = (
                timedelta(seconds=chance.expovariate(1 / 7200)),
                timedelta(seconds=chance.expovariate(1 / 900)),
            )
            person = place["type"] == "userTask"
            visit = {
                "instance_id": case, "version_id": company.version_id, "uid": f"{number:x}-{step}",
                "element": place["id"], "name": place["name"], "type": place["type"], "parent": None, "process": None,
                "status": ActivityStatus.COMPLETED, "opened_at": at, "claimed_at": at + waits if person else None,
                "closed_at": at + waits + works if person else at, "actor_id": None,
            }  # fmt: skip
            visits.append((ActivityInstance, visit))
            if person and company.people:
                visits.append((WorkItem, _task(visit, chance.choice(company.people), place)))
            at = at + waits + works if person else at
        yield ProcessInstance, {
            "id": case, "version_id": company.version_id, "process_id": None, "bindings": None,
            "status": InstanceStatus.COMPLETED, "revision": 1,
            "variables": {"region": ("north", "south", "east", "west")[number % 4]},
            "business_key": f"volume {case}", "started_at": began, "ended_at": at, "started_by": None,
            "began_version_id": None, "restarted_from": None, "erased_at": None,
        }  # fmt: skip
        yield from visits


def _task(visit: dict[str, Any], person: int, place: dict[str, Any]) -> dict[str, Any]:
    """The task that a person took and did, as the visit tells."""
    same = {name: visit[name] for name in ("instance_id", "version_id", "uid", "element", "name", "claimed_at")}
    return same | {
        "group_key": str(place.get("lane") or "").lower() or None, "status": WorkItemStatus.COMPLETED,
        "created_at": visit["opened_at"], "completed_at": visit["closed_at"], "completed_by": person,
        "assignee_id": person, "priority": 50, "rank": -50,
    }  # fmt: skip


def _people_and_themes(company: Company) -> Rows:
    began = company.now - YEAR
    for number in range(company.items // ITEMS_A_CUSTOMER + 1):
        yield Customer, {"id": company.customer + number, "name": f"Customer {number}", "created_at": began}
        yield Conversation, {
            "id": company.conversation + number, "customer_id": company.customer + number, "started_at": began,
            "last_at": company.now,
        }  # fmt: skip
    for number in range(THEMES):
        yield Theme, {
            "id": company.theme + number, "name": f"theme {number}", "named": True,
            "counts_in_id": company.theme + number, "words": {}, "exemplars": b"", "first_at": began,
            "last_at": company.now, "created_at": began,
        }  # fmt: skip


def _items(chance: random.Random, company: Company) -> Rows:
    halts = [each["id"] for each in company.places if each["type"] == "userTask"] or [company.places[0]["id"]]
    people = company.items // ITEMS_A_CUSTOMER + 1
    for number in range(company.items):
        at = company.now - YEAR * (1 - number / company.items) - timedelta(hours=1)
        item, felt, who = company.item + number, chance.choice((-1.0, -0.6, 0.0, 0.4, 0.9)), chance.randrange(people)
        primary, channel, element = "complaint" if felt < 0 else "praise", chance.choice(CHANNELS), chance.choice(halts)
        case = company.case + (number * company.cases) // company.items
        yield FeedbackItem, {
            "id": item, "channel": channel, "source": "volume", "natural_key": f"volume {item}",
            "content_hash": f"{item:064x}", "version": 1, "current": True, "text": "Made up.", "subject": "",
            "question": "", "said_at": at, "placed_at": at, "received_at": at, "author_name": "", "author_handle": "",
            "voice": "customer", "held_because": "", "url": "", "extra": {}, "raw": {}, "queue_rank": 4,
            "act_by": at, "clocked_at": at, "classified_at": at, "masked": {}, "decision": chance.choice(("do", None)),
            "customer_id": company.customer + who, "conversation_id": company.conversation + who,
        }  # fmt: skip
        yield Classification, {
            "item_id": item, "model_version": "earshot-1.4d53555b", "kinds": {primary: 0.9}, "primary": primary,
            "sentiment": felt, "urgency": 1, "confidence": 0.9, "abstained": False, "evidence": [], "aspects": [],
            "note": "", "classified_at": at, "current": True, "topic": chance.choice(TOPICS),
        }  # fmt: skip
        yield Attribution, {
            "item_id": item, "definition_key": "volume", "version_id": company.version_id,
            "instance_id": case, "element": element, "kind": chance.choice(KINDS),
            "method": AttributionMethod.RECORDED, "confidence": 1.0, "evidence": "", "author": "system",
            "valid_from": at,
        }  # fmt: skip
        yield ThemeItem, {
            "item_id": item, "theme_id": company.theme + chance.randrange(THEMES) if chance.random() < 0.7 else None,
            "classification_id": item, "signature": b"", "placed_at": at, "by_person": False,
        }  # fmt: skip
        if company.people and chance.random() < 0.1:
            yield Promise, _promise(chance, company, item, company.customer + who, at)
        if channel == "social" and chance.random() < 0.05:
            yield Escape, {
                "item_id": item, "waiting_item_id": None, "instance_id": case, "version_id": company.version_id,
                "element": element, "said_at": at,
            }  # fmt: skip


def _promise(chance: random.Random, company: Company, item: int, customer: int, at: datetime) -> dict[str, Any]:
    """Until three days later; of those whose time has come one in six was not kept."""
    until, person = at + timedelta(days=3), chance.choice(company.people)
    due, broken = until < company.now, chance.random() < 1 / 6
    status = (PromiseStatus.BROKEN if broken else PromiseStatus.KEPT) if due else PromiseStatus.OPEN
    return {
        "customer_id": customer, "item_id": item, "reply_id": None, "origin": PromiseOrigin.HAND, "text": "Made up.",
        "until_at": until, "made_by": person, "made_at": at, "changed_at": until if due else at,
        "owner_id": person, "status": status,
        "broken_at": until if due and broken else None, "settled_at": until if due and not broken else None,
        "settled_by": person if due and not broken else None, "alert_at": None,
    }  # fmt: skip
