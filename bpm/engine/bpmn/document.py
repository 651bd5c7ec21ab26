"""The model while it is being normalised: an XML tree, what was found so far, and ways to look at and change it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bpm.engine.bpmn import consumed
from bpm.engine.bpmn.model import Fact
from bpm.engine.decisions import Decision
from bpm.engine.expressions import tagged
from bpm.engine.findings import Finding, Severity
from bpm.engine.rules.call_guards import GuardMark
from bpm.engine.xml import MODEL
from bpm.foundation.texts import _

EARSHOT = "urn:earshot:model:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

TASKS = frozenset(
    ["task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask"]
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset(["exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"])
EVENTS = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
NODES = ACTIVITIES | GATEWAYS | EVENTS

MAX_SHOWN = 300

Element = etree._Element  # noqa: SLF001 -- lxml names its public element type so


def tag(name: str) -> str:
    """The BPMN element name with its namespace."""
    return f"{{{MODEL}}}{name}"


def own(name: str) -> str:
    """An attribute or element name of our own namespace."""
    return f"{{{EARSHOT}}}{name}"


def kind(element: Element) -> str:
    """The BPMN element name without namespace; "" for elements of other namespaces, comments and the like."""
    if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{MODEL}}}"):
        return ""
    return element.tag[len(MODEL) + 2 :]


def local(name: Any) -> str:
    """An element's or attribute's name without namespace, of whatever namespace."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def children(element: Element, *kinds: str) -> list[Element]:
    """Direct BPMN children of the given kinds, in document order."""
    return [child for child in element if kind(child) in kinds]


def child(element: Element, name: str) -> Element | None:
    """The first direct BPMN child of that kind."""
    return element.find(tag(name))


def text_of(element: Element | None) -> str:
    """All text inside the element, stripped; comments left out."""
    if element is None:
        return ""
    if consumed.is_foreign(element):
        consumed.mark(element)
    return "".join([element.text or "", *(part.tail or "" for part in element)]).strip()


def drawn_id(element: Element) -> str:
    """The id as written in the file, also after a rename."""
    return element.get(own("id")) or element.get("id") or ""


def parent_of(element: Element) -> Element:
    """The element around this one, which must not be the root."""
    parent = element.getparent()
    if parent is None:
        raise LookupError(f"<{local(element.tag)}> stands alone.")
    return parent


def line_of(element: Element | None) -> int:
    """1-based line in the uploaded file; for elements of ours that of the nearest one from the file; else 0."""
    while element is not None:
        line = element.sourceline
        if isinstance(line, int) and line:
            return line
        element = element.getparent()
    return 0


def event_definitions(event: Element) -> list[Element]:
    """The event definitions of an event, in document order."""
    return [part for part in event if kind(part).endswith("EventDefinition")]


def label(element: Element) -> str:
    """What people call the element: its name, else its id."""
    return " ".join((element.get("name") or "").split()) or element.get("id", "")


