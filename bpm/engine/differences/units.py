"""The things of a model that people know by name: which there are, what each is called, and what is around it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from bpm.engine.differences.model import Kind
from bpm.engine.xml import MODEL
from bpm.foundation.texts import _

Element = etree._Element  # noqa: SLF001 -- lxml names its public element type so

FLOWS = frozenset({"sequenceFlow", "messageFlow", "association"})
_SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess", "collaboration", "choreography",
                     "subChoreography", "globalConversation", "subConversation"})  # fmt: skip
_PARTS = FLOWS | {
    "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "group", "lane", "participant",
    "callActivity", "choreographyTask", "callChoreography", "conversation", "callConversation", "conversationLink",
    "subProcess", "transaction", "adHocSubProcess", "subChoreography", "subConversation", "implicitThrowEvent", "event",
}  # fmt: skip
_NO_ROOTS = frozenset({"documentation", "extensionElements", "import", "extension", "relationship"})
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(FLOWS, "flow"),
    **{name: name for name in ("process", "lane", "message", "signal", "error", "escalation")},
    "collaboration": "process",
    "definitions": "setting",
}
_TYPES = {
    "task": _("Task"), "userTask": _("User task"), "manualTask": _("Manual task"), "serviceTask": _("Service task"),
    "scriptTask": _("Script task"), "sendTask": _("Send task"), "receiveTask": _("Receive task"),
    "businessRuleTask": _("Business rule task"), "callActivity": _("Call activity"), "subProcess": _("Subprocess"),
    "transaction": _("Transaction"), "adHocSubProcess": _("Ad-hoc subprocess"), "startEvent": _("Start event"),
    "endEvent": _("End event"), "intermediateCatchEvent": _("Catch event"),
    "intermediateThrowEvent": _("Throw event"), "boundaryEvent": _("Boundary event"),
    "exclusiveGateway": _("Exclusive gateway"), "inclusiveGateway": _("Inclusive gateway"),
    "parallelGateway": _("Parallel gateway"), "eventBasedGateway": _("Event gateway"),
    "complexGateway": _("Complex gateway"), "sequenceFlow": _("Flow"), "messageFlow": _("Message flow"),
    "association": _("Association"), "lane": _("Lane"), "participant": _("Pool"), "process": _("Process"),
    "collaboration": _("Collaboration"), "message": _("Message"), "signal": _("Signal"), "error": _("Error"),
    "escalation": _("Escalation"), "dataObject": _("Data object"), "dataObjectReference": _("Data object"),
    "dataStore": _("Data store"), "dataStoreReference": _("Data store"), "textAnnotation": _("Note"),
    "group": _("Group"), "definitions": _("The file"), "itemDefinition": _("Data type"),
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """One thing of a model."""

    id: str
    """As written; of one without an id a name of ours that begins with a blank."""
    type: str
    """BPMN element name."""
    element: Element
    inside: str = ""
    """Id of the process, subprocess, lane or collaboration around it."""
    name: str = ""
    source: str = ""
    target: str = ""

    @property
    def kind(self) -> Kind:
        return _KINDS.get(self.type, "element")


@dataclass(frozen=True)
class Model:
    """A BPMN file by its units."""

    root: Element
    units: Mapping[str, Unit]
    lanes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a node -> ids of the lanes that list it."""
    out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a node -> ids of the flows out of it, in the order of the file."""

    def called(self, key: str) -> str:
        """What people call the unit: its name, of a flow its ends, else what it is."""
        unit = self.units.get(key)
        if unit is None:
            return key
        if unit.type in FLOWS and not unit.name:
            return f"{self._end(unit.source)} → {self._end(unit.target)}"
        if unit.type == "definitions":
            return _("The file")
        return unit.name or (f"{type_in_words(unit.type)} {unit.id}".rstrip() if unit.kind != "process" else unit.id)

    def _end(self, key: str) -> str:
        unit = self.units.get(key)
        return unit.name or f"{type_in_words(unit.type)} {unit.id}" if unit else key or "?"


def type_in_words(type_: str) -> str:
    """What an element is, as people say it; a rare one by its own name."""
    return _TYPES.get(type_, type_)


def local_of(element: Element) -> str:
    """Its name where it belongs to BPMN, else "": comments and vendors' elements have none."""
    tag = element.tag
    return tag[len(MODEL) + 2 :] if isinstance(tag, str) and tag.startswith(f"{{{MODEL}}}") else ""


def is_unit(element: Element) -> bool:
    """Whether the element stands for itself and is no part of the one around it."""
    local, parent = local_of(element), element.getparent()
    if not local:
        return False
    if parent is None:
        return True
    if local_of(parent) == "definitions":
        return local not in _NO_ROOTS
    if local == "lane":
        return local_of(parent) in ("laneSet", "childLaneSet")
    is_node = local.endswith(("Task", "Event", "Gateway")) or local == "task"
    return (is_node or local in _PARTS) and local_of(parent) in _SCOPES


def read_model(root: Element) -> Model:
    """The units of a file, in the order that they are written."""
    units: dict[str, Unit] = {}
    lanes: dict[str, tuple[str, ...]] = {}
    out: dict[str, tuple[str, ...]] = {}
    for element in root.iter(f"{{{MODEL}}}*"):
        if not is_unit(element):
            continue
        unit = _unit(element, _free_key(element, units), units)
        units[unit.id] = unit
        if unit.type == "sequenceFlow":
            out[unit.source] = (*out.get(unit.source, ()), unit.id)
        for node in _listed(element) if unit.type == "lane" else ():
            lanes[node] = (*lanes.get(node, ()), unit.id)
    return Model(root, units, lanes, out)


def _unit(element: Element, key: str, units: Mapping[str, Unit]) -> Unit:
    around = element.getparent()
    while around is not None and not is_unit(around):
        around = around.getparent()
    inside = "" if around is None or local_of(around) == "definitions" else around.get("id") or ""
    ends = (reference(element.get(name), element) for name in ("sourceRef", "targetRef"))
    source, target = ends if local_of(element) in FLOWS else ("", "")
    return Unit(key, local_of(element), element, inside, _name_of(element), source, target)


def _name_of(element: Element) -> str:
    if local_of(element) == "textAnnotation":
        text = "".join(str(part) for each in element if local_of(each) == "text" for part in each.itertext())
        return " ".join(text.split())[:60]
    return " ".join((element.get("name") or "").split())


def _free_key(element: Element, units: Mapping[str, Unit]) -> str:
    """The id; a second one of the same id, and one without, get a key that no file can write."""
    local = local_of(element)
    key = "" if local in ("definitions", "collaboration") else element.get("id") or ""
    if key and key not in units:
        return key
    return next(free for number in range(len(units) + 2) if (free := f" {key or local} {number}") not in units)


def _listed(lane: Element) -> Iterator[str]:
    for part in lane:
        if local_of(part) == "flowNodeRef":
            yield reference(part.text, part)


def reference(value: str | None, at: Element) -> str:
    """The id that is meant: without white space and without the prefix of a namespace that is declared there."""
    text = (value or "").strip()
    prefix, colon, rest = text.partition(":")
    return rest if colon and prefix in at.nsmap else text
