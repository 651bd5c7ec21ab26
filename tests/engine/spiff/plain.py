"""One model in plain SpiffWorkflow and in the product, side by side: the same answers, then the same end, visits, data.

Plain means `BpmnParser` and `BpmnWorkflow` as the library ships them. What is added is notation and the world around:
timers as Python texts, collections as the library's own elements, ids as drawn,
the values that a process begins with, a clock, and silent services.
"""

import io
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.defaults import ManualTask, ServiceTask, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions import timer
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.expressions import scripts
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Complete, FireTimers, JobDone
from tests.engine.spiff.bench import NOON, Bench

MOST_ANSWERS = 25
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS = "{urn:earshot:model:1}"
CHILD = " [child]"
"""What the library appends to the name of the task that a loop or multi-instance repeats."""
Answer = Callable[[int, str], dict[str, Any]]
"""What people answer to the question number n, counted from 0, about that element."""


class DifferenceError(AssertionError):
    """What is otherwise: open, visited, ended or data; here and in the library."""

    def __init__(self, what: str, *, here: Any, there: Any) -> None:
        super().__init__(f"{what} here {here}, there {there}")
        self.what, self.here, self.there = what, here, there


class Clock(datetime):
    """The time of the library's timers."""

    at = NOON

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return Clock.at.astimezone(tz)


def in_its_notation(executable: bytes) -> etree._ElementTree:
    """The executable with what the library spells otherwise."""
    tree = etree.parse(io.BytesIO(executable))
    for node in tree.iter("*"):
        node.text = _bare(node.text) if node.text else node.text
        for name, value in node.attrib.items():
            node.set(name, _bare(value))
        if node.get(f"{OURS}passed") == "true":
            node.tag = f"{BPMN}task"
    for node in tree.iter(f"{BPMN}timeDuration", f"{BPMN}timeDate", f"{BPMN}timeCycle"):
        node.text = node.get(f"{OURS}expression") or repr((node.text or "").strip())
    for loop in tree.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
        for ours, theirs in _LOOP.items():
            if said := loop.get(f"{OURS}{ours}"):
                part = etree.SubElement(loop, f"{BPMN}{theirs}", id=said, name=said)
                part.text = said
    return tree


_LOOP = {
    "collection": "loopDataInputRef",
    "elementVariable": "inputDataItem",
    "outputCollection": "loopDataOutputRef",
    "outputElement": "outputDataItem",
}
_VARIABLE = re.compile(r"variable\('(\w+)'\)")


def _bare(text: str) -> str:
    """An expression without the word that tells its language, JUEL's braces, and our name for what may be missing."""
    said = _TAGGED.match(text.strip())
    text = (said["python"] or said["juel"]) if said else text
    return _VARIABLE.sub(r"{**globals(), **locals()}.get('\1')", text)


_TAGGED = re.compile(r"python:(?P<python>.*)|juel:[$#]\{(?P<juel>[^{}]*)\}", re.DOTALL)


class Plain:
    """One instance in the library as it is."""

    def __init__(self, executable: bytes, process: str = "p", **data: Any) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(in_its_notation(executable))
        self.drawn = {
            id_: node.get(f"{OURS}id") for node in etree.fromstring(executable).iter() if (id_ := node.get("id"))
        }
        self.workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
        first = etree.fromstring(executable).iterfind(f"{BPMN}process[@id='{process}']/{OURS}first")
        self.workflow.task_tree.data.update({part.get("name"): json.loads(part.text or "null") for part in first})
        self.workflow.task_tree.data.update(data)
        self._go_on()

    def _go_on(self) -> None:
        """Until people are asked; services answer nothing, and nobody is asked about tasks without a kind."""
        self.workflow.do_engine_steps()
        while plain := [task for task in self._ready() if not isinstance(task.task_spec, UserTask | ManualTask)]:
            plain[0].run()
            self.workflow.do_engine_steps()
        started = self.workflow.get_tasks(state=TaskState.STARTED)
        if called := next((task for task in started if isinstance(task.task_spec, ServiceTask)), None):
            called.complete()
            self._go_on()

    def _ready(self) -> list[Task]:
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    @property
    def open(self) -> list[str]:
        return sorted(self._element(task) for task in self._ready())

    def answer(self, element: str, values: dict[str, Any]) -> None:
        task = next(task for task in self._ready() if self._element(task) == element)
        task.data.update(values)
        task.run()
        self._go_on()

    def wait_until(self, at: datetime) -> None:
        """Time passes."""
        Clock.at = at + timedelta(seconds=1)  # it fires what is past, not what is now
        self.workflow.refresh_timers()
        self._go_on()

    def visits(self, known: set[str]) -> list[str]:
        """Elements of the model in the order in which they were completed; of a repeated one its rounds alone."""
        done = self.workflow.get_tasks(state=TaskState.COMPLETED)
        repeated = {self._element(task) for task in done if task.task_spec.name.endswith(CHILD)}
        done = [
            task
            for task in sorted(done, key=lambda task: task.last_state_change)
            if task.task_spec.name.endswith(CHILD) or self._element(task) in known - repeated
        ]
        return [self._element(task) for task in done]

    def _element(self, task: Task) -> str:
        """The id as drawn."""
        name = str(task.task_spec.name).removesuffix(CHILD)
        return self.drawn.get(name) or name


