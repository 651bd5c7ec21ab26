"""Which checks look at which elements of the executable XML, and all that they find."""

from collections.abc import Iterator

from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.bpmn.document import Element as Node
from bpm.engine.findings import Finding
from bpm.engine.spiff.compilation import CLASSES
from bpm.engine.spiff.specs.definitions import tag_of
from bpm.engine.spiff.unsupported import activities, events, gateways
from bpm.engine.spiff.unsupported.nodes import Check, finding_at, parent_of

_ACTIVITIES = (
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
    "callActivity", "subProcess", "transaction", "adHocSubProcess",
)  # fmt: skip
_NODES = (
    *_ACTIVITIES, "callChoreography", "startEvent", "endEvent",
    "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent", "event", "implicitThrowEvent",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway",
)  # fmt: skip


def refusals(tree: Node) -> list[Finding]:
    """Every construct of the executable XML that is not executed as BPMN 2.0.2 says, one finding each."""
    found: list[Finding] = []
    for kind in ("message", "signal"):
        for root in tree.iterfind(full_tag(kind)):
            found += events.computed_name(root)
    for process in tree.iter(full_tag("process")):
        for node in process.iterdescendants():
            for check in _CHECKS.get(tag_of(node), ()):
                found += check(node)
    return found


def _unknown(node: Node) -> Iterator[Finding]:
    kind = tag_of(node)
    if kind not in CLASSES and tag_of(parent_of(node)) != "complexBehaviorDefinition":
        remedy = {
            "adHocSubProcess": "Give it user tasks to choose from and cancel what remains, or draw the order.",
        }.get(kind, "Use another element.")
        yield finding_at(node, f"not-executed-{kind}", f"This {kind} is not executed.", remedy)


_CHECKS: dict[str, tuple[Check, ...]] = {
    **dict.fromkeys(_NODES, (_unknown,)),
    **dict.fromkeys(
        events.EXECUTED,
        (_unknown, *events.OF_EVENTS),
    ),
    **dict.fromkeys(_ACTIVITIES, (_unknown, activities.quantities)),
    "subProcess": (events.event_subprocess, activities.quantities),
    "complexGateway": (gateways.complex_gateway,),
    "eventBasedGateway": (gateways.event_gateway,),
    "receiveTask": (gateways.receive, activities.quantities),
    "multiInstanceLoopCharacteristics": (activities.multi_instance,),
}
