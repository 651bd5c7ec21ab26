"""Normalisation: the order in which jBPM asks the conditions of an exclusive gateway, which it writes at the flows.

Source: jBPM "Diverging gateways" (the constraint with the lowest priority is evaluated first).
"""

import re

from bpm.engine.bpmn.document import BpmnDocument, Element, children, parent_of
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import is_jbpm, vendor


def order_by_priority(document: BpmnDocument) -> None:
    """Flows out of an exclusive gateway change places where their priorities say another order than the file."""
    if not is_jbpm(document.root):
        return
    for gateway in document.all("exclusiveGateway"):
        scope = parent_of(gateway)
        flows = [flow for flow in children(scope, "sequenceFlow") if flow.get("sourceRef") == gateway.get("id")]
        priorities = [vendor(flow, "priority") for flow in flows]
        if len(set(priorities)) > 1 and all(re.fullmatch(r"\d{1,9}", each) for each in priorities if each):
            _reorder(scope, flows, [int(each or 0) for each in priorities])


def _reorder(scope: Element, flows: list[Element], priorities: list[int]) -> None:
    """Put the flows into the places that they hold together, the lowest priority first."""
    places = [scope.index(flow) for flow in flows]
    ordered = [flow for _priority, _place, flow in sorted(zip(priorities, places, flows, strict=True))]
    for flow in flows:
        scope.remove(flow)
    for place, flow in zip(places, ordered, strict=True):
        scope.insert(place, flow)
