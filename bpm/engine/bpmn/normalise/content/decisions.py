"""Normalisation: which tasks decide by rules that came with the model, and what becomes of the result.

Camunda 7 keeps a list of rows unless told otherwise, Zeebe one variable, Flowable the outputs themselves.
"""

import re
from collections.abc import Sequence

import orjson
from lxml import etree

from bpm.engine import decisions
from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import BpmnDocument, Element, label, own, text_of
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, vendor
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError

MAPPINGS = frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"})


def read_decisions(document: BpmnDocument) -> None:
    """e:decision names the decision; e:decides says that its rules are in the file, and e:mapResult what it gives."""
    for task in document.all("businessRuleTask", "serviceTask"):
        decision = _named(task)
        if not decision:
            continue
        task.set(own("decision"), decision)
        if document.decisions and _bind_computed(document, task, decision):
            continue
        if decision not in document.decisions:
            document.note(
                "decision-missing",
                "warning",
                task,
                f"The decision {decision!r} of {label(task)!r} did not come with the model; it is a job that a worker"
                " does.",
                f"Upload the DMN file of {decision!r} together with the model, or register a worker for this topic.",
            )
            continue
        _bind(task)
        if len(document.decisions[decision].outputs) and not document.decisions[decision].collects:
            _read_as_row(task, document.decisions[decision].outputs)
        document.executed(task, "decision", decision, document.decisions[decision].name)
        document.note(
            "decision-bound",
            "info",
            task,
            f"{label(task)!r} decides by {document.decisions[decision].name!r} as it came with this version, inside the"
            " step.",
        )


def _bind(task: Element) -> None:
    task.set(own("decides"), "true")
    if is_true(_field(task, "decisionTaskThrowErrorOnNoHits")):
        task.set(own("needsHit"), "true")
    if mapping := _mapping(task):
        task.set(own("mapResult"), mapping)


def _bind_computed(document: BpmnDocument, task: Element, decision: str) -> bool:
    """A decision that an expression names is one of those that came with the model."""
    if "${" not in decision and "#{" not in decision and not decision.startswith("="):
        return False
    try:
        after = translate(decision, use="template")
    except ExpressionError:
        return False
    _bind(task)
    task.set(own("decisionExpression"), after)
    document.executed(task, "decision", decision, after)
    document.note(
        "decision-computed",
        "info",
        task,
        f"{label(task)!r} decides by the decision that {decision!r} names then, out of those that came with this"
        f" version: {', '.join(sorted(document.decisions))}.",
        before=decision,
    )
    return True


_SINGLE = re.compile(r"\bdecisionResult\.(?:get(?:Single|First)Result\(\)|(?:single|first)Result\b)")
_ENTRY = re.compile(r"\bdecisionResult\.(?:getSingleEntry\(\)|singleEntry\b)")
_ROWS = re.compile(r"\bdecisionResult\.(?:getResultList\(\)|resultList\b)")


def _read_as_row(task: Element, outputs: Sequence[str]) -> None:
    """What Camunda 7's result can be asked for in output mappings, where one row at most can be there."""
    for part in extensions(task, "outputParameter"):
        text = part.text or ""
        if "decisionResult" not in text:
            continue
        text = _ROWS.sub("decisionResult", _SINGLE.sub("decisionRow", text))
        part.text = _ENTRY.sub(f"decisionRow.{outputs[0]}", text) if len(outputs) == 1 else text


def _named(task: Element) -> str:
    """The decision that a task names; "" when it names none."""
    if not str(task.tag).endswith("businessRuleTask") and vendor(task, "type") != "dmn":
        return ""
    decision = vendor(task, "decisionRef") or vendor(task, "ruleFlowGroup") or vendor(task, "decisionTableReferenceKey")
    for called in extensions(task, "calledDecision", "calledDecisionId"):
        decision = decision or called.get("decisionId") or text_of(called)
    for name in ("decisionTableReferenceKey", "decisionServiceReferenceKey"):
        decision = decision or _field(task, name)
    return decision.strip()


def _field(task: Element, name: str) -> str:
    """A setting of Flowable's fields: inside a child element, or as an attribute."""
    for field in extensions(task, "field"):
        if field.get("name") == name:
            return (text_of(next(iter(field), None)) or field.get("stringValue", "")).strip()
    return ""


def _mapping(task: Element) -> str:
    said = vendor(task, "mapDecisionResult")
    if said in MAPPINGS:
        return said
    return "resultList" if vendor(task, "decisionRef") and vendor(task, "resultVariable") else ""


def put_in_rules(document: BpmnDocument) -> None:
    """The rules of every decision that a task uses, and of those it requires, become part of the executable."""
    deciding = [task for task in document.nodes() if task.get(own("decides"))]
    used = {task.get(own("decision"), "") for task in deciding if not task.get(own("decisionExpression"))}
    if any(task.get(own("decisionExpression")) for task in deciding):
        used = set(document.decisions)
    todo = sorted(used)
    while todo:
        for needed in document.decisions[todo.pop()].requires:
            if needed not in used:
                used.add(needed)
                todo.append(needed)
    for name in sorted(used):
        rules = etree.SubElement(document.root, own("rules"), name=name)
        rules.text = orjson.dumps(decisions.to_plain(document.decisions[name]), option=orjson.OPT_SORT_KEYS).decode()
