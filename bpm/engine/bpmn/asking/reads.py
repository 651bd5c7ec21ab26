"""What one element of an executable model reads and writes, and what its expressions do with what they read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bpm.engine.bpmn.asking.decision_uses import uses_of_decision
from bpm.engine.bpmn.document import EARSHOT, NODES, BpmnDocument, Element, children, kind, own, tag, text_of
from bpm.engine.expressions import scripts, tagged
from bpm.engine.expressions.uses import ITEM, Path, Use, uses_of, uses_of_script
from bpm.engine.expressions.uses.use import Evidence
from bpm.engine.rules.variables import COUNTERS
from bpm.foundation.errors import ExpressionError

_TEXTS: Mapping[str, Evidence] = {
    "conditionExpression": "boolean",
    "loopCondition": "boolean",
    "completionCondition": "boolean",
    "condition": "boolean",
    "activationCondition": "boolean",
    "loopCardinality": "integer",
}
_TIMES: Mapping[str, Evidence] = {"timeDate": "date-time", "timeDuration": "duration", "timeCycle": "text"}
_SETTINGS: Mapping[str, Evidence] = {
    "dueExpression": "date-time", "followUpExpression": "date-time", "retriesExpression": "integer",
    "priorityExpression": "number", "collection": "list", "assigneeExpression": "text", "groupExpression": "text",
    "topicExpression": "text", "formExpression": "text", "decisionExpression": "text", "nameExpression": "text",
    "correlationKey": "text",
}  # fmt: skip
_READING = re.compile(rf"\{{{re.escape(EARSHOT)}\}}(expression|collection|outputElement|correlationKey|\w+Expression)")
_LATE = frozenset({"output", "outputElement", "completionCondition", "loopCondition", "after"})
"""What is read once the element has done its work."""

GIVEN = frozenset(
    {
        *COUNTERS,
        *("activationCount", "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances"),
        *("numberOfTerminatedInstances", "true", "false", "null", "execution", "task", "variables", "decisionResult"),
        *("decisionRow", "loopDataOutput"),
    }
)
"""Names that engines give themselves."""


@dataclass(frozen=True)
class Read:
    """A use of a variable, and the element that a person would be shown as its place."""

    use: Use
    element: Element
    text: str
    """As the author wrote it."""

    @property
    def root(self) -> str:
        return self.use.path[0]


@dataclass(frozen=True)
class Reads:
    """What an element reads before it does its work, and after."""

    early: tuple[Read, ...]
    late: tuple[Read, ...]


def reads_of(document: BpmnDocument, node: Element) -> Reads:
    """Everything that the element itself reads, without what stands inside a subprocess."""
    early: list[Read] = []
    late: list[Read] = []
    for part, is_late in _parts(node):
        for text, uses in _texts(part):
            found = [Read(use, node, text) for use in uses]
            (late if is_late or text.startswith(_OUTPUT) else early).extend(
                replace(f, text=_shown(text)) for f in found
            )
    early += [Read(use, node, f"decision {node.get(own('decision'))}") for use in _decided(document, node)]
    known = _named_inside(node)
    return Reads(tuple(_outside(early, known)), tuple(_outside(late, known)))


_OUTPUT = "\0"
"""Marks the text of an attribute that is read late."""


def _shown(text: str) -> str:
    return text.removeprefix(_OUTPUT)


def _parts(node: Element, *, is_late: bool = False) -> Iterator[tuple[Element, bool]]:
    """The element and what belongs to it, flow nodes and flows inside a subprocess left out."""
    yield node, is_late
    for part in node:
        if isinstance(part.tag, str) and kind(part) not in NODES | {"sequenceFlow", "laneSet", "documentation"}:
            late = is_late or kind(part) in _LATE or part.tag in (own("output"), own("after"))
            yield from _parts(part, is_late=late)


def _texts(element: Element) -> Iterator[tuple[str, tuple[Use, ...]]]:
    what = kind(element)
    if what in _TEXTS and (text := text_of(element)):
        yield tagged.written(text), uses_of(text, _TEXTS[what])
    if what == "scriptTask":
        source = "".join(part.text or "" for part in children(element, "script"))
        yield source.strip(), uses_of_script(source)
    if element.tag in (own("before"), own("after")):
        yield (element.text or "").strip(), uses_of_script(element.text or "")
    if element.tag in (own("input"), own("output")) and (text := element.get("expression", "")):
        yield tagged.written(text), uses_of(text)
    for name, value in element.attrib.items():
        if found := _READING.fullmatch(str(name)):
            expected = _TIMES.get(what) if found[1] == "expression" else _SETTINGS.get(found[1])
            text = tagged.written(str(value))
            yield (_OUTPUT + text if found[1] in _LATE else text), uses_of(str(value), expected or "any")


def _decided(document: BpmnDocument, node: Element) -> Iterator[Use]:
    decision = node.get(own("decision"), "")
    if node.get(own("decides")) and decision in document.decisions:
        yield from uses_of_decision(document.decisions, decision)


def _named_inside(node: Element) -> dict[str, Path | None]:
    """Names that stand for something else here: items of the loops around, {name: path of an item, None: unknown}."""
    known: dict[str, Path | None] = {}
    around: Element | None = node
    while around is not None and kind(around) != "definitions":
        for loop in children(around, "multiInstanceLoopCharacteristics"):
            name, path = loop.get(own("elementVariable"), ""), path_of(loop.get(own("collection"), ""))
            if name:
                known.setdefault(name, (*path, ITEM) if path else None)
        if around is not node:
            known.update({part.get("name", ""): None for part in around.iterchildren(own("input"))} | known)
        around = around.getparent()
    return known


def path_of(text: str) -> Path | None:
    """The path where an expression is nothing but a variable, or an entry of one."""
    try:
        names = tagged.parse(text).names
    except ExpressionError:
        return None
    uses = uses_of(text) if len(names) == 1 else ()
    plain = len(uses) == 1 and re.sub(r"[^\w.]", "", tagged.written(text)) == ".".join(uses[0].path)
    return uses[0].path if plain else None


def _outside(found: list[Read], known: Mapping[str, Path | None]) -> Iterator[Read]:
    """The reads of variables; those of a loop's item as reads of the list."""
    for read in found:
        root, *rest = read.use.path
        if root not in known:
            if root not in GIVEN:
                yield read
        elif (path := known[root]) is not None:
            yield replace(read, use=replace(read.use, path=(*path, *rest)))


