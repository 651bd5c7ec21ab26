"""A thing of a model as a tree without what has no meaning, so that two of them can be compared to the last letter.

What has no meaning: `MEANINGLESS` and `DEFAULTS` list it, and nothing else is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from bpm.engine.differences.trees import Node
from bpm.engine.differences.units import FLOWS, Element, Model, Unit, is_unit, local_of, reference
from bpm.engine.xml import MODEL

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
DRAWING = (
    "http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
)  # fmt: skip
"""Namespaces of the drawing, which is compared for itself."""
MEANINGLESS = {
    "definitions": ("id", "exporter", "exporterVersion", f"{XSI}schemaLocation", f"{XSI}noNamespaceSchemaLocation"),
    "collaboration": ("id",),
}
"""Element -> attributes that say who wrote the file, not what it means."""
KEPT_IDS = frozenset(
    {"dataInput", "dataOutput", "inputDataItem", "outputDataItem", "loopDataInput", "loopDataOutput", "property"}
)
"""Parts whose id is the name of a variable; of all other parts of BPMN it is made by the tool."""
DEFAULTS = {
    "startQuantity": "1", "completionQuantity": "1", "isForCompensation": "false", "isSequential": "false",
    "cancelActivity": "true", "isInterrupting": "true", "parallelMultiple": "false", "triggeredByEvent": "false",
    "instantiate": "false", "gatewayDirection": "Unspecified", "isCollection": "false", "processType": "None",
    "textFormat": "text/plain", "behavior": "All", "isUnlimited": "true", "eventGatewayType": "Exclusive",
    "associationDirection": "None", "waitForCompletion": "true", "testBefore": "false",
}  # fmt: skip
"""Attribute of BPMN -> the value that it has where it is not written (OMG BPMN 2.0.2, the XML schemas)."""
INSIDE, LANE, TYPE = " inside", " lane", " type"
"""Names of what a unit is told beside its attributes; no file can write them."""
_XSD = "http://www.w3.org/2001/XMLSchema"
_BOOLEANS = {"1": "true", "0": "false"}
_KEYS = ("key", "target", "name", "variable", "id", "event", "eventType", "metaKey", "attributeName", "businessKey")
"""Attributes of vendors' elements that tell one from its like, the surest first."""
_BPMN_KEYS = frozenset(
    {"dataInput", "dataOutput", "property", "resourceParameterBinding", "correlationPropertyBinding"}
)
_ACROSS = frozenset({"list", "map"})
_MARKUP = frozenset({"documentation", "text", "script"})


