"""Compiling: the executable XML becomes process specs, through the library's parser with our classes for every tag.

Overridden: the library's parser follows flows recursively (chains of 500 elements end in a RecursionError), needs one
start and one end event in a subprocess, sorts by coordinates and wraps activities in splits and joins. Ours walks the
elements of a process once, in document order, and writes down what each says.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.node_parser import NodeParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from bpm.engine.spiff import library
from bpm.engine.spiff.runtime import gateways, subprocesses
from bpm.engine.spiff.runtime.activities import activities, business_rule_task
from bpm.engine.spiff.runtime.events import events
from bpm.engine.spiff.specs.definitions import (
    E_NS,
    EVENTS,
    THROWING,
    read_event,
    read_flow,
    read_named,
    tag_of,
)
from bpm.engine.spiff.specs.details_reader import read_details, read_process
from bpm.engine.spiff.specs.event_definitions import EventDefinition, EventKind
from bpm.engine.spiff.specs.model import PROCESS, Flow, Model
from bpm.engine.spiff.specs.process import Element, ProcessSpec
from bpm.foundation.errors import InvalidInputError

CLASSES: dict[str, type[Element]] = {
    "process": subprocesses.ProcessScope,
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "boundaryEvent": events.BoundaryEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "task": activities.PlainTask,
    "userTask": activities.PersonTask,
    "manualTask": activities.PersonTask,
    "serviceTask": activities.JobTask,
    "scriptTask": activities.JobTask,
    "businessRuleTask": activities.JobTask,
    "sendTask": activities.JobTask,
    "receiveTask": events.ReceiveTask,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "complexGateway": gateways.ComplexGateway,
    "eventBasedGateway": gateways.EventBasedGateway,
    "subProcess": subprocesses.SubProcess,
    "transaction": subprocesses.SubProcess,
    "callActivity": subprocesses.CallActivity,
}


def compile_specs(executable: bytes) -> dict[str, ProcessSpec]:
    """Process id -> spec, for every process of an executable file. Raises InvalidInputError that names the element."""
    parser = Parser()
    try:
        parser.add_bpmn_xml(etree.fromstring(executable, _xml_parser()).getroottree())
        return {name: parser.get_spec(name) for name in parser.process_parsers}
    except etree.XMLSyntaxError as error:
        raise InvalidInputError(f"The executable is no XML: {error.msg}.") from None
    except ValidationException as error:
        raise InvalidInputError(str(error), remedy="Give every process an id of its own.") from None
    except KeyError as error:
        name = str(error.args[0]).removeprefix("Duplicate task spec name: ")
        raise InvalidInputError(
            f"The element {name!r} does not exist or exists twice.",
            remedy="Give every element an id of its own and let every flow lead to one of them.",
        ) from None


def spec_for(name: str, model: Model, spec: ProcessSpec) -> Element:
    """The task spec of the right class for `model`, put into `spec`."""
    return class_of(model)(spec, name, model, lane=model.lane)


def class_of(model: Model) -> type[Element]:
    """Which of our classes runs an element; a sending element without an implementation throws its message itself."""
    sends = model.is_about(EventKind.MESSAGE)
    is_job = model.details.topic.said
    if model.kind == "sendTask" and sends and not is_job:
        return events.SendTask
    if model.details.value_expression is not None:
        return activities.ValueTask
    if model.details.rules is not None:
        return business_rule_task.DecisionTask
    if model.details.passed:
        return activities.PlainTask
    if model.kind in THROWING and sends and is_job:
        return activities.JobTask
    return CLASSES[model.kind]


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)


class ElementParser(NodeParser):  # type: ignore[misc]  # the library has no types
    """Reads one element; the library asks for one parser class per tag."""

    def __init__(self, process_parser: "OurProcessParser", spec_class: type[Element], node: etree._Element) -> None:
        self.process_parser = process_parser
        self.spec_class = spec_class
        super().__init__(node, filename=process_parser.filename, lane="")
        self.lane = self._lane_around()

    def _lane_around(self) -> str | None:
        """The lane of the element, or of the subprocess around it."""
        node = self.node
        while node is not None and tag_of(node) != "process":
            if lane := self.process_parser.get_lane_name(node.get("id")):
                return str(lane)
            node = node.getparent()
        return None

    def parse_node(self) -> Element:
        """The element as a task spec of its process."""
        return spec_for(self.bpmn_id, self.read(), self.process_parser.spec)

    def read(self) -> Model:
        """What the XML says about the element."""
        node, parser = self.node, self.process_parser
        return Model(
            id=self.bpmn_id,
            kind=tag_of(node),
            name=node.get("name") or "",
            shown_as=node.get(f"{E_NS}id") or "",
            synthetic=node.get(f"{E_NS}synthetic") == "true",
            scope=parser.scope_of(node),
            lane=self.lane or None,
            incoming=tuple(flow.id for flow in parser.flows_to.get(self.bpmn_id, ())),
            flows=tuple(parser.flows_from.get(self.bpmn_id, ())),
            default=node.get("default"),
            events=tuple(self._events()),
            details=read_details(
                node, parser.parser.root, parser.parser.roots, handler=parser.handlers.get(self.bpmn_id)
            ),
        )

    def _events(self) -> Iterator[EventDefinition]:
        node, roots = self.node, self.process_parser.parser.roots
        for child in node:
            definition = child
            if tag_of(child) == "eventDefinitionRef":
                definition = roots.get((child.text or "").strip().split(":")[-1])
            if definition is not None and tag_of(definition).endswith(EVENTS):
                event = read_event(definition, roots)
                if event.kind != EventKind.LINK:
                    yield event
        if tag_of(node) == "receiveTask" or (tag_of(node) == "sendTask" and node.get("messageRef")):
            event = read_named(node, roots, EventKind.MESSAGE)
            yield event if event.event else replace(event, event=self.bpmn_id)


class OurProcessParser(ProcessParser):  # type: ignore[misc]  # the library has no types
    """Reads one process with everything nested in it into one spec, in document order and without recursion."""

    def _parse(self) -> None:
        self.spec = ProcessSpec(self.bpmn_id, self.get_name())
        nodes = [node for node in self.node.iterdescendants() if node.tag in self.parser.PARSER_CLASSES]
        self.handlers = {
            a.get("sourceRef"): a.get("targetRef") for a in self.node.iterdescendants(full_tag("association"))
        }
        self._read_flows()
        model = Model(id=PROCESS, kind="process", name=self.get_name(), details=read_process(self.node))
        subprocesses.ProcessScope(self.spec, PROCESS, model)
        self.spec.start = self.spec.task_specs[PROCESS]
        for node in nodes:
            self.parse_node(node)
        self.spec.index()

    def parse_node(self, node: etree._Element) -> Element:
        """One element; raises KeyError for an id that is taken."""
        parser_class, spec_class = self.parser.PARSER_CLASSES[node.tag]
        return parser_class(self, spec_class, node).parse_node()  # type: ignore[no-any-return]  # the library has no types

    def scope_of(self, node: etree._Element) -> str:
        """Id of the subprocess around a node."""
        parent = node.getparent()
        return PROCESS if parent is None or parent is self.node else parent.get("id") or ""

    def _read_flows(self) -> None:
        flows = [read_flow(node) for node in self.node.iterdescendants(full_tag("sequenceFlow"))]
        flows += self._links()
        self.flows_from: dict[str, list[Flow]] = {}
        self.flows_to: dict[str, list[Flow]] = {}
        for flow in flows:
            self.flows_from.setdefault(flow.source, []).append(flow)
            self.flows_to.setdefault(flow.target, []).append(flow)

    def _links(self) -> Iterator[Flow]:
        """A link event is a flow that is not drawn (BPMN 2.0.2, 10.5.5): from each throw to its catching twin."""
        ends: dict[tuple[str, str, str], list[str]] = {}
        for definition in self.node.iterdescendants(full_tag("linkEventDefinition")):
            event = definition.getparent()
            name = definition.get("name") or event.get("name") or ""
            ends.setdefault((self.scope_of(event), name, tag_of(event)), []).append(event.get("id"))
        for (scope, name, kind), sources in ends.items():
            if kind == "intermediateThrowEvent":
                for target in ends.get((scope, name, "intermediateCatchEvent"), ())[:1]:
                    for source in sources:
                        yield Flow(f"link {source}", source, target)


class Parser(BpmnParser):  # type: ignore[misc]  # the library has no types
    """The library's parser with our classes for every tag and nothing else."""

    PARSER_CLASSES: ClassVar = {
        full_tag(kind): (ElementParser, cls) for kind, cls in CLASSES.items() if kind != "process"
    }
    PROCESS_PARSER_CLASS = OurProcessParser

    def add_bpmn_xml(self, bpmn: etree._ElementTree, filename: str | None = None) -> None:
        """Take in one executable file. Data stores, correlations and coordinates are no part of it."""
        self.root = bpmn.getroot()
        self.roots = {node.get("id"): node for node in self.root if node.get("id")}
        library.index_lanes_and_shapes(self, bpmn)
        for process in self.root.iterfind(full_tag("process")):
            process.set("isExecutable", "true")
            self.create_parser(process, filename)


def all_classes() -> set[type[Element]]:
    """Every class of task spec that a model can lead to."""
    return {*CLASSES.values(), events.SendTask, business_rule_task.DecisionTask, activities.ValueTask}
