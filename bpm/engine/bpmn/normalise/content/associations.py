"""Normalisation: data associations of tasks and events become mappings; what is only drawn is named.

BPMN 2.0.2, 10.4.2: an input association copies variables into a data input of the element before it begins, an output
association copies a data output into a variable once it is done; a transformation or assignments compute the value.
jBPM and Kogito write constants and `#{...}` where the standard has expressions. An association that ends at the
element itself, as drawing tools make it, is a picture, and so is every one in a model that is not meant to run.
"""

import re
from dataclasses import dataclass

from bpm.engine.bpmn.document import (
    ACTIVITIES,
    EVENTS,
    BpmnDocument,
    Element,
    child,
    children,
    kind,
    label,
    own,
    tag,
    text_of,
)
from bpm.engine.bpmn.normalise.content.data_types import typed_literal
from bpm.engine.bpmn.normalise.content.expressions import expressed, is_expression, variable_named
from bpm.engine.bpmn.normalise.content.mappings import put_mapping
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import is_camunda_family, is_jbpm, is_zeebe, variable_names
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_SYSTEM = frozenset(
    {
        *("TaskName", "NodeName", "Priority", "Comment", "Description", "Skippable", "Content", "Locale", "CreatedBy"),
        *("ActorId", "GroupId", "ExcludedOwnerId", "BusinessAdministratorId", "BusinessAdministratorGroupId"),
        *("NotStartedReassign", "NotCompletedReassign", "NotStartedNotify", "NotCompletedNotify"),
    }
)
"""Inputs by which jBPM sets up a user task; they are no data."""
_ASKED = {"ActorId": "assignee", "GroupId": "group"}
_LATE = "nobody is told, and nobody else is put in charge, when it is late"
_LOST = {
    **dict.fromkeys(("NotStartedReassign", "NotCompletedReassign", "NotStartedNotify", "NotCompletedNotify"), _LATE),
    "ExcludedOwnerId": "whoever it excludes may do it all the same",
}
"""Inputs of that kind that change what happens, and what becomes of them."""
_PATH = re.compile(r"(?P<name>[^\W\d]\w*)(?:\.(?P<at>[^\W\d]\w*(?:\.[^\W\d]\w*)*))?")
_LITERAL = re.compile(r"""-?\d+(?:\.\d+)?|true|false|null|True|False|None|"[^"\\]*"|'[^'\\]*'""")


_KINDS = ("dataInputAssociation", "dataOutputAssociation")
_WITH_WORDS = ("conditionExpression", "script", "from", "transformation", "condition", "completionCondition")
_DATA = frozenset(
    {
        *("property", "dataObject", "dataObjectReference", "dataInput", "dataOutput"),
        *("itemDefinition", "inputDataItem", "outputDataItem"),
    }
)


def read_associations(document: BpmnDocument) -> None:
    """Associations of elements as e:input and e:output, with e:keeps where only what is associated leaves."""
    data, used = _Data.of(document), set[str]()
    for node in document.all(*ACTIVITIES, *EVENTS):
        associations = children(node, *_KINDS)
        if not associations:
            continue
        reader = _Reader(document, node, data)
        left = [part for part in associations if not (document.meant_to_run and reader.read(part))]
        used |= reader.used
        if left:
            _name(document, node, left, has_data=bool(reader.inputs or reader.outputs))
    document.findings[:] = [f for f in document.findings if f.code != "data-not-executed" or f.element not in used]


@dataclass(frozen=True)
class _Data:
    """What the ends of associations may refer to in a file."""

    variables: dict[str, str]
    """Id -> name of properties and data objects."""
    declared: dict[str, Element]
    """Id or name -> the property or data object."""
    others: frozenset[str]
    """Ids of what is no data: stores, tasks."""
    has_constants: bool
    """Whether assignments hold constants, as jBPM writes them, rather than expressions."""
    keeps: bool
    """Whether only what is associated leaves an element: Camunda and Flowable copy it beside all other results."""

    @classmethod
    def of(cls, document: BpmnDocument) -> "_Data":
        parts = [part for part in document.root.iter() if kind(part)]
        declared = {
            name: part for part in parts if kind(part) in _DATA for name in (part.get("id"), part.get("name")) if name
        }
        others = frozenset(part.get("id", "") for part in parts if kind(part) not in _DATA)
        keeps = not (is_camunda_family(document.root) or is_zeebe(document.root))
        return cls(_variables(document, parts), declared, others, is_jbpm(document.root), keeps)