@dataclass
class BpmnDocument:
    """A model on its way to the executable form; passes change `root` and tell about it by `note`."""

    root: Element
    findings: list[Finding] = field(default_factory=list)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Element id -> JSON Schema of the form that asks for its variables."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schemas of forms that came beside the model, by the key or element that they are for."""
    suggested: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Element id -> JSON Schema made for a task that has no form, see `asking`."""
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    """Element id -> what a person needs to know there."""
    guards: dict[str, list[GuardMark]] = field(default_factory=dict)
    """Element id -> call guards that the model declares there."""
    written: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    """Element id -> (what, expression as written, as executed)."""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """Decisions that came with the model, by id."""
    meant_to_run: bool = False
    """Whether a process of the file is marked as executable: then nothing is guessed that would not be as drawn."""
    engine_of_people: str = ""
    """The engine that the file is for, if plain tasks wait for people there: ProcessMaker or Flows for APEX."""
    _fresh: int = 0

    def note(
        self,
        code: str,
        severity: Severity,
        element: Element | None,
        message: str,
        remedy: str = "",
        *,
        before: str = "",
        after: str = "",
    ) -> None:
        """Tell the designer about an element; `element` None means the file itself."""
        owner = self.named(element) if element is not None else None
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                message=_shortened(message),
                remedy=_shortened(remedy) or "Nothing needs to be done.",
                element=drawn_id(owner)[:MAX_SHOWN] if owner is not None else "",
                name=" ".join((owner.get("name") or "").split())[:MAX_SHOWN] if owner is not None else "",
                line=line_of(element),
                before=before[:500],
                after=after[:500],
            )
        )

    def named(self, element: Element) -> Element:
        """The element itself or the nearest one around it that a designer can click on."""
        while element.getparent() is not None and not (
            kind(element) in NODES
            or kind(element) in ("sequenceFlow", "process", "message", "signal", "error", "escalation", "lane")
        ):
            element = parent_of(element)
        return element

    def fresh_id(self, what: str) -> str:
        """An id that no file uses."""
        self._fresh += 1
        return f"_e_{what}_{self._fresh}"

    def processes(self) -> list[Element]:
        return children(self.root, "process")

    def scopes(self) -> Iterator[Element]:
        """Every process and subprocess, outer ones first."""
        for process in self.processes():
            yield process
            yield from process.iter(*(tag(name) for name in SUBPROCESSES))

    def nodes(self) -> Iterator[Element]:
        """Every flow node of every process, in document order."""
        for process in self.processes():
            for element in process.iter():
                if kind(element) in NODES:
                    yield element

    def all(self, *kinds: str) -> list[Element]:
        """Every element of these kinds in the file, in document order."""
        return list(self.root.iter(*(tag(name) for name in kinds)))

    def add_node(self, scope: Element, what: str, *, near: Element | None = None) -> Element:
        """A node of ours in a scope; `near` is the node for whose sake it is there."""
        node = etree.SubElement(scope, tag(what))
        node.set("id", self.fresh_id(what))
        node.set(own("synthetic"), "true")
        if near is not None:
            node.set(own("for"), near.get("id", ""))
        return node

    def add_flow(self, scope: Element, source: Element, target: Element) -> Element:
        flow = etree.SubElement(scope, tag("sequenceFlow"))
        flow.set("id", self.fresh_id("flow"))
        flow.set("sourceRef", source.get("id", ""))
        flow.set("targetRef", target.get("id", ""))
        flow.set(own("synthetic"), "true")
        return flow

    def outgoing(self, scope: Element) -> dict[str, list[Element]]:
        """Node id -> flows that leave it, in document order."""
        return self._flows(scope, "sourceRef")

    def incoming(self, scope: Element) -> dict[str, list[Element]]:
        """Node id -> flows that enter it, in document order."""
        return self._flows(scope, "targetRef")

    def _flows(self, scope: Element, end: str) -> dict[str, list[Element]]:
        flows: dict[str, list[Element]] = {}
        for flow in children(scope, "sequenceFlow"):
            flows.setdefault(flow.get(end, ""), []).append(flow)
        return flows

    def executed(self, element: Element, what: str, before: str, after: str) -> None:
        """Remember an expression of the element as written, and what runs in its place where that is another text."""
        owner = self.named(element)
        self.written.setdefault(owner.get("id", ""), []).append((what, before, tagged.written(after)))
        for remark in tagged.remarks_on(after):
            self.note(
                "feel-always-null",
                "warning",
                element,
                _("The %(what)s of %(element)r has a part that always comes to null: %(remark)s.")
                % {"what": what, "element": label(owner), "remark": remark},
                _("Correct the call or the value; null is not true in a condition, and nothing elsewhere."),
                before=before,
            )
        for remark in tagged.beyond_reach(after):
            self.note(
                "feel-out-of-reach",
                "warning",
                element,
                _("The %(what)s of %(element)r has a part that cannot be computed: %(remark)s.")
                % {"what": what, "element": label(owner), "remark": remark},
                _("Use a value that can be held: who comes here gets a failure."),
                before=before,
            )


def _shortened(text: str) -> str:
    """A message that quotes something very long, without its middle."""
    return text if len(text) <= 3 * MAX_SHOWN else f"{text[: 2 * MAX_SHOWN]} ... {text[-MAX_SHOWN:]}"


def remove(element: Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
