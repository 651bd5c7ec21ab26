"""The door for two versions of a model: what stands for what, what differs ahead of whom, and changing over. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.engine.bpmn.model import Compiled
from bpm.engine.spiff import execution
from bpm.engine.spiff.migration import reachability
from bpm.engine.spiff.migration.compatibility import Pair
from bpm.engine.spiff.migration.mapping_proposal import propose
from bpm.engine.spiff.migration.migrate import Migration, migrate
from bpm.engine.spiff.migration.obstacles import Obstacle
from bpm.engine.spiff.runtime.limits import DEFAULT_LIMITS, Limits
from bpm.engine.spiff.runtime.state import load_state
from bpm.engine.spiff.specs.model import PROCESS
from bpm.engine.spiff.specs.process import Element


@dataclass(frozen=True)
class Side:
    """One of the two versions. `compiled.primary` is the process that the instances run."""

    compiled: Compiled
    own: frozenset[str]
    """Processes of the version's own file; the others were brought by other definitions."""
    forms: Mapping[str, Any] = field(default_factory=dict)
    """Form key or element -> JSON Schema."""

    def form_at(self, element: Element) -> Any:
        """The form that people fill in at an element."""
        found = self.forms.get(element.model.details.form.text or "")
        return found if found is not None else self.forms.get(element.bpmn_id)


@dataclass(frozen=True)
class Fit:
    """An element of the version now (as drawn), what stands for it then, and why a token could not change over."""

    element: str
    name: str
    type: str
    process: str
    then: str | None
    reason: str | None


def proposed(old: Side, new: Side) -> dict[str, str]:
    """{element now: element then}, as far as one thing stands for another beyond doubt."""
    return propose(_pair(old, new, {}))


def fits(old: Side, new: Side, mapping: Mapping[str, str]) -> list[Fit]:
    """Every element that is drawn in the version now, in document order."""
    pair = _pair(old, new, mapping)
    return [_fit(pair, element) for element in _drawn(pair)]


def _fit(pair: Pair, element: Element) -> Fit:
    twin = pair.counterpart(element)
    return Fit(
        element=element.bpmn_id,
        name=element.bpmn_name,
        type=element.model.kind,
        process=element.process.name,
        then=None if twin is None else twin.bpmn_id,
        reason=pair.misfit(element),
    )


def _drawn(pair: Pair) -> Iterator[Element]:
    for process in pair.processes:
        for element in pair.old[process].elements.values():
            if element.model.id != PROCESS and not element.model.synthetic:
                yield element


def changed_ahead(
    old: Side, new: Side, mapping: Mapping[str, str], *, at: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """(process, element as drawn) -> names of what a token there may still pass and that differs; empty: nothing."""
    pair = _pair(old, new, mapping)
    changed = {name: names | _other_forms(old, new, pair, name) for name, names in reachability.changes(pair).items()}
    drawn = {(e.process.name, e.bpmn_id): e for e in _drawn(pair)}
    return {
        place: tuple(dict.fromkeys(_label(e) for e in reachability.changed_ahead(changed, pair.old, drawn[place])))
        for place in at
        if place in drawn
    }


def _other_forms(old: Side, new: Side, pair: Pair, process: str) -> frozenset[str]:
    return frozenset(
        name
        for name, element in pair.old[process].elements.items()
        if (twin := pair.counterpart(element)) is not None and old.form_at(element) != new.form_at(twin)
    )


def _label(element: Element) -> str:
    if element.model.id == PROCESS:
        return "the process itself"
    return element.bpmn_name or element.bpmn_id


def change(
    old: Side, new: Side, state: bytes, mapping: Mapping[str, str], *, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> Migration | list[Obstacle]:
    """Change an instance of `old` over to `new`, or say everything that hinders it. See `migrating.migrate`."""
    pair = _pair(old, new, mapping)
    run = load_state(state, pair.old, old.compiled.primary, now=now, limits=limits)
    return migrate(run, pair, primary=new.compiled.primary)


def _pair(old: Side, new: Side, mapping: Mapping[str, str]) -> Pair:
    then = new.compiled.specs
    processes = {name: name for name in sorted(old.own & new.own)}
    processes[old.compiled.primary] = new.compiled.primary
    brought = frozenset(
        name for name, key in old.compiled.specs.items() if name not in old.own | new.own and then.get(name) == key
    )
    return Pair(execution.specs_of(old.compiled), execution.specs_of(new.compiled), processes, mapping, brought)
