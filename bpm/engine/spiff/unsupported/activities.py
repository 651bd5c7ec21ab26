"""Activities and their rounds that are not executed as the standard says."""

from collections.abc import Iterator

from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.bpmn.document import Element as Node
from bpm.engine.findings import Finding
from bpm.engine.spiff.specs.definitions import E_NS, tag_of
from bpm.engine.spiff.unsupported.nodes import (
    boundaries_of,
    by_id,
    finding_at,
    parent_of,
)

_QUANTITIES = ("startQuantity", "completionQuantity")
_THROWN_BY_ROUNDS = {"signal", "escalation"}


def quantities(node: Node) -> Iterator[Finding]:
    for name in _QUANTITIES:
        said = (node.get(name) or "1").strip()
        if not said.isdigit() or int(said) < 1:
            # Tools write 0 where nobody said anything; where other quantities are said, it was meant.
            is_meant = said != "0" or any(
                other.get(name, "0") != "0" for other in node.getroottree().iter() for name in _QUANTITIES
            )
            yield finding_at(
                node,
                "token-quantity",
                f"The {name} is {said!r}; it is a whole number from 1 on.{'' if is_meant else ' It counts as 1.'}",
                f"Remove {name}, or write 1.",
                "error" if is_meant else "warning",
            )


def multi_instance(node: Node) -> Iterator[Finding]:
    activity = parent_of(node)
    yield from _behavior(node, activity)
    if node.find(full_tag("loopCardinality")) is None and not node.get(f"{E_NS}collection"):
        yield finding_at(
            activity,
            "multi-instance-without-number",
            "The multi-instance says neither how many instances nor for which collection.",
            "Give it a loop cardinality or a collection.",
        )


def _behavior(node: Node, activity: Node) -> Iterator[Finding]:
    """Events thrown by the rounds themselves: which ones has to be said, and they must not end the other rounds."""
    behavior = node.get("behavior", "All").lower()
    if behavior == "all":
        return
    thrown = list(_thrown_by_rounds(node, behavior))
    if not thrown or any(tag_of(event).removesuffix("EventDefinition") not in _THROWN_BY_ROUNDS for event in thrown):
        yield finding_at(
            activity,
            "not-executed-multi-instance-behavior",
            f"The behavior {node.get('behavior')!r} of the multi-instance names no signal or escalation to throw.",
            "Name the event, throw it with an event inside a subprocess, or use a completion condition.",
        )
    for boundary in boundaries_of(activity):
        meant = {_meaning(event) for event in boundary if tag_of(event).endswith("EventDefinition")}
        if boundary.get("cancelActivity", "true") == "true" and meant & {_meaning(event) for event in thrown}:
            yield finding_at(
                activity,
                "not-executed-multi-instance-behavior",
                "The event that each round throws is caught by a boundary event that would cancel all other rounds.",
                "Let the boundary event not interrupt, or use a completion condition.",
            )


def _thrown_by_rounds(node: Node, behavior: str) -> Iterator[Node]:
    if behavior in ("none", "one"):
        event = by_id(node, (node.get(f"{behavior}BehaviorEventRef") or "").split(":")[-1])
        if event is not None:
            yield event
    for part in node.iterfind(full_tag("complexBehaviorDefinition")):
        for event in part.iterfind(f"{full_tag('event')}/*"):
            yield event


def _meaning(definition: Node) -> tuple[str, str]:
    kind = tag_of(definition).removesuffix("EventDefinition")
    return kind, (definition.get(f"{kind}Ref") or "").split(":")[-1]
