"""Plays an instance from saved state to saved state, and keeps books of what waits where."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bpm.engine.bpmn.model import Compiled
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Command, Complete, Deliver, FireTimers, JobDone, JobError, Retry, SetVariables, Step
from tests.data.states.models import Act

KINDS = ("person", "job", "event", "failure")


class Player:
    """One instance. `waiting`: kind -> uid -> element, in the order in which it began to wait."""

    def __init__(self, compiled: Compiled, now: datetime) -> None:
        self.compiled, self.now = compiled, now
        self.state, self.status = b"", ""
        self.variables: dict[str, Any] = {}
        self.waiting: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        self.timers: dict[str, datetime] = {}
        self.visits: dict[str, str] = {}
        self.completed: list[str] = []

    def start(self, variables: Mapping[str, Any]) -> None:
        self.take(execution.start(self.compiled, dict(variables), now=self.now))

    def take(self, step: Step) -> None:
        self.state, self.status, self.variables = step.state, step.status, step.variables
        self.visits.update({visit.uid: visit.element for visit in step.opened})
        for closed in step.closed:
            if closed.outcome == "completed" and closed.uid in self.visits:
                self.completed.append(self.visits[closed.uid])
            for rows in self.waiting.values():
                rows.pop(closed.uid, None)
            self.timers.pop(closed.uid, None)
        new: dict[str, Sequence[Any]] = {
            "person": step.work_items,
            "job": step.jobs,
            "event": step.subscriptions,
            "failure": step.failures,
        }
        for kind, made in new.items():
            self.waiting[kind].update({row.uid: row.element for row in made})
        self.timers.update({timer.uid: timer.due_at for timer in step.timers})

    def act(self, act: Act) -> None:
        what, element, variables = act
        if what == "wait":
            self.now += timedelta(**variables)
        self.take(execution.advance(self.compiled, self.state, self._command(what, element, variables), now=self.now))

    def _command(self, what: str, element: str, variables: dict[str, Any]) -> Command:
        match what:
            case "complete":
                return Complete(self._at("person", element), variables)
            case "job":
                return JobDone(self._at("job", element), variables)
            case "error":
                return JobError(self._at("job", element), variables["code"])
            case "deliver":
                return Deliver(self._at("event", element), variables)
            case "retry":
                return Retry(self._at("failure", element))
            case "set":
                return SetVariables(variables)
        return FireTimers()

    def _at(self, kind: str, element: str) -> str:
        uid = next(uid for uid, name in self.waiting[kind].items() if name == element)
        self.waiting["failure"].pop(uid, None)
        return uid

    def outcome(self) -> dict[str, Any]:
        """What can be compared between releases: no uid, no state."""
        return {
            "status": self.status,
            "variables": self.variables,
            "completed": list(self.completed),
            "waiting": {kind: list(rows.values()) for kind, rows in self.waiting.items()},
            "due": sorted(due.isoformat() for due in self.timers.values()),
        }
