"""Which element of a new version stands for which of the old one, as far as that is beyond doubt."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bpm.engine.spiff.migration.compatibility import Pair
from bpm.engine.spiff.specs.model import PROCESS, Model
from bpm.engine.spiff.specs.process import Element, ProcessSpec


def propose(pair: Pair) -> dict[str, str]:
    """{element now: element then}: the same id if a token fits, else the only one of that kind and name.

    A step is never paired by its place alone: where one was taken out and another put in, tokens stay where they are
    until a person names what goes on for it. Only nameless gateways and events, which say nothing but where they stand
    and what they wait for, go by both. Outer scopes come before what stands in them, so that a renamed subprocess
    keeps its inside.
    """
    mapping: dict[str, str] = {}
    for process, then in pair.processes.items():
        if then not in pair.new:
            continue
        old, new = _drawn(pair.old[process]), _drawn(pair.new[then])
        for element in old:
            mapping[element.bpmn_id] = element.bpmn_id
        mapping = _fitting(pair, mapping, old)
        for look in (_by_name, _by_place):
            mapping = _matched(pair, mapping, old, new, look=look)
    return mapping


def _drawn(spec: ProcessSpec) -> list[Element]:
    """Elements that are drawn, outer ones first."""
    found = [e for e in spec.elements.values() if e.model.id != PROCESS and not e.model.synthetic]
    return sorted(found, key=_depth)


def _depth(element: Element) -> int:
    depth, scope = 0, element.model.scope
    while scope != PROCESS:
        depth, scope = depth + 1, element.process.elements[scope].model.scope
    return depth


def _fitting(pair: Pair, mapping: dict[str, str], elements: Iterable[Element]) -> dict[str, str]:
    """Leave out what no token could change over by, outer elements first, as inner ones depend on them."""
    for element in elements:
        if element.bpmn_id in mapping and replace(pair, mapping=mapping).misfit(element) is not None:
            mapping = {now: then for now, then in mapping.items() if now != element.bpmn_id}
    return mapping


Rename = Callable[[Element], Element | None]
"""An element in the words of the new version."""
Look = Callable[[Element, Rename], object]


def _matched(
    pair: Pair, mapping: dict[str, str], old: list[Element], new: list[Element], *, look: Look
) -> dict[str, str]:
    """Add pairs that share what `look` sees and that nothing else shares, until no more are found."""
    while True:
        told = replace(pair, mapping=mapping)
        left = [e for e in old if e.bpmn_id not in mapping]
        free = [e for e in new if e.bpmn_id not in mapping.values()]
        added = {}
        for element in left:
            mine = look(element, told.counterpart)
            if not mine or sum(look(other, told.counterpart) == mine for other in left) > 1:
                continue
            same = [other for other in free if look(other, _as_it_is) == mine]
            if len(same) == 1 and _fits(told, element, same[0]):
                added[element.bpmn_id] = same[0].bpmn_id
        if not added:
            return mapping
        mapping = {**mapping, **added}


def _as_it_is(element: Element) -> Element:
    return element


def _fits(pair: Pair, element: Element, other: Element) -> bool:
    return replace(pair, mapping={**pair.mapping, element.bpmn_id: other.bpmn_id}).misfit(element) is None


def _by_name(element: Element, rename: Rename) -> object:
    """Name and kind, for what has a name."""
    name = " ".join(element.bpmn_name.split()).casefold()
    return (element.model.kind, name) if name else None


def _by_place(element: Element, rename: Rename) -> object:
    """For a nameless gateway or event: kind, what it says, and what stands around it in the new version's words."""
    spec, model = element.process, element.model
    if model.name.strip() or not model.kind.endswith(("Gateway", "Event")):
        return None
    before = [f.source for e in spec.elements.values() for f in e.model.flows if f.target == model.id]
    after = [flow.target for flow in model.flows]
    host = model.details.attached
    around = tuple(frozenset(_names(spec, names, rename)) for names in (before, after, [host] if host else []))
    return (model.kind, _said(model), around) if any(around) else None


def _said(model: Model) -> object:
    """What an element waits for or throws, and how, without the names of other elements."""
    return model.events, replace(model.details, attached=None, handler=None)


def _names(spec: ProcessSpec, names: Iterable[str], rename: Rename) -> Iterator[str]:
    for name in names:
        twin = rename(spec.elements[name])
        if twin is not None:
            yield twin.model.id
