"""Which variables a model reads that nothing in it writes: what its start has to bring, and what is misspelt."""

import ast
import builtins
import re
from collections.abc import Iterator
from typing import NamedTuple

from bpm.engine import decisions
from bpm.engine.bpmn.document import EARSHOT, BpmnDocument, Element, kind, label, own, tag, text_of
from bpm.engine.expressions import scripts, tagged
from bpm.foundation.errors import ExpressionError

_TEXTS = ("conditionExpression", "loopCondition", "loopCardinality", "completionCondition", "condition")
_READING = re.compile(rf"\{{{re.escape(EARSHOT)}\}}(expression|collection|outputElement|correlationKey|\w+Expression)")
_WRITING = re.compile(
    rf"\{{{re.escape(EARSHOT)}\}}(resultVariable|outputCollection|elementVariable|decision|\w+Variable)"
)
_GIVEN = frozenset(
    {
        *("loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "activationCount"),
        *("numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"),
        *("true", "false", "null", "execution", "task", "variables", "decisionResult", "decisionRow"),
    }
)
"""Names that the engine itself gives, and those of other engines that have findings of their own."""


class Read(NamedTuple):
    """A variable that an expression or script of an element reads."""

    element: Element
    name: str
    text: str


def note_unknown_variables(document: BpmnDocument) -> None:
    """One warning for each name that looks like a slip of a written one, and what the start of each process brings."""
    written = written_names(document)
    for process in document.processes():
        reads = (*_reads(process), *_of_decisions(document, process))
        missing = [read for read in reads if read.name not in written | _GIVEN]
        slips: set[str] = set()
        for read in missing:
            meant = next((name for name in sorted(written) if _is_slip(read.name, name)), None)
            if meant and read.name not in slips:
                slips.add(read.name)
                _note_slip(document, read, meant)
        asked = _asked_of_people(document)
        names = sorted({read.name for read in missing} - slips - asked)
        if not _is_written_from_outside(document, process):
            _note_conditions(document, [read for read in missing if read.name in names])
        if names:
            _note_expected(document, process, names)


def _asked_of_people(document: BpmnDocument) -> set[str]:
    """What forms that were made for tasks ask; one that was made for a start is for starts by hand alone."""
    starts = {start.get("id", "") for start in document.all("startEvent")}
    forms = [form for element, form in document.suggested.items() if element not in starts]
    return {name for form in forms for name in form.get("properties", {})}


def _note_slip(document: BpmnDocument, read: Read, meant: str) -> None:
    owner = document.named(read.element)
    document.note(
        "unknown-variable",
        "warning",
        read.element,
        f"{label(owner)!r} reads the variable {read.name!r}, which nothing in the model writes; {meant!r} is written.",
        f"Write {meant} if that is meant, or bring {read.name} when the process starts.",
        before=read.text,
    )


def _is_written_from_outside(document: BpmnDocument, process: Element) -> bool:
    """Whether a form that is no part of the model, a worker, a message or a called process may write any variable."""
    return any(
        (node.get(own("form"), "") and node.get("id", "") not in document.forms)
        or node.get(own("topic"))
        or node.get(own("topicExpression"))
        or kind(node) in {"callActivity", "receiveTask", "messageEventDefinition", "signalEventDefinition"}
        for node in process.iter()
        if isinstance(node.tag, str)
    )


def _note_conditions(document: BpmnDocument, missing: list[Read]) -> None:
    """One warning for each variable on which a flow depends and that nothing writes, at the first such flow."""
    told: set[str] = set()
    for read in missing:
        if kind(read.element) != "conditionExpression" or read.name in told:
            continue
        told.add(read.name)
        document.note(
            "condition-reads-unwritten",
            "warning",
            read.element,
            f"The condition of {label(document.named(read.element))!r} reads the variable {read.name!r}, which nothing"
            " in the model writes.",
            f"Ask for {read.name} in a form before it, or see to it that whoever starts the process brings it.",
            before=read.text,
        )


def _note_expected(document: BpmnDocument, process: Element, names: list[str]) -> None:
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    document.note(
        "variables-expected",
        "info",
        process,
        f"Nothing that is drawn in {label(process)!r} writes {shown}: its start, a worker, a message or a person has to"
        " bring them.",
        "Ask for them in a form, or see to it that whoever starts the process brings them.",
        after=", ".join(names),
    )


def _is_slip(name: str, other: str) -> bool:
    """Whether two names differ only in case and underscores, or in one letter of many that is no number or plural."""
    plain, plain_other = (text.replace("_", "").casefold() for text in (name, other))
    if plain == plain_other:
        return True
    if min(len(plain), len(plain_other)) < 6 or abs(len(plain) - len(plain_other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(plain, plain_other, strict=False)) if a != b), None)
    if start is None or start == 0:
        return False
    rest, rest_other = plain[start:], plain_other[start:]
    swapped = rest[:2] == rest_other[1::-1] and rest[2:] == rest_other[2:]
    one = rest[1:] == rest_other[1:] or rest[1:] == rest_other or rest == rest_other[1:]
    return (
        (swapped or one)
        and not (rest[:1] + rest_other[:1]).isdigit()
        and not re.search(r"\d", rest[:1] + rest_other[:1])
    )


