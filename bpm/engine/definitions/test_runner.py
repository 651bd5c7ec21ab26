"""The world of one case: its models, the instances they lead to, a clock, and what a step of the case does to them."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bpm.engine.bpmn.model import Compiled, Prepared, StartSubscription
from bpm.engine.bpmn.normalise.foreign.external_code import needs_worker
from bpm.engine.definitions.case_items import Offer, WrongResultError, expect_offers
from bpm.engine.expressions import scripts
from bpm.engine.expressions.times import schedules as timers
from bpm.engine.expressions.times.due import first_instant, remaining, start_text
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import (
    Command,
    Complete,
    Deliver,
    FireTimers,
    JobDone,
    NewJob,
    NewSubscription,
    NewTimer,
    SetVariables,
    Step,
    Thrown,
    Variables,
)
from bpm.engine.status import ENDED, ActivityStatus, InstanceStatus, JobKind
from bpm.foundation.errors import ConflictError, EarshotError

_MANY = 10_000


class CaseRefusedError(Exception):
    """A model of the case is refused at upload."""


@dataclass
class Instance:
    """One instance of the case: its last step and what waits in it."""

    compiled: Compiled
    state: bytes = b""
    status: str = InstanceStatus.ACTIVE
    variables: Variables = field(default_factory=dict)
    elements: dict[str, str] = field(default_factory=dict)
    """uid -> element of every visit."""
    items: dict[str, str] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    """The open work items by uid, as they were offered."""
    topics: list[str] = field(default_factory=list)
    """Of every job made so far."""
    timers: dict[str, NewTimer] = field(default_factory=dict)
    waiting: dict[str, NewSubscription] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    """Open visits that wait for an event or a timer: uid -> element."""
    completed: Counter[str] = field(default_factory=Counter)

    def take(self, step: Step, *, now: datetime) -> None:
        """Carry what the step says into the lists."""
        self.topics += [job.topic for job in step.jobs]
        self.offers.update({item.uid: Offer.of(item, now=now) for item in step.work_items})
        self.state, self.status, self.variables = step.state, step.status, step.variables
        self.elements.update({visit.uid: visit.element for visit in step.opened})
        self.items.update({item.uid: item.element for item in step.work_items})
        self.timers.update({timer.uid: timer for timer in step.timers})
        self.waiting.update({subscription.uid: subscription for subscription in step.subscriptions})
        for closed in step.closed:
            if ActivityStatus(closed.outcome) == ActivityStatus.COMPLETED and closed.uid in self.elements:
                self.completed[self.elements[closed.uid]] += 1
            for rows in (self.items, self.offers, self.timers, self.waiting):
                rows.pop(closed.uid, None)

    def listening(self) -> list[str]:
        """Elements that wait for an event, armed ones included."""
        return [*(row.element for row in self.timers.values()), *(row.element for row in self.waiting.values())]


@dataclass
class TestBed:
    """All that a case deals with."""

    models: list[Prepared]
    process: str
    now: datetime
    others: dict[str, bytes]
    named: dict[str, Instance] = field(default_factory=dict)
    instances: list[Instance] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """What failed during the last step."""

    @classmethod
    def of(cls, case: Mapping[str, Any], find_model: Callable[[str], Prepared], now: datetime) -> "TestBed":
        """The models of a case, at the instant `now`; raises CaseRefusedError when one of them is refused."""
        models = [find_model(name) for name in case["files"]]
        for model in models:
            for finding in model.findings:
                if finding.severity == "error":
                    raise CaseRefusedError(f"{finding.code} at {finding.element}: {finding.message}")
        others = {process.id: model.executable for model in models for process in model.processes}
        primary = next((model.primary for model in models if model.primary), "")
        return cls(models, case.get("process") or primary, now, others)

    def do(self, step: Mapping[str, Any]) -> None:
        """One step of the case."""
        if "expect" in step:
            self.expect(step["expect"])
            return
        self.failures = []
        getattr(self, f"_do_{step['do']}")(step)
        self._fire_overdue()

    # What steps do

    def _do_start(self, step: Mapping[str, Any]) -> None:
        process = step.get("process") or self.process
        self.named[step.get("as", "main")] = self._start(process, step.get("vars", {}), None)

    def _do_start_by_message(self, step: Mapping[str, Any]) -> None:
        for subscription in self._starts("message", step["name"]):
            self._begin(step, subscription, step.get("vars", {}))
            return
        self.failures.append(f"no process starts by the message {step['name']}")

    def _do_complete(self, step: Mapping[str, Any]) -> None:
        instance = self._instance(step)
        if step["task"] not in instance.items.values() and "instance" not in step:
            # A case of several instances may leave out in which of them the task is open.
            instance = next((i for i in self.instances if step["task"] in i.items.values()), instance)
        uid = next((uid for uid, element in instance.items.items() if element == step["task"]), None)
        if uid is None:
            raise WrongResultError(f"task {step['task']} is not open; open are {sorted(instance.items.values())}")
        self._advance(instance, Complete(uid, step.get("vars", {})))

    def _do_complete_if_open(self, step: Mapping[str, Any]) -> None:
        if step["task"] in self._instance(step).items.values():
            self._do_complete(step)

    def _do_complete_all(self, step: Mapping[str, Any]) -> None:
        instance = self._instance(step)
        for _ in range(_MANY):
            if not instance.items:
                return
            self._advance(instance, Complete(next(iter(instance.items)), step.get("vars", {})))
        raise WrongResultError("there is always another open task")

    def _do_advance(self, step: Mapping[str, Any]) -> None:
        until = timers.duration(step["by"]).after(self.now)
        if not self.instances:
            self._start_by_timer(until)
        for _ in range(_MANY):
            due = [
                (t.due_at, n, i) for n, i in enumerate(self.instances) for t in i.timers.values() if t.due_at <= until
            ]
            if not due:
                break
            at, _number, instance = min(due, key=lambda item: item[:2])
            self.now = max(self.now, at)
            self._advance(instance, FireTimers())
        self.now = until

    def _do_message(self, step: Mapping[str, Any]) -> None:
        self._tell("message", step)

    def _do_signal(self, step: Mapping[str, Any]) -> None:
        self._tell("signal", step)

    def _do_set_vars(self, step: Mapping[str, Any]) -> None:
        self._advance(self._instance(step), SetVariables(step["vars"]))

    def _do_trigger(self, step: Mapping[str, Any]) -> None:
        instance = self._instance(step)
        name = step.get("task") or step.get("element") or step.get("name")
        uid = next((uid for uid, row in instance.waiting.items() if row.element == name), None)
        if uid is None:
            raise WrongResultError(f"{name} does not wait; waiting are {sorted(instance.listening())}")
        self._advance(instance, Deliver(uid, step.get("vars", {})))

    # How instances go on

    def _tell(self, kind: Literal["message", "signal"], step: Mapping[str, Any]) -> None:
        """An event from outside reaches who waits for it; the first one may start the process of the case."""
        event = Thrown(kind, step["name"], None, step.get("vars", {}), "")
        is_first = not self.instances
        self._spread(event, None)
        for start in self._starts(kind, step["name"]) if is_first else ():
            if start.process == self.process:
                self._begin(step, start, event.payload)
                return

    def _start_by_timer(self, until: datetime) -> None:
        """The process of the case starts by its timers, as often as they fire until then."""
        for start in self._all_starts():
            text = start.event if (start.process, start.kind) == (self.process, "timer") else ""
            text = start_text(text, now=self.now) if text else ""
            at = first_instant(text, now=self.now) if text else None
            while at is not None and at <= until:
                self.now = max(self.now, at)
                self._begin({}, start, {})
                left = remaining(text, fired=at, now=at)
                text, at = left or ("", None)

    def _begin(self, step: Mapping[str, Any], start: StartSubscription, payload: Variables) -> None:
        self.named[step.get("as", "main")] = self._start(start.process, payload, start.element)

    def _fire_overdue(self) -> None:
        """Timers whose instant has passed when they are armed fire at once."""
        for instance in list(self.instances):
            overdue = {uid for uid, timer in instance.timers.items() if timer.due_at <= self.now}
            while overdue:
                self._advance(instance, FireTimers())
                left = {uid for uid, timer in instance.timers.items() if timer.due_at <= self.now}
                overdue = left if left != overdue else set()

    def _instance(self, step: Mapping[str, Any]) -> Instance:
        name = step.get("instance", "main")
        if name not in self.named:
            raise WrongResultError(f"there is no instance {name}")
        return self.named[name]

    def _start(self, process: str, variables: Variables, element: str | None) -> Instance:
        if process not in self.others:
            raise WrongResultError(f"no process {process} runs in the file; there are {sorted(self.others)}")
        compiled = execution.compile_model(self.others[process], process, others=self.others)
        instance = Instance(compiled)
        self.instances.append(instance)
        if element is None:
            self._try(instance, lambda: execution.start(compiled, dict(variables), now=self.now))
        else:
            brought = dict(variables)
            self._try(instance, lambda: execution.start(compiled, {}, now=self.now, element=element, payload=brought))
        return instance

    def _advance(self, instance: Instance, command: Command) -> None:
        self._try(instance, lambda: execution.advance(instance.compiled, instance.state, command, now=self.now))

    def _try(self, instance: Instance, act: Callable[[], Step]) -> None:
        """Do a step, then the jobs it made, then whatever it threw."""
        todo: deque[Callable[[], Step]] = deque([act])
        thrown: list[Thrown] = []
        for _ in range(_MANY):
            if not todo:
                break
            try:
                step = todo.popleft()()
            except ConflictError:
                # Another job of the same step interrupted this one.
                continue
            except EarshotError as error:
                self.failures.append(str(error))
                continue
            instance.take(step, now=self.now)
            self.failures += [f"{failure.element}: {failure.message}" for failure in step.failures]
            thrown += step.thrown
            if InstanceStatus(step.status) == InstanceStatus.FAILED:
                todo.clear()
            todo.extend(self._job(instance, job) for job in step.jobs)
        for event in thrown:
            self._spread(event, instance if event.kind == "signal" else None)

    def _job(self, instance: Instance, job: NewJob) -> Callable[[], Step]:
        def act() -> Step:
            result = scripts.ScriptResult({})
            if JobKind(job.kind) == JobKind.SCRIPT:
                # What it sees now: another branch may have written since the job was made.
                seen = execution.visible_to(instance.compiled, instance.state, job.uid)
                result = scripts.run_script(job.payload["__script__"], seen)
            elif needs_worker(job.topic):
                # Done without effect, as other jobs are, it would show what no worker ever did.
                raise CaseRefusedError(f"script-needs-worker at {job.element}: there is none for {job.topic!r} here")
            command = JobDone(job.uid, result.changed, result.deleted)
            return execution.advance(instance.compiled, instance.state, command, now=self.now)

        return act

    def _spread(self, event: Thrown, except_for: Instance | None) -> None:
        """Give a message or signal to every instance that waits for it, then start what it starts."""
        for instance in list(self.instances):
            if instance is except_for:
                continue
            for uid, row in list(instance.waiting.items()):
                if (row.kind, row.event) == (event.kind, event.event) and uid in instance.waiting:
                    self._advance(instance, Deliver(uid, event.payload))
        for subscription in self._starts(event.kind, event.event):
            if subscription.process != self.process:
                self._start(subscription.process, event.payload, subscription.element)

    def _starts(self, kind: str, event: str) -> list[StartSubscription]:
        return [each for each in self._all_starts() if (each.kind, each.event) == (kind, event)]

    def _all_starts(self) -> list[StartSubscription]:
        """What starts a process of the models; a drawing that is there to be called starts by nothing."""
        offered = [process for model in self.models for process in model.processes if process.offered]
        return [start for process in offered for start in process.starts]

    # Expectations

    def expect(self, wanted: Mapping[str, Any]) -> None:
        """Compare; raises WrongResultError at the first difference."""
        if wanted.get("failed") and not self.failures:
            raise WrongResultError("nothing failed")
        if "ran" in wanted:
            self._expect_ran(wanted["ran"])
        if not wanted.keys() & {"open", "ended", "waiting", "vars", "absent_vars", "jobs", "items"}:
            return
        instance = self._instance(wanted)
        if "open" in wanted and sorted(wanted["open"]) != sorted(instance.items.values()):
            raise WrongResultError(
                f"open are {sorted(instance.items.values())}, expected {sorted(wanted['open'])} {self.failures}"
            )
        if "ended" in wanted and wanted["ended"] != (instance.status in ENDED):
            raise WrongResultError(
                f"the instance is {instance.status}, expected ended: {wanted['ended']} {self.failures}"
            )
        expect_offers(wanted, topics=instance.topics, offers=instance.offers.values())
        missing = Counter(wanted.get("waiting", ())) - Counter(instance.listening())
        if missing:
            raise WrongResultError(f"waiting are {sorted(instance.listening())}, missing {sorted(missing)}")
        for name, value in wanted.get("vars", {}).items():
            if instance.variables.get(name) != value:
                raise WrongResultError(f"{name} is {instance.variables.get(name)!r}, expected {value!r}")
        present = set(wanted.get("absent_vars", ())) & set(instance.variables)
        if present:
            raise WrongResultError(f"there should be no {sorted(present)}")

    def _expect_ran(self, wanted: list[Mapping[str, Any]]) -> None:
        total: Counter[str] = Counter()
        for instance in self.instances:
            total += instance.completed
        for group in wanted:
            times = sum(total[element] for element in group["elements"])
            if times != group["times"]:
                raise WrongResultError(
                    f"{group['elements']} ran {times} times, expected {group['times']}; {self.failures}"
                )
