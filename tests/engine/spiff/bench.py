"""A workbench for run tests: compile a small model, start it, and talk to it by element id."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Command, Complete, Deliver, JobDone, Step

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:e="urn:earshot:model:1" id="d" targetNamespace="t">'
)


def flow(source: str, target: str, condition: str | None = None) -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def model(body: str, *, roots: str = "", process: str = "p") -> bytes:
    return f'{HEAD}{roots}<process id="{process}" isExecutable="true">{body}</process></definitions>'.encode()


class Bench:
    """One instance; every command goes through saved state, as in production."""

    def __init__(
        self, executable: bytes, variables: dict[str, Any] | None = None, *, process: str = "p", **options: Any
    ) -> None:
        self.options = options
        self.now = NOON
        self.compiled = execution.compile_model(executable, process)
        self.open: dict[str, str] = {}
        self.jobs: dict[str, str] = {}
        self.subscriptions: dict[str, str] = {}
        self.timers: dict[str, datetime] = {}
        self.visits: dict[str, str] = {}
        self.completed: Counter[str] = Counter()
        self.take(execution.start(self.compiled, variables or {}, now=self.now, **options))

    def take(self, step: Step) -> Step:
        self.step = step
        self.visits.update({visit.uid: visit.element for visit in step.opened})
        for row in (*step.work_items, *step.jobs, *step.subscriptions):
            # A visit waits for one thing at a time: a script before a task, then the task itself.
            for waiting in (self.open, self.jobs, self.subscriptions):
                waiting.pop(row.uid, None)
        self.open.update({item.uid: item.element for item in step.work_items})
        self.jobs.update({job.uid: job.element for job in step.jobs})
        self.subscriptions.update({row.uid: row.element for row in step.subscriptions})
        self.timers.update({timer.uid: timer.due_at for timer in step.timers})
        for closed in step.closed:
            if closed.outcome == "completed" and closed.uid in self.visits:
                self.completed[self.visits[closed.uid]] += 1
            for rows in (self.open, self.jobs, self.subscriptions, self.timers):
                rows.pop(closed.uid, None)
        self.check()
        return step

    def check(self) -> None:
        """What the steps have told so far is what the state holds: nothing is lost, nothing is left over."""
        held: dict[str, set[str]] = {"person": set(), "job": set(), "timer": set(), "event": set()}
        for row in execution.describe(self.step.state, self.compiled):
            kind = (row["wait"] or {}).get("kind")
            kind = "event" if kind in ("message", "signal", "conditional") else kind
            if kind in held and not row["failed"]:
                held[kind].add(row["uid"])
        assert held["person"] <= set(self.open)
        assert held["job"] <= set(self.jobs)
        assert (held["timer"], held["event"]) == (set(self.timers), set(self.subscriptions))
        if not any(row["failed"] for row in execution.describe(self.step.state, self.compiled)):
            assert (held["person"], held["job"]) == (set(self.open), set(self.jobs))

    def do(self, command: Command, *, after: timedelta = timedelta()) -> Step:
        self.now += after
        step = execution.advance(self.compiled, self.step.state, command, now=self.now, **self.options)
        if isinstance(command, JobDone):
            self.jobs.pop(command.uid, None)  # a script before a subprocess is done before the visit is
        return self.take(step)

    def complete(self, element: str, **variables: Any) -> Step:
        return self.do(Complete(self.uid(self.open, element), variables))

    def job_done(self, element: str, **variables: Any) -> Step:
        return self.do(JobDone(self.uid(self.jobs, element), variables))

    def deliver(self, element: str, **payload: Any) -> Step:
        return self.do(Deliver(self.uid(self.subscriptions, element), payload))

    @staticmethod
    def uid(rows: dict[str, str], element: str) -> str:
        return next(uid for uid, name in rows.items() if name == element)

    @property
    def tasks(self) -> list[str]:
        return sorted(self.open.values())
