"""Decisions compared: tables rule by rule, columns, expressions, requirements, and all else of a DMN file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bpm.engine.differences.json_values import RULE, joined
from bpm.engine.differences.model import Change, Difference
from bpm.engine.differences.trees import CELL, Node, Step, Way, compare, leaves
from bpm.engine.differences.words import in_words
from bpm.engine.xml import read_xml
from bpm.foundation.errors import RefusedError
from bpm.foundation.texts import _

Element = etree._Element  # noqa: SLF001 -- lxml names its public element type so

DRAWING = ("DMNDI", "DiagramElement", "DMNShape", "DMNEdge", "DMNDiagram")
_DRAWN_BY = ("http://bpmn.io/schema/dmn/biodi", "http://www.omg.org/spec/DMN/20180521/D", "http://www.omg.org/spec/DMN/20191111/DMNDI",
             "http://www.omg.org/spec/DMN/20230324/DMNDI", "http://www.omg.org/spec/DMN/20180521/DI")  # fmt: skip
MEANINGLESS = frozenset({"id", "exporter", "exporterVersion", "schemaLocation"})
"""Attributes of the file itself that say who wrote it."""
_WORDS = {
    RULE: _("rule"), CELL: "", "column": _("column"), "result": _("result"), "@hitPolicy": _("hit policy"),
    "@aggregation": _("aggregation"), "inputExpression": _("expression"), "literalExpression": _("expression"),
    "@typeRef": _("type"), "@name": _("name"), "@label": _("label"), "outputValues": _("possible values"),
    "inputValues": _("possible values"), "question": _("question"), "allowedAnswers": _("allowed answers"),
    "informationRequirement": _("needs"), "knowledgeRequirement": _("calls"), "authorityRequirement": _("source"),
    "variable": _("variable"), "contextEntry": _("entry"), "description": _("description"), "@order": _("order"),
    "defaultOutputEntry": _("answer without a rule"), "businessKnowledgeModel": _("function"), "annotation": _("note"),
    "@file": _("file"),
}  # fmt: skip
_HIDDEN = frozenset(
    {"decisionTable", "text", "requiredDecision", "requiredInput", "requiredKnowledge", CELL, "requiredAuthority"}
)
_REQUIREMENTS = frozenset({"informationRequirement", "knowledgeRequirement", "authorityRequirement"})
_COLUMNS = {"input": "column", "output": "result", "annotation": "annotation"}
_DEFAULTS = {"preferredOrientation": "Rule-as-Row"}


@dataclass(frozen=True)
class _Part:
    """Something of a DMN file that has a name: a decision, a function, an input, a type, or the file itself."""

    file: str
    element: Element

    @property
    def name(self) -> str:
        return self.element.get("name") or self.element.get("id") or self.file


def compare_decisions(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Difference:
    """The decisions of all files by their ids; one that went to another file is the same."""
    old, not_old = _parts(before)
    new, not_new = _parts(after)
    problems = {**not_old, **not_new}
    both = _ids(old) & _ids(new)
    changed, kept = [], []
    for key, part in new.items():
        if key in old:
            found = list(_changes(old[key], part, _Reading(both, _names(old)), _Reading(both, _names(new))))
            changed += found
            kept += [] if found else [Change("decision", part.name, element=_id(part))]
    return Difference(
        kept=tuple(each for each in kept if each.element),
        changed=tuple(changed),
        added=tuple(
            _whole(part, _Reading(both, _names(new)), came=True) for key, part in new.items() if key not in old
        ),
        removed=tuple(
            _whole(part, _Reading(both, _names(old)), came=False) for key, part in old.items() if key not in new
        ),
        not_compared=tuple(f"{name}: {why}" for name, why in problems.items()),
    )


def _parts(files: Mapping[str, bytes]) -> tuple[dict[tuple[str, str], _Part], dict[str, str]]:
    """{(kind, id or name): part}, and {file: why it cannot be read}"""
    parts: dict[tuple[str, str], _Part] = {}
    problems: dict[str, str] = {}
    for name, source in files.items():
        try:
            root = read_xml(source)
        except RefusedError as error:
            problems[name] = error.message
            continue
        parts["", name] = _Part(name, root)
        for element in root:
            if isinstance(element.tag, str) and _stands_alone(element):
                key = element.get("id") or element.get("name") or str(len(parts))
                parts[_local(element), key if (_local(element), key) not in parts else f"{name} {key}"] = _Part(
                    name, element
                )
    return parts, problems


def _stands_alone(element: Element) -> bool:
    return _local(element) not in (*DRAWING, "description", "extensionElements", "import")


def _local(element: Element) -> str:
    return etree.QName(element).localname


def _id(part: _Part) -> str:
    return "" if part.element.getparent() is None else part.element.get("id") or part.element.get("name") or ""


def _ids(parts: Mapping[Any, _Part]) -> set[str]:
    return {each.get("id", "") for part in parts.values() for each in part.element.iter("{*}input", "{*}output")} - {""}


def _names(parts: Mapping[Any, _Part]) -> dict[str, str]:
    return {part.element.get("id") or "": part.name for part in parts.values()}


@dataclass(frozen=True)
class _Reading:
    """Reads one of the two sides; `both` holds the ids of columns that both have, `names` what ids are called."""

    both: set[str]
    names: Mapping[str, str]

    def part(self, part: _Part) -> Node:
        attributes = {name: value for name, value in self._attributes(part.element) if name not in MEANINGLESS}
        if part.element.getparent() is None:
            children = tuple(
                self.node(each)
                for each in part.element
                if isinstance(each.tag, str) and not _stands_alone(each) and not _is_drawn(each)
            )
            version = {"language": etree.QName(part.element).namespace or ""}
            return Node("definitions", attributes={**attributes, **version}, children=children)
        node = self.node(part.element)
        return Node(
            node.name, attributes={**node.attributes, "file": part.file}, text=node.text, children=node.children
        )

    def node(self, element: Element) -> Node:
        name = _local(element)
        children = [each for each in element if isinstance(each.tag, str) and not _is_drawn(each)]
        if name == "decisionTable":
            return self._table(element, children)
        text = "".join([element.text or "", *(each.tail or "" for each in element)]).strip()
        if name == "text" and children:
            text, children = "".join(str(each) for each in element.itertext()).strip(), []
        key = children[0].get("href") or "" if name in _REQUIREMENTS and children else ""
        if name == "contextEntry":
            key = next((each.get("name") or "" for each in children if _local(each) == "variable"), "")
        label = self.names.get(key.removeprefix("#"), key)
        across = name in ("list", "relation", "row", "invocation", "for", "context")
        inner = tuple(self.node(each) for each in children)
        return Node(name, "", dict(self._attributes(element)), text, inner, key, across, label)

    def _attributes(self, element: Element) -> Iterator[tuple[str, str]]:
        for name, value in element.attrib.items():
            plain = etree.QName(name)
            is_tools = any(str(plain.namespace or "").startswith(space) for space in _DRAWN_BY)
            if (
                plain.localname not in ("id", "schemaLocation")
                and not is_tools
                and _DEFAULTS.get(plain.localname) != value
            ):
                yield plain.localname if not plain.namespace else str(name), str(value)

    def _table(self, table: Element, children: list[Element]) -> Node:
        """A table in which each cell goes by the name of its column."""
        columns: dict[str, list[tuple[str, str]]] = {
            kind: [self._column(each, number) for number, each in enumerate(_of(children, kind), 1)]
            for kind in _COLUMNS
        }
        nodes: list[Node] = []
        number = 0
        for child in children:
            name = _local(child)
            if name == "rule":
                number += 1
                nodes.append(self._rule(child, columns, number))
            elif name in _COLUMNS:
                key, label = columns[name][_of(children, name).index(child)]
                node = self.node(child)
                nodes.append(Node(_COLUMNS[name], "", node.attributes, node.text, node.children, key, label=label))
            else:
                nodes.append(self.node(child))
        policy = {"hitPolicy": "UNIQUE"}  # OMG DMN 1.5 §8.2.10: the one that counts where none is written
        return Node("decisionTable", "", {**policy, **dict(self._attributes(table))}, "", tuple(nodes))

    def _column(self, column: Element, number: int) -> tuple[str, str]:
        """(key, label)"""
        expression = " ".join(
            str(each).strip() for part in column.iter("{*}inputExpression") for each in part.itertext()
        ).strip()
        label = column.get("label") or column.get("name") or expression or str(number)
        key = column.get("id") or ""
        return (key if key in self.both else expression or label), label

    def _rule(self, rule: Element, columns: Mapping[str, list[tuple[str, str]]], number: int) -> Node:
        cells: list[Node] = []
        places = dict.fromkeys(_COLUMNS, 0)
        for each in rule:
            if not isinstance(each.tag, str):
                continue
            kind = _local(each).removesuffix("Entry")
            node = self.node(each)
            if kind not in _COLUMNS:
                cells.append(node)
                continue
            place, places[kind] = places[kind], places[kind] + 1
            key, label = columns[kind][place] if place < len(columns[kind]) else (str(place), str(place + 1))
            text = "; ".join(text for _way, text in leaves(node, (node.step,)))
            cells.append(
                Node(
                    CELL,
                    "",
                    node.attributes,
                    text if node.children or node.text else "",
                    (),
                    f"{kind} {key}",
                    label=label,
                )
            )
        return Node(RULE, "", dict(self._attributes(rule)), "", tuple(cells), "", label=str(number), whole=True)


def _of(children: list[Element], kind: str) -> list[Element]:
    return [each for each in children if _local(each) == kind]


def _is_drawn(element: Element) -> bool:
    return _local(element) in DRAWING


def _changes(old: _Part, new: _Part, before: _Reading, after: _Reading) -> Iterator[Change]:
    one, other = before.part(old), after.part(new)
    for delta in compare(one, other) if one != other else ():
        words = in_words(*(_called(each, side) for each, side in ((delta.before, before), (delta.after, after))))
        yield Change("decision", new.name, _label(delta.way), delta.before, delta.after, _id(new), words)
    if _drawing(old.element) != _drawing(new.element):
        yield Change("decision", new.name, _("moved on the drawing"), "", new.file, "", new.file)


def _called(text: str, side: _Reading) -> str:
    return side.names.get(text.removeprefix("#"), text) if text.startswith("#") else text


def _label(way: Way) -> str:
    if way and way[-1].name == CELL:
        return cell_property(way[-2].key, way[-1].key)
    return joined(way, _WORDS, hidden=_HIDDEN) or _("contents")


def cell_property(rule: str, column: str) -> str:
    """What a changed cell of a table is called."""
    return _("rule %(number)s, “%(column)s”") % {"number": rule, "column": column}


def _drawing(element: Element) -> list[str]:
    if element.getparent() is not None:
        return []
    return [
        etree.tostring(each, method="c14n").decode()
        for each in element
        if isinstance(each.tag, str) and _is_drawn(each)
    ]


def _whole(part: _Part, side: _Reading, *, came: bool) -> Change:
    node = side.part(part)
    rules = sum(1 for each in part.element.iter("{*}rule"))
    told = (
        [_("%(number)s rules") % {"number": rules}]
        if rules
        else [
            f"{_label(way)}: {text}"
            for child in node.children
            for way, text in leaves(child, (Step(child.name, child.key),))
        ]
    )
    text = "; ".join([part.file, *told])
    return Change("decision", part.name, "", "" if came else text, text if came else "", _id(part), text)