def _variables(document: BpmnDocument, parts: list[Element]) -> dict[str, str]:
    """Id -> variable: of the names and ids of a property or data object the one that expressions use, else the name."""
    texts = (text_of(part) for part in parts if kind(part) in _WITH_WORDS)
    words = {word for text in texts for word in re.findall(r"[^\W\d]\w*", text)}
    objects = {part.get("id", ""): part for part in parts if kind(part) == "dataObject"}
    found = variable_names(document.root)
    for part in parts:
        if kind(part) in ("property", "dataObject", "dataObjectReference"):
            shared = objects.get(part.get("dataObjectRef", ""))
            owners = [part] if shared is None else [shared, part]
            names = [name for end in ("name", "id") for owner in owners if (name := owner.get(end, "")).isidentifier()]
            found[part.get("id", "")] = next((name for name in names if name in words), next(iter(names), ""))
    return found


class _Reader:
    """Reads the associations of one element."""

    def __init__(self, document: BpmnDocument, node: Element, data: _Data) -> None:
        self.draft, self.node, self.data = document, node, data
        places = [node, *children(node, "ioSpecification")]
        self.inputs = {part.get("id", ""): part for at in places for part in children(at, "dataInput")}
        self.outputs = {part.get("id", ""): part for at in places for part in children(at, "dataOutput")}
        loops = children(node, "multiInstanceLoopCharacteristics")
        items = [part for loop in loops for part in children(loop, "inputDataItem", "outputDataItem")]
        self.variables = data.variables | {part.get("id", ""): label(part) for part in items}
        self.of_rounds = {
            text_of(part) for loop in loops for part in children(loop, "loopDataInputRef", "loopDataOutputRef")
        }
        self.used: set[str] = set()

    def read(self, association: Element) -> bool:
        """Whether the association is executed."""
        what = "input" if kind(association) == "dataInputAssociation" else "output"
        sources = [text_of(part) for part in children(association, "sourceRef")]
        target = text_of(child(association, "targetRef"))
        inner = [target] if what == "input" else sources
        assignments = children(association, "assignment")
        if self.of_rounds & {*inner} or self._says_nothing(association, sources, target):
            return True
        try:
            if assignments:
                done = [self._assign(what, part, sources, target) for part in assignments]
                return all(done)
            if kind(self.node) == "callActivity" and child(association, "transformation") is None:
                # What a call copies, `calls` reads.
                return bool(sources and target)
            return self._copy(what, association, sources, target)
        except ExpressionError:
            return False

    def _says_nothing(self, association: Element, sources: list[str], target: str) -> bool:
        """jBPM's editors write an association for every input, also where nobody has given a value."""
        values = [text_of(part) for part in association.iter(tag("from"), tag("transformation"))]
        return target in self.inputs and not sources and not any(values)

    def _copy(self, what: str, association: Element, sources: list[str], target: str) -> bool:
        transformation = text_of(child(association, "transformation"))
        if what == "input":
            if target not in self.inputs or not (sources or transformation):
                return False
            name = label(self.inputs[target])
            if transformation:
                return self._put_input(name, transformation, expressed(transformation, use="value"), sources)
            there = self._variable(sources[0])
            return bool(there) and self._put_input(name, there, variable_named(there), sources)
        there = self._variable(target)
        if not there or not sources or sources[0] not in self.outputs:
            return False
        if transformation:
            return self._put_output(there, target, transformation, expression=expressed(transformation, use="value"))
        name = label(self.outputs[sources[0]])
        whole = len(self.outputs) == 1 and kind(self.node) not in ("userTask", "manualTask")
        return self._put_output(there, target, name, came=name, whole="true" if whole else "")

    def _assign(self, what: str, assignment: Element, sources: list[str], target: str) -> bool:
        text, to = text_of(child(assignment, "from")), text_of(child(assignment, "to"))
        to = re.sub(r"^[$#]\{\s*|\s*\}$", "", to) or target
        if not text:
            return False
        if what == "input":
            part = self.inputs.get(to, self.inputs.get(target))
            name = label(part) if part is not None else to
            return self._put_input(name, text, self._value(text, part), sources)
        if target in self.data.others:
            return False
        if (given := self._output_named(text, sources)) is not None:
            return self._put_output(self.variables.get(to, to), target, text, came=label(given))
        value = self._value(text, self.data.declared.get(to))
        return self._put_output(self.variables.get(to, to), target, text, expression=value)

    def _output_named(self, text: str, sources: list[str]) -> Element | None:
        """The data output whose value an assignment takes, where its text names one: `#{approved}`, `approved`."""
        text = re.sub(r"^[$#]\{\s*|\s*\}$", "", text)
        named = [part for part in self.outputs.values() if text in (part.get("id"), part.get("name"))]
        return next((part for part in named if part.get("id") in sources), named[0] if named else None)

    def _value(self, text: str, part: Element | None) -> str:
        """The value of an assignment: an expression, or a constant; a text where nothing else fits."""
        if is_expression(text):
            return expressed(text)
        if literal := typed_literal(text, part):
            return expressed(literal, use="value")
        if self.data.has_constants:
            return expressed(text)
        if re.fullmatch(r"[^\W\d]\w*", text) and not _LITERAL.fullmatch(text):
            return expressed(f"variable({text!r}) if has_variable({text!r}) else {text!r}", use="value")
        try:
            return expressed(text, use="value")
        except ExpressionError:
            return expressed(text)

    def _variable(self, reference: str) -> str:
        """The variable that an end of an association stands for; "" for what is none: a store, an element."""
        if reference in self.variables:
            return self.variables[reference]
        return "" if not _PATH.fullmatch(reference) or reference in self.data.others else reference

    def _put_input(self, name: str, before: str, expression: str, sources: list[str]) -> bool:
        self.used |= set(sources)
        if kind(self.node) == "userTask" and name in _SYSTEM:
            if name in _LOST:
                _note_lost(self.draft, self.node, name, before)
            what = _ASKED.get(name, "")
            if what and not any(self.node.get(own(f"{what}{end}")) for end in ("", "Expression")):
                self.node.set(own(f"{what}Expression"), expression)
            return True
        put_mapping(self.draft, self.node, "input", name, before, expression=expression)
        if kind(self.node) in ("endEvent", "intermediateThrowEvent"):
            self.node.set(own("carries"), "true")
        return True

    def _put_output(self, to: str, target: str, before: str, **said: str) -> bool:
        path = _PATH.fullmatch(to)
        if path is None:
            return False
        self.used.add(target)
        put_mapping(self.draft, self.node, "output", path["name"], before, at=path["at"] or "", **said)
        if kind(self.node) != "callActivity" and self.data.keeps:
            self.node.set(own("keeps"), "true")
        return True


def _note_lost(document: BpmnDocument, task: Element, name: str, before: str) -> None:
    document.note(
        "setting-not-used",
        "warning",
        task,
        _("%(task)r sets %(name)s, which is not used here: %(effect)s.")
        % {"task": label(task), "name": name, "effect": _LOST[name]},
        _("Draw what it does: a timer at the task, or a group that has the right people."),
        before=before,
    )


def _name(document: BpmnDocument, node: Element, left: list[Element], *, has_data: bool) -> None:
    ends = [text_of(part) for association in left for part in children(association, "sourceRef", "targetRef")]
    many = len(left) > 1
    document.note(
        "association-not-executed",
        "warning" if document.meant_to_run and has_data and kind(node) != "callActivity" else "info",
        node,
        f"{len(left)} data association{'s' if many else ''} of {label(node)!r} {'are' if many else 'is'} displayed, but"
        " nothing is copied.",
        "Pass data as variables, or name a data input or output of the element and a property or data object.",
        before=", ".join(filter(None, ends)),
    )