def _reads(process: Element) -> Iterator[Read]:
    for element in process.iter():
        if not isinstance(element.tag, str):
            continue
        if kind(element) in _TEXTS:
            yield from _of_expression(element, text_of(element))
        if kind(element) == "scriptTask":
            yield from _of_script(element, "".join(part.text or "" for part in element.iter(tag("script"))))
        if element.tag in (own("before"), own("after")):
            yield from _of_script(element, element.text or "")
        for name, value in element.attrib.items():
            if _READING.fullmatch(str(name)):
                yield from _of_expression(element, str(value))


def _of_decisions(document: BpmnDocument, process: Element) -> Iterator[Read]:
    """What the decisions that came with the model read."""
    for task in process.iter(tag("businessRuleTask"), tag("serviceTask")):
        decision = task.get(own("decision"), "")
        if task.get(own("decides")) and decision in document.decisions:
            for name in decisions.variables_of(document.decisions, decision):
                yield Read(task, name, f"decision {decision}")


def _of_expression(element: Element, text: str) -> Iterator[Read]:
    try:
        names = tagged.parse(text).names
    except ExpressionError:
        return
    yield from (Read(element, name, tagged.written(text)) for name in sorted(names))


def _of_script(element: Element, source: str) -> Iterator[Read]:
    """Names that a script reads and does not bind anywhere itself."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)} | set(dir(builtins))
    bound |= {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    yield from (Read(element, name, source.strip()) for name in sorted({node.id for node in names} - bound))


def written_names(document: BpmnDocument) -> set[str]:
    """Names of variables that forms, mappings, results, scripts, loops and data of the model write."""
    return set(_written(document))


def _written(document: BpmnDocument) -> Iterator[str]:
    for form in document.forms.values():
        yield from form.get("properties", {})
    for decision in document.decisions.values():
        yield from (decision.id, *decision.outputs)
    for element in document.root.iter():
        if isinstance(element.tag, str):
            yield from _written_at(element)


def _written_at(element: Element) -> Iterator[str]:
    if element.tag in (own("input"), own("output")):
        yield element.get("name", "")
    if kind(element) == "scriptTask":
        yield from _bound("".join(part.text or "" for part in element.iter(tag("script"))))
    if element.tag in (own("before"), own("after")):
        yield from _bound(element.text or "")
    if kind(element) in ("dataObject", "dataObjectReference", "property", "dataInput", "dataOutput"):
        yield from (element.get("id", ""), element.get("name", ""))
    yield from (str(value) for name, value in element.attrib.items() if _WRITING.fullmatch(str(name)))


def _bound(source: str) -> set[str]:
    try:
        return scripts.bound_names(source)
    except ExpressionError:
        return set()
