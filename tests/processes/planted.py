"""A simulated company: cases that run on the engine, customers who are hurt where it is written, at known rates.

What hurts is planted: per pass of an activity a customer complains with the activity's rate while it is open. The
classifier errs at known rates, and half way a channel is added by which people complain no more and no less.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import ProcessInstance, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback import RawItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes.models import TriggerFiring
from tests.feedback.conftest import reading

ACTIVITIES = ("pack", "bill", "ship", "call")
MISSED, MISTAKEN = 0.1, 0.05
"""How often a complaint is read as no complaint, and small talk as one."""


def model(key: str, names: Mapping[str, str] | None = None) -> bytes:
    """A process of four tasks one after the other; `names` changes what they are called."""
    called = {name: name.title() for name in ACTIVITIES} | dict(names or {})
    places = ["begun", *ACTIVITIES, "over"]
    tasks = "".join(
        f'<userTask id="{name}" name="{called[name]}" camunda:candidateGroups="service"/>' for name in ACTIVITIES
    )
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{two}"/>'
        for number, (one, two) in enumerate(pairwise(places))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"'
        ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
        f'<process id="{key}" name="{key.title()}" isExecutable="true"><startEvent id="begun"/>{tasks}{flows}'
        '<endEvent id="over"/></process></definitions>'
    ).encode()


@dataclass
class Company:
    """Runs cases of one process; `rates[version]` says how often a customer complains at each activity."""

    app: App
    clock: FixedClock
    staff: Actor
    key: str
    rates: Mapping[int, Mapping[str, float]]
    draw: random.Random
    channels: Sequence[str] = ("email",)
    cases: list[int] = field(default_factory=list)
    _heard: int = 0

    def run(self, cases: int, *, every: timedelta = timedelta(hours=8)) -> None:
        """One customer after the other asks for something, is served, and says what they live through."""
        for number in range(cases):
            if number == cases // 2:
                self.channels = (*self.channels, "chat")
            began = self.clock.now()
            self._one_case(f"{self.key}{len(self.cases)}@customer.example")
            self.clock.set(began + every)

    def _one_case(self, who: str) -> None:
        opener = self._say(who, "I would like to order a kettle, please.", "request", 0.1)
        with self.app.unit_of_work.reading() as work:
            case, version = work.session.execute(
                select(ProcessInstance.id, ProcessInstance.version_id)
                .join(TriggerFiring, TriggerFiring.instance_id == ProcessInstance.id)
                .where(TriggerFiring.item_id == opener)
            ).one()
        self.cases.append(case)
        for activity in ACTIVITIES:
            self.clock.advance(timedelta(minutes=30))
            if self.draw.random() < self.rates[version][activity]:
                missed = self.draw.random() < MISSED
                kind, mood = ("request", 0.0) if missed else ("complaint", -0.8)
                self._say(who, f"Your {activity} is a mess, this is the third time I ask.", kind, mood)
            elif self.draw.random() < 0.1:
                mistaken = self.draw.random() < MISTAKEN
                kind, mood = ("complaint", -0.6) if mistaken else ("praise", 0.6)
                self._say(who, f"A word on the {activity}: fine so far.", kind, mood)
            self.clock.advance(timedelta(minutes=30))
            with self.app.unit_of_work(self.staff) as work:
                open_now = select(WorkItem.id).where(
                    WorkItem.instance_id == case, WorkItem.status == WorkItemStatus.OPEN
                )
                engine.complete(work, work.session.scalars(open_now).one(), {})

    def _say(self, who: str, text: str, kind: str, mood: float) -> int:
        self._heard += 1
        raw = RawItem(
            self.draw.choice(self.channels), "shop", text, natural_key=f"{self.key}-{self._heard}",
            author_email=who, author_name=who.partition("@")[0], said_at=self.clock.now(),
        )  # fmt: skip
        with self.app.unit_of_work() as work:
            item = feedback.receive(work, raw).item_id
        with self.app.unit_of_work() as work:
            feedback.record_classification(work, item, reading(kind, sentiment=mood))
        return item
