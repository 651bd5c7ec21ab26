"""Plays one recorded case through a compiled model in memory: pure, deterministic, bounded in steps.

1. What came from outside comes again at its instant, to the same element and the same of its visits; what comes before
   its element waits until that begins. Messages find their name where their element is gone.
2. Timers fire at their instant; where the record fired timers a moment later, then, so that races end as they did.
3. Scripts run as they are written now. Other work and tasks of people get what is on record, and nothing is invented:
   where nothing is on record the case waits there, and that is said.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bpm.engine.bpmn.model import Compiled
from bpm.engine.expressions import scripts
from bpm.engine.replay.recorded import Happened, Recorded, Visit
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import (
    Command,
    Complete,
    Deliver,
    FireTimers,
    JobDone,
    JobError,
    NewJob,
    NewTimer,
    SetVariables,
    Step,
)
from bpm.engine.status import ENDED, JobKind
from bpm.foundation.errors import ConflictError, EarshotError

MOST_STEPS = 2_000
"""Steps of one case: beyond, it is said to go on for ever."""
LAG = timedelta(seconds=60)
"""How much later than its instant a timer may have fired in the record."""
ANSWERS: Mapping[str, str] = {"Complete": "person", "JobDone": "job", "JobError": "job", "Deliver": "event"}
"""Command -> what it answers."""


@dataclass(frozen=True)
class Waiting:
    """An open place that waits for something from outside."""

    uid: str
    element: str
    rank: int
    kind: str
    """person | job | event"""
    event: str = ""
    job: NewJob | None = None


@dataclass
class Player:
    """One case on its way through the model."""

    compiled: Compiled
    case: Recorded
    mapping: Mapping[str, str]
    """Element of the recorded model -> the one that stands for it, where that is another."""
    now: datetime
    state: bytes = b""
    status: str = "active"
    steps: int = 0
    waiting: dict[str, Waiting] = field(default_factory=dict)
    timers: dict[str, NewTimer] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    ranks: dict[str, Counter[str]] = field(default_factory=lambda: {"visit": Counter(), "wait": Counter()})
    places: dict[str, int] = field(default_factory=dict)
    """uid of a visit -> which of its element's it is."""
    kept: list[Happened] = field(default_factory=list)
    """What came before its element began."""
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, element) -> answers on record that were not given yet."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    uids: int = 0

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def stuck(self) -> bool:
        return self.ended or bool(self.failures) or self.steps >= MOST_STEPS

    def play(self) -> None:
        """From the start to the end, or to where it can go no further."""
        first, *rest = self.case.happened
        for each in rest:
            self.left[(ANSWERS.get(each.act, ""), self._here(each.element))] += 1
        self._begin(first)
        for each in rest:
            if self.stuck:
                return
            self._wait_until(each)
            self._answer(each)
            self._settle()
        self._run_out()

    def _begin(self, first: Happened) -> None:
        variables, element = dict(first.brought.get("variables") or {}), first.brought.get("element")
        more: dict[str, Any] = {"initiator": first.brought.get("initiator"), "new_uid": self._uid, "now": self.now}
        if element:
            here = self._here(element)
            self._try(lambda: execution.start(self.compiled, {}, element=here, payload=variables, **more))
        else:
            self._try(lambda: execution.start(self.compiled, variables, **more))
        self._settle()

    def _wait_until(self, each: Happened) -> None:
        """Let timers fire that are due clearly before, or, where timers fired, all that are due by then."""
        if each.act == "FireTimers":
            self._fire(each.at - LAG)
            self.now = max(self.now, each.at)
            self._fire(each.at, at=self.now)
            return
        self._fire(each.at - LAG)
        self.now = max(self.now, each.at)

    def _fire(self, until: datetime, *, at: datetime | None = None) -> None:
        while not self.stuck:
            due = [timer.due_at for timer in self.timers.values() if timer.due_at <= until]
            if not due:
                return
            self.now = max(self.now, at or min(due))
            before = sorted(timer.due_at for timer in self.timers.values())
            self._advance(FireTimers())
            self._settle()
            if before == sorted(timer.due_at for timer in self.timers.values()):
                return

    def _answer(self, each: Happened) -> None:
        if each.act == "SetVariables":
            self._advance(SetVariables(dict(each.brought.get("variables") or {})))
            return
        if each.act not in ANSWERS:
            return
        found = self._place_for(each)
        if found is None:
            self.kept.append(each)
        else:
            self._give(each, found)

    def _settle(self) -> None:
        """Give what came early to what is open by now, and run scripts of which the record knows nothing."""
        again = True
        while again and not self.stuck:
            again = False
            for each in list(self.kept):
                if (found := self._place_for(each)) is not None and not self.stuck:
                    self.kept.remove(each)
                    self._give(each, found)
                    again = True
            for place in list(self.waiting.values()):
                if not self.stuck and self._is_new_script(place):
                    self._run_script(place)
                    again = True

    def _run_out(self) -> None:
        """Nothing comes from outside any more: only timers are left."""
        while not self.stuck and self.timers:
            left = len(self.timers), min(timer.due_at for timer in self.timers.values())
            self._fire(left[1])
            if self.timers and left == (len(self.timers), min(timer.due_at for timer in self.timers.values())):
                return

    # How what came finds its place

    def _here(self, element: str) -> str:
        return self.mapping.get(element, element)

    def _place_for(self, each: Happened) -> Waiting | None:
        kind, element = ANSWERS[each.act], self._here(each.element)
        here = [place for place in self.waiting.values() if (place.kind, place.element) == (kind, element)]
        if not here and kind == "event" and each.event:
            here = [place for place in self.waiting.values() if (place.kind, place.event) == (kind, each.event)]
        return next((place for place in here if place.rank == each.rank), here[0] if here else None)

    def _is_new_script(self, place: Waiting) -> bool:
        is_script = place.job is not None and JobKind(place.job.kind) == JobKind.SCRIPT
        return is_script and place.uid in self.waiting and not self.left[("job", place.element)]

    def _give(self, each: Happened, place: Waiting) -> None:
        self.left[(place.kind, self._here(each.element))] -= 1
        variables = dict(each.brought.get("variables") or {})
        is_script = place.job is not None and JobKind(place.job.kind) == JobKind.SCRIPT
        match each.act:
            case "JobDone" if is_script:
                self._run_script(place)
            case "JobDone":
                self._advance(JobDone(place.uid, variables, frozenset(each.brought.get("deleted", ()))))
            case "JobError":
                said = each.brought
                self._advance(
                    JobError(place.uid, said["code"], said["message"], said["escalation"], variables=variables)
                )
            case "Deliver":
                self._advance(Deliver(place.uid, variables))
            case _:
                self._advance(Complete(place.uid, variables))

    def _run_script(self, place: Waiting) -> None:
        if place.job is None:
            return
        seen = execution.visible_to(self.compiled, self.state, place.uid)
        try:
            result = scripts.run_script(place.job.payload["__script__"], seen, now=self.now)
        except EarshotError as error:
            self.failures.append((place.element, error.message))
            return
        self._advance(JobDone(place.uid, result.changed, result.deleted))

    # How the case goes on

    def _advance(self, command: Command) -> None:
        self._try(lambda: execution.advance(self.compiled, self.state, command, now=self.now, new_uid=self._uid))

    def _try(self, act: Callable[[], Step]) -> None:
        self.steps += 1
        try:
            step = act()
        except ConflictError:
            return
        except EarshotError as error:
            self.failures.append((error.place or "", error.message))
            return
        self._take(step)

    def _take(self, step: Step) -> None:
        self.state, self.status = step.state, step.status
        for visit in step.opened:
            self.places[visit.uid] = self.ranks["visit"][visit.element]
            self.ranks["visit"][visit.element] += 1
            self.visits[visit.uid] = Visit(visit.element, visit.name, visit.type, "open", self.now)
        for item in step.work_items:
            self._open(Waiting(item.uid, item.element, 0, "person"))
        for job in step.jobs:
            self._open(Waiting(job.uid, job.element, 0, "job", job=job))
        for wait in step.subscriptions:
            self._open(Waiting(wait.uid, wait.element, 0, "event", event=wait.event))
        self.timers.update({timer.uid: timer for timer in step.timers})
        for closed in step.closed:
            if closed.uid in self.visits:
                was = self.visits[closed.uid]
                self.visits[closed.uid] = Visit(was.element, was.name, was.type, str(closed.outcome), was.at)
            self.waiting.pop(closed.uid, None)
            self.timers.pop(closed.uid, None)
        self.failures += [(failure.element, failure.message) for failure in step.failures]

    def _open(self, place: Waiting) -> None:
        rank = self.places.get(place.uid)
        if rank is None:
            rank = self.ranks["wait"][place.element]
            self.ranks["wait"][place.element] += 1
        self.waiting[place.uid] = Waiting(place.uid, place.element, rank, place.kind, place.event, place.job)

    def _uid(self) -> UUID:
        self.uids += 1
        return UUID(int=self.uids)
