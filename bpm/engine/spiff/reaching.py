"""What a token may still pass, and what of it differs between two versions."""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from collections.abc import Iterator
from typing import Any

from bpm.engine.spiff.elements import PROCESS, Element, ProcessSpec
from bpm.engine.spiff.fitting import Pair


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
    found = {name}
    at = name
    while at != PROCESS:
        scope = spec.elements[at].model.scope
        for element in ahead(spec, at):
            found |= _whole(spec, element)
        for watching in spec.inside[scope].event_subprocesses:
            found |= _whole(spec, watching)
        found.add(scope)
        at = scope
    return frozenset(found)


def _whole(spec: ProcessSpec, name: str) -> set[str]:
    """An element with everything inside it."""
    found, todo = {name}, [name]
    while todo:
        scope = todo.pop()
        inside = [e.model.id for e in spec.elements.values() if e.model.scope == scope and e.model.id != PROCESS]
        found.update(inside)
        todo += inside
    return found


def changes_ahead(pair: Pair, element: Element) -> Iterator[Element]:
    """Elements that a token on `element` may still pass and that differ in the new version."""
    spec: ProcessSpec = element._wf_spec
    for name in sorted(passable(spec, element.model.id)):
        passed = spec.elements[name]
        if differs(pair, passed):
            yield passed
        called = passed.model.details.get("called") or ""
        if called in pair.processes:
            yield from _changes_in(pair, pair.old[called], {spec.name})


def _changes_in(pair: Pair, spec: ProcessSpec, seen: set[str]) -> Iterator[Element]:
    """Elements of a called process of the same file that differ."""
    if spec.name in seen:
        return
    seen.add(spec.name)
    for element in spec.elements.values():
        if differs(pair, element):
            yield element
        called = element.model.details.get("called") or ""
        if called in pair.processes:
            yield from _changes_in(pair, pair.old[called], seen)


def differs(pair: Pair, element: Element) -> bool:
    """Whether an element does something else, or goes on elsewhere, in the new version."""
    twin = pair.counterpart(element)
    if twin is None:
        return True
    return _said(pair, element, moved=True) != _said(pair, twin, moved=False)


def _said(pair: Pair, element: Element, *, moved: bool) -> dict[str, Any]:
    """What counts about an element, in the words of the new version."""
    spec, model = element._wf_spec, element.model

    def name(other: str | None) -> str | None:
        if other is None or other not in spec.elements:
            return other
        if not moved:
            return other
        twin = pair.counterpart(spec.elements[other])
        return None if twin is None else twin.model.id

    details = dict(model.details)
    for key in ("attached", "handler"):
        if key in details:
            details[key] = name(details[key])
    if moved and details.get("called"):
        details["called"] = pair.called(element)
    inside = spec.inside.get(model.id)
    return {
        "kind": model.kind,
        "name": model.name if model.id != PROCESS else "",
        "lane": model.lane,
        "flows": [(name(flow.target), flow.condition, flow.id == model.default) for flow in model.flows],
        "events": [{**event, "activity": name(event.get("activity"))} for event in model.events],
        "details": details,
        "attached": sorted(map(str, (name(event) for event in spec.attached.get(model.id, ())))),
        "undone by": name(spec.handlers.get(model.id)),
        "watching": sorted(map(str, (name(each) for each in inside.event_subprocesses))) if inside else [],
        "starts": sorted(map(str, (name(each) for each in inside.starts))) if inside else [],
    }
