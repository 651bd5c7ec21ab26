"""What a token may still pass, and what of it differs between two versions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpm.engine.spiff.migration.compatibility import Pair
from bpm.engine.spiff.specs.event_definitions import CompensateEvent
from bpm.engine.spiff.specs.model import PROCESS
from bpm.engine.spiff.specs.process import Element, ProcessSpec


def ahead(spec: ProcessSpec, name: str) -> frozenset[str]:
    """Elements that follow `name` in its own scope: along flows, and out of activities by their boundary events."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        at = todo.pop()
        after = [flow.target for flow in spec.elements[at].model.flows] + list(spec.attached.get(at, ()))
        todo += [target for target in after if target not in seen]
        seen.update(after)
    return frozenset(seen)


def passable(spec: ProcessSpec, name: str) -> frozenset[str]:
    """All that an instance with a token on `name` may still pass: the element, what follows, and what is around it.

    What follows includes the inside of later activities, but not what stands before the token in its own scope.
    """
    members: dict[str, list[str]] = {}
    for element in spec.elements.values():
        if element.model.id != PROCESS:
            members.setdefault(element.model.scope, []).append(element.model.id)
    found = {name}
    at = name
    while at != PROCESS:
        scope = spec.elements[at].model.scope
        todo = [*ahead(spec, at), *spec.inside[scope].event_subprocesses]
        while todo:
            element_id = todo.pop()
            if element_id not in found or element_id == name:
                found.add(element_id)
                todo += [inner for inner in members.get(element_id, ()) if inner not in found]
        found.add(scope)
        at = scope
    return frozenset(found)


def changes(pair: Pair) -> dict[str, frozenset[str]]:
    """Process now -> its elements that do something else, or go on elsewhere, in the new version."""
    return {
        process: frozenset(name for name, element in pair.old[process].elements.items() if _differs(pair, element))
        for process in pair.processes
    }


def changed_ahead(changed: Mapping[str, frozenset[str]], old: Mapping[str, ProcessSpec], at: Element) -> list[Element]:
    """What of `changed` a token at an element may still pass, called processes of the same file included."""
    spec: ProcessSpec = at.process
    found: list[Element] = []
    todo, called = [(spec, passable(spec, at.model.id))], {spec.name}
    while todo:
        spec, names = todo.pop(0)
        for element in spec.elements.values():
            if element.model.id not in names:
                continue
            if element.model.id in changed[spec.name]:
                found.append(element)
            callee = element.model.details.called.text or ""
            if callee in changed and callee not in called:
                called.add(callee)
                todo.append((old[callee], frozenset(old[callee].elements)))
    return found


def _differs(pair: Pair, element: Element) -> bool:
    twin = pair.counterpart(element)
    return twin is None or _said(pair, element, moved=True) != _said(pair, twin, moved=False)


def _said(pair: Pair, element: Element, *, moved: bool) -> dict[str, Any]:
    """What counts about an element, in the words of the new version."""
    spec, model = element.process, element.model

    def name(other: str | None) -> str | None:
        if other is None or other not in spec.elements:
            return other
        if not moved:
            return other
        twin = pair.counterpart(spec.elements[other])
        return None if twin is None else twin.model.id

    details = replace(model.details, attached=name(model.details.attached), handler=name(model.details.handler))
    if moved and details.called.text:
        details = replace(details, called=replace(details.called, text=pair.called(element)))
    inside = spec.inside.get(model.id)
    return {
        "kind": model.kind,
        "name": model.name if model.id != PROCESS else "",
        "lane": model.lane,
        "flows": [(name(flow.target), flow.condition, flow.id == model.default) for flow in model.flows],
        "events": [
            replace(event, activity=name(event.activity)) if isinstance(event, CompensateEvent) else event
            for event in model.events
        ],
        "details": details,
        "attached": sorted(map(str, (name(event) for event in spec.attached.get(model.id, ())))),
        "undone by": name(spec.handlers.get(model.id)),
        "watching": sorted(map(str, (name(each) for each in inside.event_subprocesses))) if inside else [],
        "starts": sorted(map(str, (name(each) for each in inside.starts))) if inside else [],
    }