@dataclass(frozen=True)
class Writes:
    """What an element surely writes, and whether it may bring anything else."""

    names: frozenset[str]
    brings_more: bool = False


def writes_of(document: BpmnDocument, node: Element) -> Writes:
    """What comes out of an element: results, mappings, variables of scripts, answers of rules; forms left out."""
    names = {part.get("name", "") for part in node.iterchildren(own("output"))}
    result = node.get(own("resultVariable"), "")
    names |= {result} if result else set()
    for loop in children(node, "multiInstanceLoopCharacteristics"):
        names |= {loop.get(own("outputCollection"), "")}
    sources = [part.text or "" for part in node.iter(own("before"), own("after"))]
    if kind(node) == "scriptTask":
        sources += ["".join(part.text or "" for part in children(node, "script"))]
    for source in sources:
        names |= _bound(source)
    decision = document.decisions.get(node.get(own("decision"), "")) if node.get(own("decides")) else None
    if decision is not None and not result and not names:
        names |= {decision.id} if decision.collects else set(decision.outputs)
    maps = bool(list(node.iterchildren(own("output")))) or bool(result)
    return Writes(frozenset(names - {""}), _brings(node) and not maps)


def _brings(node: Element) -> bool:
    """Whether a worker, a message or a called process may bring variables that the model does not name."""
    works = node.get(own("topic")) or node.get(own("topicExpression"))
    if kind(node) == "serviceTask" or kind(node) == "businessRuleTask":
        return bool(works) and not node.get(own("decides"))
    if kind(node) == "callActivity":
        return node.get(own("returnAll")) != "false"
    if kind(node) == "receiveTask":
        return True
    catches = kind(node) in ("startEvent", "intermediateCatchEvent", "boundaryEvent")
    return catches and any(True for _ in node.iterchildren(tag("messageEventDefinition"), tag("signalEventDefinition")))


def _bound(source: str) -> set[str]:
    try:
        return scripts.bound_names(source)
    except ExpressionError:
        return set()
