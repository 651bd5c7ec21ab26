"""Compiling: the executable XML becomes process specs, through the library's parser with our classes for every tag.

Overridden: the library's parser follows flows recursively (chains of 500 elements end in a RecursionError), needs one
start and one end event in a subprocess, sorts by coordinates and wraps activities in splits and joins. Ours walks the
elements of a process once, in document order, and writes down what each says.
"""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.node_parser import NodeParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from bpm.engine.spiff import activities, deciding, events, gateways, scopes
from bpm.engine.spiff.elements import PROCESS, Element, Flow, Model, ProcessSpec
from bpm.errors import InvalidInputError

E_NS = "{urn:earshot:model:1}"
CLASSES: dict[str, type[Element]] = {
    "process": scopes.ProcessScope,
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
    "subProcess": scopes.SubProcess,
    "transaction": scopes.SubProcess,
    "callActivity": scopes.CallActivity,
}
THROWING = ("intermediateThrowEvent", "endEvent")
_EVENTS = "EventDefinition"


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
    sends = any(event["kind"] == "message" for event in model.events)
    if model.kind == "sendTask" and sends and not model.details.get("topic"):
        return events.SendTask
    if "rules" in model.details:
        return deciding.DecisionTask
    if model.details.get("passed"):
        return activities.PlainTask
    if model.kind in THROWING and sends and model.details.get("topic"):
        return activities.JobTask
    return CLASSES[model.kind]


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)


class ElementParser(NodeParser):  # type: ignore[misc]
    """Reads one element; the library asks for one parser class per tag."""

    def __init__(self, process_parser: "OurProcessParser", spec_class: type[Element], node: etree._Element) -> None:
        self.process_parser = process_parser
        self.spec_class = spec_class
        super().__init__(node, filename=process_parser.filename, lane="")
        self.lane = self._lane_around()

    def _lane_around(self) -> str | None:
        """The lane of the element, or of the subprocess around it."""
        node = self.node
        while node is not None and _tag(node) != "process":
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
            kind=_tag(node),
            name=node.get("name") or "",
            shown_as=node.get(f"{E_NS}id") or "",
            synthetic=node.get(f"{E_NS}synthetic") == "true",
            scope=parser.scope_of(node),
            lane=self.lane or None,
            incoming=tuple(flow.id for flow in parser.flows_to.get(self.bpmn_id, ())),
            flows=tuple(parser.flows_from.get(self.bpmn_id, ())),
            default=node.get("default"),
            events=tuple(self._events()),
            details=self._details(),
        )

    def _details(self) -> dict[str, Any]:
        node = self.node
        own = {name.removeprefix(E_NS): value for name, value in node.attrib.items() if name.startswith(E_NS)}
        details: dict[str, Any] = {name: own[name] for name in _OWN_TEXT if own.get(name)}
        for name in ("passAll", "returnAll"):
            if name in own:
                details[name] = own[name] == "true"
        for what, name in (("input", "inputs"), ("output", "outputs")):
            items = [{"name": i.get("name"), "expression": i.get("expression")} for i in node.iterfind(f"{E_NS}{what}")]
            if items:
                details[name] = items
        if (script := node.findtext(full_tag("script"))) is not None:
            details["script"] = script
        if own.get("decides"):
            named = None if own.get("decisionExpression") else own["decision"]
            details["rules"] = deciding.rules_for(self.process_parser.parser.root, named)
        if (loop := _loop(node, self.process_parser.parser.roots)) is not None:
            details["loop"] = loop
        details.update(self._by_kind(own))
        return details

    def _by_kind(self, own: Mapping[str, str]) -> dict[str, Any]:
        node, kind = self.node, _tag(self.node)
        details: dict[str, Any] = {name: True for name, (said, value) in _MARKS.items() if node.get(said) == value}
        for name in ("startQuantity", "completionQuantity"):
            if (node.get(name) or "1") != "1":
                details[name] = max(_number(node.get(name)), 1)
        if kind == "callActivity":
            details["called"] = node.get("calledElement") or own.get("calledElement")
            details["calledExpression"] = own.get("calledElementExpression")
        if kind == "complexGateway":
            details["activation"] = (node.findtext(full_tag("activationCondition")) or "").strip()
        if kind == "boundaryEvent":
            details["attached"] = node.get("attachedToRef")
            details["interrupting"] = node.get("cancelActivity", "true") == "true"
            details["handler"] = own.get("handler") or self.process_parser.handlers.get(self.bpmn_id)
        if kind == "startEvent":
            details["interrupting"] = node.get("isInterrupting", "true") == "true"
        return details

    def _events(self) -> Iterator[dict[str, Any]]:
        node, roots = self.node, self.process_parser.parser.roots
        for child in node:
            definition = child
            if _tag(child) == "eventDefinitionRef":
                definition = roots.get((child.text or "").strip().split(":")[-1])
            if definition is not None and _tag(definition).endswith(_EVENTS):
                event = _event(definition, roots)
                if event["kind"] != "link":
                    yield event
        if _tag(node) == "receiveTask" or (_tag(node) == "sendTask" and node.get("messageRef")):
            event = _named(node, roots, "message")
            yield event | {"event": event["event"] or self.bpmn_id}


