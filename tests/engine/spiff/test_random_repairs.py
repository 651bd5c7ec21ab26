"""Whatever an operator does to whatever instance: it is done or refused by name, and the instance is never stuck."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bpm.engine.definitions.prepare import prepare
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Cancel, Command, Complete, Deliver, FireTimers, JobDone, Look, Move, Retry, Skip
from bpm.foundation.errors import ConflictError, InvalidInputError
from tests.engine.spiff.bench import NOON, Bench
from tests.thoroughness import TIMES

CASES = Path(__file__).parents[1] / "cases"
MODELS = sorted({case["xml"] for path in CASES.glob("*.json") for case in json.loads(path.read_text())})
ACTS = 20
PARTS = 8


class Patient(Bench):
    """An instance of a prepared model, with every element that its specs have."""

    def __init__(self, source: bytes) -> None:
        prepared = prepare(source, "model.bpmn")
        self.options: dict[str, Any] = {}
        self.now = NOON
        self.compiled = execution.compile_model(prepared.executable, prepared.primary)
        self.open: dict[str, str] = {}
        self.jobs: dict[str, str] = {}
        self.subscriptions: dict[str, str] = {}
        self.timers: dict[str, datetime] = {}
        self.visits: dict[str, str] = {}
        self.completed: Counter[str] = Counter()
        self.elements = [element.id for element in prepared.elements]
        self.take(execution.start(self.compiled, {"x": 1, "n": 2, "items": [1, 2]}, now=self.now))

    def check(self) -> None:
        """Every wait has its row and every row its wait; what is active can be moved, what has failed says where."""
        super().check()
        rows = list(execution.describe(self.step.state, self.compiled))
        if self.step.status == "active":
            kinds = {row["wait"]["kind"] for row in rows if row["wait"] and not row["failed"]}
            assert kinds - {"error", "escalation", "cancel", "compensate"}, "active, but nothing can move it"
        if self.step.status == "failed":
            assert any(row["failed"] for row in rows), "failed, but nothing failed"

    def any_command(self, random: Random) -> Command:
        """Something that an operator, a person, a worker or the clock might do next."""
        rows = list(execution.describe(self.step.state, self.compiled))
        row = random.choice(rows)
        uid, kind = row["uid"], (row["wait"] or {}).get("kind")
        usual: dict[Any, Command] = {
            "person": Complete(uid),
            "job": JobDone(uid),
            "timer": FireTimers(),
            "message": Deliver(uid),
            "signal": Deliver(uid),
        }
        repairs: list[Command] = [Skip(uid, {"y": 1}), Move(uid, random.choice(self.elements)), Retry(uid), Look()]
        return random.choice([usual.get(kind, Look()), *repairs, *repairs[:2]])


@pytest.mark.proof
@pytest.mark.parametrize("effort", range(TIMES))
@pytest.mark.parametrize("part", range(PARTS))
def test_random_repairs_are_done_or_refused_and_leave_no_instance_stuck(part: int, effort: int) -> None:
    done = refused = 0
    for number, source in enumerate(MODELS[part::PARTS]):
        random = Random(f"{part}:{number}:{effort}")
        try:
            patient = Patient(source.encode())
        except InvalidInputError:
            continue
        for _ in range(ACTS):
            if patient.step.status in ("completed", "cancelled"):
                break
            try:
                patient.do(patient.any_command(random))
            except (ConflictError, InvalidInputError):
                refused += 1
            else:
                done += 1
        if patient.step.status not in ("completed", "cancelled"):
            assert patient.do(Cancel()).status == "cancelled"
    assert done > 40
    assert refused > 10
