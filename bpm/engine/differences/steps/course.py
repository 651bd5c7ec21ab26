"""The steps of a model in the order in which work comes to them, and which may come after which: pure, over a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bpm.engine.differences.matching import matches
from bpm.engine.differences.units import Model, Unit, read_model
from bpm.engine.xml import read

STEPS = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask",
     "callActivity"}
)  # fmt: skip
"""What is done by somebody or something; gateways, events and the frames around steps are none."""
_AROUND = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass(frozen=True)
class Course:
    """The steps of all processes of a file."""

    steps: tuple[str, ...]
    """Ids in the order of the flows, what comes first first; of branches the one that is written first."""
    names: Mapping[str, str]
    types: Mapping[str, str]
    after: Mapping[str, tuple[str, ...]]
    """Step -> steps that may come next, gateways and events passed over."""
    straight: tuple[tuple[str, ...], ...]
    """Stretches in which each step leads to the next one alone, by one flow, and nothing else leads to that."""


def course_of(source: bytes) -> Course:
    """The course of a BPMN file; RefusedError where it cannot be read."""
    model = read_model(read(source))
    ways = _Ways(model)
    steps = [unit for unit in model.units.values() if unit.type in STEPS]
    order = {key: place for place, key in enumerate(ways.in_order())}
    steps.sort(key=lambda unit: order.get(unit.id, len(order)))
    return Course(
        steps=tuple(unit.id for unit in steps),
        names={unit.id: unit.name or unit.id for unit in steps},
        types={unit.id: unit.type for unit in steps},
        after={unit.id: tuple(ways.steps_after(unit.id)) for unit in steps},
        straight=tuple(_stretches(model, [unit.id for unit in steps])),
    )


def course_from_plain(plain: Mapping[str, Any]) -> Course:
    """The Course that was written as JSON values."""
    return Course(
        steps=tuple(plain["steps"]),
        names=plain["names"],
        types=plain["types"],
        after={step: tuple(each) for step, each in plain["after"].items()},
        straight=tuple(tuple(each) for each in plain["straight"]),
    )


def counterparts(before: bytes, after: bytes) -> dict[str, str]:
    """{id in the older file: id in the newer one} of what is the same thing in both; see `matching`."""
    return matches(read_model(read(before)), read_model(read(after)))


class _Ways:
    """Where one gets to from where, into and out of subprocesses."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._inside: dict[str, list[Unit]] = {}
        self._attached: dict[str, list[str]] = {}
        self._reached: set[str] = set()
        for unit in model.units.values():
            self._inside.setdefault(unit.inside, []).append(unit)
            if host := unit.element.get("attachedToRef", "").strip():
                self._attached.setdefault(host, []).append(unit.id)
            if unit.type == "sequenceFlow":
                self._reached.add(unit.target)

    def in_order(self) -> list[str]:
        """Every node that is reached, by reverse postorder of a walk from the starts (Tarjan 1972)."""
        done: list[str] = []
        seen: set[str] = set()
        # The first start comes first in the end, so the walk takes it last.
        for start in reversed(list(self._starts())):
            self._walk(start, seen, done)
        return done[::-1]

    def _walk(self, start: str, seen: set[str], done: list[str]) -> None:
        if start in seen:
            return
        seen.add(start)
        ways = [(start, iter(self._next(start)[::-1]))]
        while ways:
            node, rest = ways[-1]
            following = next((each for each in rest if each not in seen), None)
            if following is None:
                ways.pop()
                done.append(node)
            else:
                seen.add(following)
                ways.append((following, iter(self._next(following)[::-1])))

    def _starts(self) -> Iterator[str]:
        for unit in self._model.units.values():
            if unit.kind == "process":
                yield from self._first_in(unit.id)

    def _first_in(self, scope: str) -> list[str]:
        nodes = [unit for unit in self._inside.get(scope, ()) if unit.kind == "element"]
        free = [
            each.id for each in nodes if each.id not in self._reached and "attachedToRef" not in each.element.attrib
        ]
        return [inner for each in free for inner in self._into(each)]

    def _into(self, node: str) -> list[str]:
        """The node, or of a frame what comes first in it."""
        unit = self._model.units.get(node)
        if unit is None:
            return []
        return (self._first_in(node) or [node]) if unit.type in _AROUND else [node]

    def _next(self, node: str) -> list[str]:
        found = [
            inner for flow in self._model.out.get(node, ()) for inner in self._into(self._model.units[flow].target)
        ]
        for event in self._attached.get(node, ()):
            found += self._next(event)
        around = self._model.units[node].inside
        outer = self._model.units.get(around)
        if not self._model.out.get(node) and outer is not None and outer.type in _AROUND:
            found += self._next(around)
        return found

    def steps_after(self, node: str) -> Iterator[str]:
        waiting, seen = self._next(node), {node}
        while waiting:
            each = waiting.pop(0)
            if each in seen:
                continue
            seen.add(each)
            if self._model.units[each].type in STEPS:
                yield each
            else:
                waiting += self._next(each)


def _stretches(model: Model, steps: Iterable[str]) -> Iterator[tuple[str, ...]]:
    ins: dict[str, int] = {}
    for unit in model.units.values():
        if unit.type == "sequenceFlow":
            ins[unit.target] = ins.get(unit.target, 0) + 1
    known = dict.fromkeys(steps)
    hosts = {unit.element.get("attachedToRef", "").strip() for unit in model.units.values()}
    following = {
        each: target
        for each in known
        if len(model.out.get(each, ())) == 1
        and each not in hosts
        and (target := model.units[model.out[each][0]].target) in known
        and ins.get(target) == 1
    }
    begun = set(following.values())
    for each in known:
        if each in begun:
            continue
        stretch = [each]
        while stretch[-1] in following and following[stretch[-1]] not in stretch:
            stretch.append(following[stretch[-1]])
        if len(stretch) > 1:
            yield tuple(stretch)
