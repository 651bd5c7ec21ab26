"""The door for two versions of a model: what stands for what, what differs ahead of whom, and changing over. Pure."""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from bpm.engine.spiff import execution, serializer
from bpm.engine.spiff.elements import PROCESS, Element
from bpm.engine.spiff.fitting import Pair
from bpm.engine.spiff.hindering import Obstacle
from bpm.engine.spiff.migrating import Migration, migrate
from bpm.engine.spiff.model import Compiled
from bpm.engine.spiff.proposing import propose
from bpm.engine.spiff.reaching import changes_ahead
from bpm.engine.spiff.run import DEFAULT_LIMITS, Limits


@dataclass(frozen=True)
class Side:
    """One of the two versions. `compiled.primary` is the process that the instances run."""

    compiled: Compiled
    own: frozenset[str]
    """Processes of the version's own file; the others were brought by other definitions."""


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
        process=element._wf_spec.name,
        then=None if twin is None else twin.bpmn_id,
        reason=pair.misfit(element),
    )


def _drawn(pair: Pair) -> Iterator[Element]:
    for process in pair.processes:
        for element in pair.old[process].elements.values():
            if element.model.id != PROCESS and not element.model.synthetic:
                yield element


def changed_ahead(old: Side, new: Side, mapping: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(process, element as drawn) -> names of what a token there may still pass and that differs; empty: nothing."""
    pair = _pair(old, new, mapping)
    found = {}
    for element in _drawn(pair):
        names = [_label(changed) for changed in changes_ahead(pair, element)]
        found[element._wf_spec.name, element.bpmn_id] = tuple(dict.fromkeys(names))
    return found


def _label(element: Element) -> str:
    if element.model.id == PROCESS:
        return "the process itself"
    return element.bpmn_name or element.bpmn_id


def change(
    old: Side,
    new: Side,
    state: bytes,
    mapping: Mapping[str, str],
    *,
    now: datetime,
    still: bool = False,
    new_uid: Callable[[], UUID] = uuid4,
    limits: Limits = DEFAULT_LIMITS,
) -> Migration | list[Obstacle]:
    """Change an instance of `old` over to `new`, or say everything that hinders it. See `migrating.migrate`."""
    pair = _pair(old, new, mapping)
    run = serializer.load_state(state, pair.old, old.compiled.primary, now=now, new_uid=new_uid, limits=limits)
    return migrate(run, pair, primary=new.compiled.primary, still=still)


def _pair(old: Side, new: Side, mapping: Mapping[str, str]) -> Pair:
    processes = {name: name for name in sorted(old.own & new.own)}
    processes[old.compiled.primary] = new.compiled.primary
    return Pair(execution._specs(old.compiled), execution._specs(new.compiled), processes, mapping)