_OWN_TEXT = (
    "topic", "retries", "retryIn", "group", "groupExpression", "assignee", "assigneeExpression", "form", "due",
    "dueExpression", "nameExpression", "initiator", "resultVariable", "decision", "decisionExpression",
    "mapResult", "needsHit",
)  # fmt: skip


_MARKS = {
    "triggered": ("triggeredByEvent", "true"),
    "instantiate": ("instantiate", "true"),
    "parallel": ("eventGatewayType", "Parallel"),
    "parallelMultiple": ("parallelMultiple", "true"),
    "passed": (f"{E_NS}passed", "true"),
}
"""Detail -> the attribute and value that stand for it."""


class OurProcessParser(ProcessParser):  # type: ignore[misc]
    """Reads one process with everything nested in it into one spec, in document order and without recursion."""

    def _parse(self) -> None:
        self.spec = ProcessSpec(self.bpmn_id, self.get_name())
        nodes = [node for node in self.node.iterdescendants() if self.parser._get_parser_class(node.tag)[0]]
        self.handlers = {
            a.get("sourceRef"): a.get("targetRef") for a in self.node.iterdescendants(full_tag("association"))
        }
        self._read_flows()
        details = {"undoTogether": True} if self.node.get(f"{E_NS}undoTogether") == "true" else {}
        model = Model(id=PROCESS, kind="process", name=self.get_name(), details=details)
        scopes.ProcessScope(self.spec, PROCESS, model)
        self.spec.start = self.spec.task_specs[PROCESS]
        for node in nodes:
            self.parse_node(node)
        self.spec.index()

    def parse_node(self, node: etree._Element) -> Element:
        """One element; raises KeyError for an id that is taken."""
        parser_class, spec_class = self.parser._get_parser_class(node.tag)
        return parser_class(self, spec_class, node).parse_node()  # type: ignore[no-any-return]

    def scope_of(self, node: etree._Element) -> str:
        """Id of the subprocess around a node."""
        parent = node.getparent()
        return PROCESS if parent is None or parent is self.node else parent.get("id") or ""

    def _read_flows(self) -> None:
        flows = [_flow(node) for node in self.node.iterdescendants(full_tag("sequenceFlow"))]
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
            ends.setdefault((self.scope_of(event), name, _tag(event)), []).append(event.get("id"))
        for (scope, name, kind), sources in ends.items():
            if kind == "intermediateThrowEvent":
                for target in ends.get((scope, name, "intermediateCatchEvent"), ())[:1]:
                    for source in sources:
                        yield Flow(f"link {source}", source, target)


class Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser with our classes for every tag and nothing else."""

    PARSER_CLASSES: ClassVar = {
        full_tag(kind): (ElementParser, cls) for kind, cls in CLASSES.items() if kind != "process"
    }
    PROCESS_PARSER_CLASS = OurProcessParser

    def add_bpmn_xml(self, bpmn: etree._ElementTree, filename: str | None = None) -> None:
        """Take in one executable file. Data stores, correlations and coordinates are no part of it."""
        self.root = bpmn.getroot()
        self.roots = {node.get("id"): node for node in self.root if node.get("id")}
        self._add_diagram_indexes(bpmn)
        for process in self.root.iterfind(full_tag("process")):
            process.set("isExecutable", "true")
            self.create_parser(process, filename)


def _tag(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _number(text: str) -> int:
    return int(text) if text.strip().isdigit() else 1


def _flow(node: etree._Element) -> Flow:
    condition = node.findtext(full_tag("conditionExpression"))
    return Flow(node.get("id") or "", node.get("sourceRef") or "", node.get("targetRef") or "", condition or None)


def _loop(node: etree._Element, roots: Mapping[str, etree._Element]) -> dict[str, Any] | None:
    standard = node.find(full_tag("standardLoopCharacteristics"))
    if standard is not None:
        return {
            "kind": "standard",
            "maximum": standard.get("loopMaximum"),
            "while": standard.findtext(full_tag("loopCondition")),
            "testBefore": standard.get("testBefore") == "true",
        }
    multi = node.find(full_tag("multiInstanceLoopCharacteristics"))
    if multi is None:
        return None
    return {
        "kind": "sequential" if multi.get("isSequential") == "true" else "parallel",
        "cardinality": multi.findtext(full_tag("loopCardinality")),
        "until": multi.findtext(full_tag("completionCondition")),
        **{
            name: multi.get(f"{E_NS}{name}")
            for name in ("collection", "elementVariable", "outputCollection", "outputElement")
        },
        **({"indexVariable": multi.get(f"{E_NS}indexVariable")} if multi.get(f"{E_NS}indexVariable") else {}),
        **_behavior(multi, roots),
    }


def _behavior(multi: etree._Element, roots: Mapping[str, etree._Element]) -> dict[str, Any]:
    """Which events the rounds throw by themselves: {throws: [{when: None | "first" | expression, event}]}."""
    throws = []
    for what, when in (("none", None), ("one", "first")):
        definition = roots.get((multi.get(f"{what}BehaviorEventRef") or "").split(":")[-1])
        if definition is not None and multi.get("behavior", "All").lower() == what:
            throws.append({"when": when, "event": _event(definition, roots)})
    if multi.get("behavior", "All").lower() == "complex":
        for part in multi.iterfind(full_tag("complexBehaviorDefinition")):
            condition = (part.findtext(full_tag("condition")) or "").strip()
            throws += [
                {"when": condition, "event": _event(definition, roots)}
                for definition in part.iterfind(f"{full_tag('event')}/*")
                if _tag(definition).endswith(_EVENTS)
            ]
    return {"throws": throws} if throws else {}


def _event(definition: etree._Element, roots: Mapping[str, etree._Element]) -> dict[str, Any]:
    kind = _tag(definition).removesuffix(_EVENTS)
    if kind == "timer":
        return _timer(definition)
    if kind in ("message", "signal"):
        return _named(definition, roots, kind)
    if kind in ("error", "escalation"):
        return _coded(definition, roots, kind)
    if kind == "terminate":
        ends = {"all": "terminateAll", "rounds": "terminateMultiInstance"}
        what = next((what for what, mark in ends.items() if definition.get(f"{E_NS}{mark}") == "true"), None)
        return {"kind": kind, "what": what} if what else {"kind": kind}
    if kind == "conditional":
        return {"kind": kind, "text": (definition.findtext(full_tag("condition")) or "").strip()}
    if kind == "compensate":
        return {"kind": kind, "activity": definition.get("activityRef") or None}
    return {"kind": kind}


def _coded(definition: etree._Element, roots: Mapping[str, etree._Element], kind: str) -> dict[str, Any]:
    """An error or escalation: what is thrown has a code, what catches without one takes any."""
    event: dict[str, Any] = {"kind": kind, "code": definition.get(f"{kind}Ref") or None}
    root = roots.get((definition.get(f"{kind}Ref") or "").split(":")[-1])
    if root is not None:
        event |= {"code": root.get(f"{kind}Code") or None, "name": root.get("name") or ""}
        thrower = definition.getparent()
        if event["code"] is None and thrower is not None and _tag(thrower) in THROWING:
            event["code"] = root.get("name") or root.get("id")
        if root.get(f"{E_NS}{kind}Message"):
            event["message"] = root.get(f"{E_NS}{kind}Message")
    for what in ("code", "message"):
        if variable := definition.get(f"{E_NS}{kind}{what.title()}Variable"):
            event[f"{what}Variable"] = variable
    return event


def _timer(definition: etree._Element) -> dict[str, Any]:
    for which in ("date", "duration", "cycle"):
        node = definition.find(full_tag(f"time{which.title()}"))
        if node is not None:
            text = (node.text or "").strip()
            return {
                "kind": "timer",
                "which": which,
                "text": text,
                "expression": node.get(f"{E_NS}expression"),
            }
    return {"kind": "timer", "which": "duration", "text": "", "expression": None}


def _named(node: etree._Element, roots: Mapping[str, etree._Element], kind: str) -> dict[str, Any]:
    reference = (node.get(f"{kind}Ref") or "").split(":")[-1]
    root = roots.get(reference)
    name = (root.get("name") or root.get("id")) if root is not None else reference
    event: dict[str, Any] = {"kind": kind, "event": name}
    if root is not None and root.get(f"{E_NS}nameExpression"):
        event["nameExpression"] = root.get(f"{E_NS}nameExpression")
    if root is not None and root.get(f"{E_NS}inside") == "true":
        event["inside"] = True
    if node.get(f"{E_NS}correlationKey"):
        event["key"] = node.get(f"{E_NS}correlationKey")
    return event


def all_classes() -> set[type[Element]]:
    """Every class of task spec that a model can lead to."""
    return {*CLASSES.values(), events.SendTask, deciding.DecisionTask}