@dataclass(frozen=True)
class Reader:
    """Reads nodes of one file; `renamed` brings ids of the older file to those of the newer one."""

    model: Model
    parts: Mapping[str, str]
    """Id of a part -> the way to it, which stays when a tool writes new ids."""
    renamed: Mapping[str, str]

    def unit(self, unit: Unit) -> Node:
        """The unit with the lanes it is in and what is around it, without the units inside it."""
        node = self.node(unit.element)
        told = {INSIDE: self._id(unit.inside)} if unit.inside else {}
        lanes = self.model.lanes.get(unit.id, ())
        told |= {LANE: ", ".join(self._id(lane) for lane in lanes)} if lanes else {}
        told |= {TYPE: unit.type}
        # An id of ours stands for one that the file does not give.
        attributes = {name: value for name, value in node.attributes.items() if name != "id"}
        return Node(node.name, "", {**attributes, **told}, node.text, node.children)

    def node(self, element: Element) -> Node:
        local = local_of(element)
        attributes = dict(self._attributes(element))
        text, children = self._content(element)
        space = "" if local else etree.QName(element).namespace or "-"
        name = local or etree.QName(element).localname
        return Node(name, space, attributes, text, children, _key_of(element, attributes), name in _ACROSS)

    def _id(self, value: str) -> str:
        return self.renamed.get(value, self.parts.get(value, value))

    def _attributes(self, element: Element) -> Iterator[tuple[str, str]]:
        local = local_of(element)
        left_out = MEANINGLESS.get(local, ())
        for name, value in element.attrib.items():
            key, written = str(name), str(value)
            if key in left_out or (local and key == "id" and local not in KEPT_IDS and not is_unit(element)):
                continue
            written = self._value(key, written, element)
            if not (local and DEFAULTS.get(key) == written):
                yield _without_language(key), written

    def _value(self, key: str, written: str, element: Element) -> str:
        plain, local = key.rpartition("}")[2], local_of(element)
        if key == f"{XSI}type" or (local and (plain.endswith("Ref") or plain == "default")):
            return self._reference(written, element)
        if plain.endswith("Ref"):
            return self._id(written)
        is_boolean = bool(local) and (DEFAULTS.get(key) in ("true", "false") or key == "isExecutable")
        return _BOOLEANS.get(written, written) if is_boolean else written

    def _reference(self, written: str, element: Element) -> str:
        """The id that is meant; of another namespace with the name of that, unless the file has that id itself."""
        plain = reference(written, element)
        known = self._id(plain)
        if known != plain or plain in self.model.units or plain == written.strip():
            return known
        space = element.nsmap[written.strip().partition(":")[0]]
        here = (MODEL, self.model.root.get("targetNamespace"))
        return plain if space in here else f"{'xsd:' if space == _XSD else f'{space} '}{plain}"

    def _content(self, element: Element) -> tuple[str, tuple[Node, ...]]:
        children = [each for each in element if isinstance(each.tag, str)]
        local = local_of(element)
        text = "".join([element.text or "", *(each.tail or "" for each in element)]).strip()
        if children and (text or local in _MARKUP):
            return _as_markup(element).strip(), ()
        if local.endswith(("Ref", "Refs")) or local in ("source", "target"):
            text = self._reference(text, element)
        return text, tuple(self.node(each) for each in children if self._belongs(each, element))

    def _belongs(self, part: Element, owner: Element) -> bool:
        local = local_of(part)
        if is_unit(part) or str(part.tag).startswith(tuple(f"{{{space}}}" for space in DRAWING)):
            return False
        if local in ("incoming", "outgoing"):
            return not self._is_end(reference(part.text, part), owner, local)
        if local == "flowNodeRef":
            return reference(part.text, part) not in self.model.units
        return not (local in ("laneSet", "childLaneSet") and not _says_more(part))

    def _is_end(self, flow: str, node: Element, local: str) -> bool:
        """Whether the flow itself says the same; else the line says something that the drawing does not."""
        unit = self.model.units.get(flow)
        if unit is None or unit.type not in FLOWS:
            return False
        return (unit.target if local == "incoming" else unit.source) == (node.get("id") or "").strip()


def reader(model: Model, renamed: Mapping[str, str]) -> Reader:
    """A reader of that model."""
    return Reader(model, dict(_ways(model, renamed)), renamed)


def _ways(model: Model, renamed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Id of each part that is no unit -> a way to it: the unit that it is in, what it is, the how-manieth."""
    counts: dict[tuple[str, str], int] = {}
    for element in model.root.iter(f"{{{MODEL}}}*"):
        local, key = local_of(element), element.get("id")
        if not key or key in model.units or local in KEPT_IDS:
            continue
        owner = element.getparent()
        while owner is not None and not is_unit(owner):
            owner = owner.getparent()
        around = "" if owner is None or local_of(owner) == "definitions" else owner.get("id") or ""
        around = renamed.get(around, around)
        counts[around, local] = counts.get((around, local), 0) + 1
        yield key, f"{local} {counts[around, local]} of {around}"


def _says_more(lanes: Element) -> bool:
    """Whether a set of lanes says anything beside its lanes."""
    told = set(lanes.attrib) - {"id"}
    return bool(told) or any(isinstance(each.tag, str) and not is_unit(each) for each in lanes)


def _without_language(name: str) -> str:
    return name.removeprefix(f"{{{MODEL}}}")


def _key_of(element: Element, attributes: Mapping[str, str]) -> str:
    local = local_of(element)
    if local:
        found = attributes.get("name") or attributes.get("id") if local in _BPMN_KEYS else ""
        return found or ""
    plain = {name.rpartition("}")[2]: value for name, value in attributes.items()}
    return next((plain[name] for name in _KEYS if plain.get(name)), "")


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    return ((str(key), str(value)) for key, value in element.attrib.items())


def _as_markup(element: Element) -> str:
    """Text with markup inside, written without prefixes and namespaces."""
    parts = [element.text or ""]
    for each in element:
        if isinstance(each.tag, str):
            name = etree.QName(each).localname
            told = "".join(f' {etree.QName(key).localname}="{value}"' for key, value in sorted(_attributes(each)))
            parts.append(f"<{name}{told}>{_as_markup(each)}</{name}>")
        parts.append(each.tail or "")
    return "".join(parts)
