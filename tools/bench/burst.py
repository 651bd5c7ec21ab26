"""A burst of feedback: thousands of items by webhook, classified, held against a trigger, and the cases they start."""

import json
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from random import Random

from sqlalchemy import func, select

from bpm import feedback, processes
from bpm.app import App
from bpm.engine.models import Job, ProcessInstance
from bpm.feedback.channels.webhook import MOST_ITEMS, sign
from bpm.feedback.models import FeedbackItem
from tools.bench.servers import earshot, memory_of

SAID = (
    "The parcel {n} came {d} days late and nobody answered my call.",
    "Why was I charged twice for order {n}? I want my money back.",
    "Your app has been down since this morning, order {n} cannot be paid.",
    "Great service, {name} sorted out order {n} within an hour. Thank you!",
    "I would like to change the address of order {n}, how do I do that?",
    "It would help if you told us when order {n} leaves the warehouse.",
    "This is the third time I write about order {n}. I am cancelling my contract.",
    "The invoice for {n} is wrong again, and the chat closed on me after {d} minutes.",
    "Is the repair of device {n} covered by the warranty?",
    "Order {n} arrived broken, the box was crushed on one side.",
)
NAMES = ("Ines", "Omar", "Pia", "Tomas", "Lena", "Ravi")


@dataclass(frozen=True)
class Drained:
    """How long it took from the first call until nothing waited, and what came of it."""

    seconds: float
    started: int
    worker_mb: tuple[float, ...]


def burst(app: App, address: str, *, items: int, workers: int) -> Drained:
    """Hand in `items` by webhook at `address` while `workers` drain; the trigger starts p1 for every complaint."""
    with app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "bench", channel="review")
        draft = processes.TriggerDraft("p1", processes.Conditions(kinds=("complaint",)))
        processes.switch_on(work, processes.save_trigger(work, draft).id)
        before = work.session.scalar(select(func.count(ProcessInstance.id))) or 0
    with ExitStack() as stack:
        running = [
            stack.enter_context(earshot("worker", settings=app.settings, says="The worker runs"))
            for _ in range(workers)
        ]
        began = time.perf_counter()
        for body in _bodies(items):
            _post(f"{address}/api/webhooks/{hook.key}", hook.secret, body)
        while _waits(app, items):
            time.sleep(0.25)
        seconds = time.perf_counter() - began
        worker_mb = tuple(max(memory_of(worker)) for worker in running)
    with app.unit_of_work.reading() as work:
        started = (work.session.scalar(select(func.count(ProcessInstance.id))) or 0) - before
    return Drained(seconds, started, worker_mb)


def _bodies(items: int) -> list[bytes]:
    chance = Random(20)  # noqa: S311 (the same words in every run)
    each = iter(_item(chance, number) for number in range(items))
    bodies = []
    while batch := list(islice(each, MOST_ITEMS)):
        bodies.append(json.dumps({"items": batch}).encode())
    return bodies


def _item(chance: Random, number: int) -> dict[str, str]:
    words = {"n": str(100_000 + number), "d": str(chance.randint(2, 9)), "name": chance.choice(NAMES)}
    return {
        "id": f"burst-{number}",
        "text": chance.choice(SAID).format(**words),
        "author": f"{chance.choice(NAMES)} {number}",
    }


def _post(url: str, secret: str, body: bytes) -> None:
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Earshot-Timestamp": stamp,
        "X-Earshot-Signature": sign(secret, stamp, body),
    }
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=120) as answer:  # noqa: S310
        answer.read()


def _waits(app: App, items: int) -> bool:
    """Whether an item is not read yet, or a job not done."""
    with app.unit_of_work.reading() as work:
        read = select(func.count()).where(FeedbackItem.source == "bench", FeedbackItem.classified_at.is_not(None))
        if (work.session.scalar(read) or 0) < items:
            return True
        return work.session.scalar(select(Job.id).where(Job.status.in_(("ready", "leased"))).limit(1)) is not None
