"""Two versions of a model beside each other: which element stands for which, and whether a token can change over.

A token can stand on the counterpart of its element when that is of the same kind, in the counterpart of its scope, and
runs in as many rounds: then whatever waits there goes on waiting, whatever is remembered there keeps its meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpm.engine.spiff.specs.model import PROCESS, Model
from bpm.engine.spiff.specs.process import Element, ProcessSpec

_TASKS = frozenset({"userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask"})
"""Kinds that may stand for each other where the same class runs them."""

GONE = "The new version has no counterpart of it."


def in_words(kind: str) -> str:
    """A BPMN element name as people write it: userTask -> user task."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind)


@dataclass(frozen=True)
class Pair:
    """Two versions. `mapping`: element as drawn -> element as drawn, of the processes that the version's file has."""

    old: Mapping[str, ProcessSpec]
    new: Mapping[str, ProcessSpec]
    processes: Mapping[str, str]
    """Process id now -> process id then, of the file's processes."""
    mapping: Mapping[str, str]
    brought: frozenset[str] = frozenset()
    """Called processes of other definitions that are the same in both: bound for the instance's life."""
    _drawn: dict[str, dict[str, Element]] = field(default_factory=dict, compare=False)

    def counterpart(self, element: Element) -> Element | None:
        """The element that stands for `element` in the new version, fitting or not."""
        name = element.process.name
        if name in self.brought:
            return self.new[name].elements.get(element.model.id)
        if name not in self.processes:
            return None
        spec = self.new.get(self.processes[name])
        if spec is None:
            return None
        if element.model.id == PROCESS:
            return spec.elements[PROCESS]
        if element.model.synthetic:
            twin = spec.elements.get(element.model.id)
            return twin if twin is not None and twin.model.synthetic else None
        return self.drawn(spec.name).get(self.mapping.get(element.bpmn_id, ""))

    def drawn(self, process: str) -> Mapping[str, Element]:
        """The elements of a process of the new version by their id as drawn."""
        if process not in self._drawn:
            spec = self.new[process]
            self._drawn[process] = {
                e.bpmn_id: e for e in spec.elements.values() if e.model.id != PROCESS and not e.model.synthetic
            }
        return self._drawn[process]

    def fitting(self, element: Element) -> Element | None:
        """The counterpart, if a token can stand on it."""
        return self.counterpart(element) if self.misfit(element) is None else None

    def misfit(self, element: Element) -> str | None:
        """Why no token can change over from `element` to its counterpart; None when it can."""
        twin = self.counterpart(element)
        if twin is None:
            wanted = self.mapping.get(element.bpmn_id)
            elsewhere = any(wanted in self.drawn(process) for process in self.processes.values() if process in self.new)
            return "It stands in another process then." if elsewhere else GONE
        now, then = element.model, twin.model
        return (
            _other_kind(element, twin)
            or _other_rounds(now, then)
            or self._other_scope(element, twin)
            or _other_host(self, element, twin)
        )

    def _other_scope(self, element: Element, twin: Element) -> str | None:
        if element.model.id == PROCESS or element.model.scope == twin.model.scope == PROCESS:
            return None
        spec: ProcessSpec = element.process
        around = self.counterpart(spec.elements[element.model.scope])
        if around is None or around.model.id != twin.model.scope:
            return "It stands in another subprocess then."
        return None

    def called(self, element: Element) -> str | None:
        """The process that a call activity calls, as the new version would have to name it."""
        called = element.model.details.called.text
        return self.processes.get(called, called) if called else None


def _other_kind(element: Element, twin: Element) -> str | None:
    now, then = element.model, twin.model
    same = now.kind == then.kind or {now.kind, then.kind} <= _TASKS
    if same and type(element) is not type(twin):
        return (
            f"It is a {in_words(then.kind)} in both versions, but not run in the same way: one leaves it to a worker."
        )
    if not same:
        return f"It is a {in_words(now.kind)} now and a {in_words(then.kind)} then."
    before, after = ([event.kind for event in model.events] for model in (now, then))
    if before != after:
        return f"It is about {' and '.join(before) or 'nothing'} now and about {' and '.join(after) or 'nothing'} then."
    if bool(now.details.triggered) != bool(then.details.triggered):
        return "It is an event subprocess in one of the two versions only."
    return None


_ROUNDS = {
    None: "once",
    "parallel": "in rounds side by side",
    "sequential": "in rounds one by one",
    "standard": "as a loop",
}


def _other_rounds(now: Model, then: Model) -> str | None:
    before, after = (model.details.loop.kind if model.details.loop else None for model in (now, then))
    if before == after:
        return None
    return f"It runs {_ROUNDS.get(before, before)} now and {_ROUNDS.get(after, after)} then."


def _other_host(pair: Pair, element: Element, twin: Element) -> str | None:
    host = element.model.details.attached
    if host is None:
        return None
    spec: ProcessSpec = element.process
    moved = pair.counterpart(spec.elements[host])
    if moved is None or moved.model.id != twin.model.details.attached:
        return "It stands at another activity then."
    return None