class Ours:
    """The same model in the product: every answer is a step through saved state."""

    def __init__(self, executable: bytes, process: str = "p", **data: Any) -> None:
        self.done: list[str] = []
        self.names: dict[str, str] = {}
        self.bench = Bench(executable, dict(data), process=process)
        self._note()

    @property
    def open(self) -> list[str]:
        return self.bench.tasks

    @property
    def due(self) -> datetime | None:
        """When the next timer fires."""
        return min(self.bench.timers.values(), default=None)

    def answer(self, element: str, values: dict[str, Any]) -> None:
        self.bench.do(Complete(self.bench.uid(self.bench.open, element), values))
        self._note()

    def wait_until(self, at: datetime) -> None:
        """Time passes."""
        self.bench.do(FireTimers(), after=at - self.bench.now)
        self._note()

    def _note(self) -> None:
        step = self.bench.step
        self.names.update({visit.uid: visit.element for visit in step.opened})
        self.done += [
            self.names[each.uid] for each in step.closed if each.outcome == "completed" and each.uid in self.names
        ]
        for job in step.jobs:
            if job.uid in self.bench.jobs:
                left = self._result(job.uid, job.payload)
                self.bench.do(JobDone(job.uid, left.changed, left.deleted))
                self._note()

    def _result(self, uid: str, payload: dict[str, Any]) -> scripts.ScriptResult:
        script = payload.get("__script__")
        if script is None:
            return scripts.ScriptResult({})
        return scripts.run_script(script, execution.visible_to(self.bench.compiled, self.bench.step.state, uid))


def walk(
    executable: bytes, answer: Answer, *, process: str = "p", pick: int = 0, data: dict[str, Any] | None = None
) -> tuple[Plain, Ours]:
    """Both, with the same person answering the same questions until nothing is open any more and no timer runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timer, "datetime", Clock)
        Clock.at = NOON
        return _walk(executable, answer, process=process, pick=pick, data=data or {})


def _walk(executable: bytes, answer: Answer, *, process: str, pick: int, data: dict[str, Any]) -> tuple[Plain, Ours]:
    plain, ours = Plain(executable, process, **data), Ours(executable, process, **data)
    for number in range(MOST_ANSWERS):
        asked = plain.open
        agree("open", here=ours.open, there=asked)
        if asked:
            element = asked[(pick + number) % len(asked)]
            plain.answer(element, answer(number, element))
            ours.answer(element, answer(number, element))
        elif ours.due is not None:
            at = ours.due
            ours.wait_until(at)
            plain.wait_until(at)
        else:
            break
    return plain, ours


def same(plain: Plain, ours: Ours, *, in_order: bool = True) -> None:
    """The same end, visits and data; `in_order` is False for branches side by side, which have no order."""
    visited, done = plain.visits(set(ours.names.values())), ours.done
    if not in_order:
        visited, done = sorted(visited), sorted(done)
    agree("visited", here=done, there=visited)
    ended = plain.workflow.is_completed()
    agree("ended", here=ours.bench.step.status == "completed", there=ended)
    if ended:
        agree("data", here=ours.bench.step.variables, there=plain.workflow.data)


def agree(what: str, *, here: Any, there: Any) -> None:
    """Raise DifferenceError where the two are not the same."""
    if here != there:
        raise DifferenceError(what, here=here, there=there)
