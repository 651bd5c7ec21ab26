"""The demo's company a day at a time: customers ask, staff work, and who is hurt says so, at rates that are known.

What hurts is planted: who stands at an activity speaks up, once a visit, with the activity's rate. Cases run on the
engine and words are read by the classifier like all others.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from bpm import feedback
from bpm.app import App
from bpm.demo.customers import NUMBER, customer
from bpm.demo.forms import fill
from bpm.demo.months import words
from bpm.demo.months.lots import lot, speaks_up
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback.models import FeedbackItem
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.processes import causes
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind

log = logger(__name__)

SCANNED = 0.1
"""Share of parcels that the depot scans; of the others nobody hears for fourteen days, though they are there."""
SCANNED_A_DAY = 0.3
SWEEPS = ("timers", "jobs", "batches", "classification")
STAFF = {"service": "sam", "operations": "olga", "it": "ivan", "marketing": "ada"}
CHANNELS = ("email", "email", "chat", "call")
WORKS_FOR = timedelta(minutes=25)


class Days:
    """The days of the story before its four weeks; the same seed gives the same story."""

    def __init__(self, app: App, clock: FixedClock, actors: Mapping[str, Actor], *, seed: int = 13) -> None:
        self.app, self.clock, self.actors = app, clock, actors
        self.seed = seed
        self.draw = random.Random(seed)  # noqa: S311 (a story, not a secret)
        """Who comes, and with what; what befalls them is drawn by lots of their own."""
        self.heard: dict[str, RawItem] = {}
        self._sweeps = [sweep for name, sweep in app.sweeps if name in SWEEPS]
        self._numbers = iter(self.draw.sample(range(NUMBER), NUMBER))
        self._spoken: set[tuple[int, str]] = set()
        self._day = 0
        self._done: Counter[tuple[str, str]] = Counter()
        self._to_scan: dict[str, str] = {}

    def live(self, asks: Mapping[str, int]) -> None:
        """One day: `asks` says how many ask for what (process -> customers)."""
        morning = (self.clock.now() + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
        self.clock.set(morning)
        self._day += 1
        self._scan()
        self.sweep()
        self._hear(self._asked(key) for key, number in asks.items() for _each in range(number))
        open_now = self._open_tasks()
        self.clock.advance(timedelta(hours=1))
        self._hear(self._hurt(open_now))
        self._work(self._open_tasks())
        self.find_causes()

    def sweep(self) -> None:
        """What the worker would do meanwhile."""
        while sum(sweep(self.app) for sweep in self._sweeps):
            pass

    def find_causes(self) -> None:
        """A complaint about a return opens a case of complaints: it is charged to what it was said of."""
        while causes.sweep_causes(self.app.unit_of_work):
            pass

    def _asked(self, key: str) -> RawItem:
        who = customer(next(self._numbers))
        channel = self.draw.choice(CHANNELS)
        return RawItem(
            channel=channel, source=f"Brightwave {channel}", text=words.ask(key, self.draw),
            natural_key=f"months-{who.number:04d}", said_at=self.clock.now(), author_name=who.name,
            author_id=who.key,
        )  # fmt: skip

    def _hurt(self, open_now: Iterable[Row[Any]]) -> Iterable[RawItem]:
        for task in open_now:
            opener, place = self.heard.get(task.natural_key), (task.instance_id, task.element)
            if opener is None or place in self._spoken:
                continue
            self._spoken.add(place)
            if speaks_up(self.seed, task.natural_key, task.element):
                text = words.hurt(task.element, lot(self.seed, task.natural_key, task.element, "words"))
                key = f"{opener.natural_key}-{task.element}"
                yield replace(opener, text=text, natural_key=key, said_at=self.clock.now())

    def _hear(self, said: Iterable[RawItem]) -> None:
        raws = list(said)
        if raws:
            self.heard |= {raw.natural_key: raw for raw in raws if raw.natural_key}
            with self.app.unit_of_work() as work:
                feedback.receive_all(work, raws)
            self.sweep()

    def _open_tasks(self) -> list[Row[Any]]:
        """Open tasks with the words that opened their case."""
        opened = (Attribution.instance_id == WorkItem.instance_id) & (Attribution.kind == LinkKind.OPENED_BY)
        with self.app.unit_of_work.reading() as work:
            return list(
                work.session.execute(
                    select(
                        WorkItem.id, WorkItem.instance_id, WorkItem.element, WorkItem.group_key,
                        FeedbackItem.natural_key,
                    )
                    .join(Attribution, opened)
                    .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
                    .where(WorkItem.status == WorkItemStatus.OPEN)
                    .order_by(WorkItem.id)
                )
            )  # fmt: skip

    def _work(self, tasks: Iterable[Row[Any]]) -> None:
        """Everybody takes what lies there, and is done with it half an hour later."""
        taken = [task for task in tasks if self._try(task, self._claim)]
        if taken:
            self.clock.advance(WORKS_FOR)
            for task in taken:
                self._try(task, self._complete)
            self.sweep()

    def _claim(self, task: Row[Any]) -> None:
        with self.app.unit_of_work(self._actor(task)) as work:
            engine.claim(work, task.id)

    def _complete(self, task: Row[Any]) -> None:
        self._done[task.natural_key, task.element] += 1
        draw = lot(self.seed, task.natural_key, task.element, self._done[task.natural_key, task.element])
        with self.app.unit_of_work(self._actor(task)) as work:
            schema = queries.get_work_item(work, task.id).schema
            values = self._decided(task, draw)
            filled = fill(schema, draw) | values
            try:
                engine.complete(work, task.id, filled)
            except InvalidInputError as refused:  # fields that other answers made necessary
                engine.complete(work, task.id, filled | fill(schema, draw, only=set(refused.fields)) | values)

    def _actor(self, task: Row[Any]) -> Actor:
        return self.actors[STAFF.get(task.group_key or "", "sam")]

    def _try(self, task: Row[Any], act: Any) -> bool:
        """The world moved on in between (a timer, an interrupting event): then the person simply goes on."""
        try:
            act(task)
        except EarshotError as error:
            log.debug("a day's step was not possible", task=task.id, reason=str(error))
            return False
        return True

    def _decided(self, task: Row[Any], draw: random.Random) -> dict[str, Any]:
        """What the story says of this task, whatever else is filled in."""
        if task.element == "register_return":
            order = f"BW-{task.instance_id:05d}"
            if draw.random() < SCANNED:
                self._to_scan[task.natural_key] = order
            return {
                "order_number": order, "item": "Router" if task.instance_id % 2 else "Tablet",
                "item_value": 89 + task.instance_id % 7 * 30, "tracking_status": "Received at warehouse",
            }  # fmt: skip
        return {
            "call_customer": {"call_outcome": "lost", "call_note": "Sent it long ago and has the receipt."},
            "inspect_return": {"condition": "as_agreed"},
            "pay_refund": {"refunded": 89 + task.instance_id % 7 * 30},
            "approve_refund": {"refund_approved": True},
            "tell_result": {"decision": "do", "reason": "The money is on its way."},
            "acknowledge_complaint": {"departments": ["operations"] if draw.random() < 0.7 else ["service"]},
            "tell_outcome": {"decision": "do"},
        }.get(task.element, {})

    def _scan(self) -> None:
        """The depot scans what came back by now."""
        for opener, order in list(self._to_scan.items()):
            if lot(self.seed, opener, "scan", self._day).random() < SCANNED_A_DAY:
                del self._to_scan[opener]
                with self.app.unit_of_work() as work:
                    scanned = {"scanned_at": work.now().isoformat()}
                    engine.correlate(work, "return_scanned", key=order, payload=scanned)
