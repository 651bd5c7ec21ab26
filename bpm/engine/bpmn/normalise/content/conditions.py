"""Normalisation, fifth part: conditions in our language, and who decides where a gateway has none."""

import re
from dataclasses import dataclass

from lxml import etree

from bpm.engine.bpmn.document import (
    MAX_SHOWN,
    BpmnDocument,
    Element,
    child,
    children,
    kind,
    label,
    own,
    parent_of,
    remove,
    tag,
    text_of,
)
from bpm.engine.bpmn.normalise.content.events import wait_for_message
from bpm.engine.bpmn.normalise.content.forms import add_field
from bpm.engine.bpmn.normalise.foreign.external_code import condition_to_ask
from bpm.engine.expressions.dialects import FreeTextError, PlaceholderError
from bpm.engine.expressions.foreign_code import (
    NoLanguageError,
    is_code,
    is_foreign_code,
    is_marked,
    is_spoken,
    plain_language,
    translate_code,
)
from bpm.engine.expressions.functions import UnknownCallError
from bpm.foundation.errors import ExpressionError


def translate_conditions(document: BpmnDocument) -> None:
    """Conditions of flows: translated; other engines' code is asked of a worker or refused; prose decides nothing."""
    default_language = document.root.get("expressionLanguage", "")
    default_language = default_language if re.search("mvel|feel", default_language, re.IGNORECASE) else ""
    for condition in document.all("conditionExpression"):
        language = condition.get("language") or default_language
        _translate_condition(document, parent_of(condition), condition, language)


def _translate_condition(document: BpmnDocument, flow: Element, condition: Element, language: str) -> None:
    text = text_of(condition)
    try:
        after = translate_code(text, use="condition", language=language)
    except UnknownCallError as error:
        condition_to_ask(document, flow, condition, text, error.called)
    except ExpressionError as error:
        _settle_unread(document, condition, text, language, error)
    else:
        _replace_text(condition, after)
        document.executed(flow, "condition", text, after)


def _settle_unread(
    document: BpmnDocument, condition: Element, text: str, language: str, error: ExpressionError
) -> None:
    """What could not be read: a worker's question, an error, or prose that decides nothing."""
    flow = parent_of(condition)
    if is_foreign_code(text, language):
        condition_to_ask(document, flow, condition, text, plain_language(language))
    elif not (document.meant_to_run or _says_a_language(language)) or isinstance(error, PlaceholderError):
        _drop_prose(document, flow, condition, text)
    elif is_marked(text) or (isinstance(error, FreeTextError) and not is_code(text)):
        _refuse(document, flow, "condition", text, error)
    else:
        _refuse(document, flow, "condition", text, NoLanguageError(text))


def _says_a_language(language: str) -> bool:
    """Whether the model says that the text is an expression: its language is one, and none that people speak."""
    return bool(language.strip()) and not is_spoken(language)


def _replace_text(element: Element, text: str) -> None:
    for part in list(element):
        element.remove(part)
    element.text = text


def _drop_prose(document: BpmnDocument, flow: Element, condition: Element, text: str) -> None:
    document.note(
        "condition-free-text",
        "warning",
        flow,
        f"The condition {text!r} of the flow {label(flow)!r} is a text for people; it decides nothing.",
        "Write an expression such as amount > 100, or let a user task ask for the decision.",
        before=text,
    )
    if not flow.get("name"):
        flow.set("name", text[:MAX_SHOWN])
    remove(condition)


def _refuse(document: BpmnDocument, element: Element, what: str, text: str, error: ExpressionError) -> None:
    owner = document.named(element)
    document.note(
        f"{what.replace(' ', '-')}-not-understood",
        "error",
        element,
        f"The {what} of {label(owner)!r} cannot be executed: {text!r}. {error.message}",
        error.remedy or "Write it with variables, comparisons, and/or/not; or compute a variable in an earlier task.",
        before=text,
    )


def translate_expressions(document: BpmnDocument) -> None:
    """All other expressions: loops, completion conditions, conditional events."""
    for what, name in (
        ("loop condition", "loopCondition"),
        ("cardinality", "loopCardinality"),
        ("completion condition", "completionCondition"),
        ("condition", "condition"),
        ("activation condition", "activationCondition"),
    ):
        for element in document.all(name):
            text = text_of(element)
            if not text:
                remove(element)
                continue
            try:
                after = translate_code(text, use="value", language=element.get("language", ""))
            except UnknownCallError as error:
                if kind(parent_of(element)) == "conditionalEventDefinition":
                    wait_for_message(document, parent_of(element), text)
                else:
                    _refuse(document, element, what, text, error)
                continue
            except ExpressionError as error:
                prose = isinstance(error, PlaceholderError) or (
                    isinstance(error, FreeTextError) and not document.meant_to_run
                )
                if prose and kind(parent_of(element)) == "conditionalEventDefinition":
                    remove(element)
                    continue
                _refuse(document, element, what, text, error)
                continue
            _replace_text(element, after)
            document.executed(element, what, text, after)
    for definition in document.all("conditionalEventDefinition"):
        if child(definition, "condition") is None:
            event = document.named(definition)
            etree.SubElement(definition, tag("condition")).text = "False"
            document.note(
                "condition-missing",
                "error" if document.meant_to_run else "warning",
                event,
                f"The conditional event {label(event)!r} has no condition; it never happens by itself.",
                "Write a condition such as amount > 100.",
            )


def decide_gateways(document: BpmnDocument) -> None:
    """Exclusive gateways whose flows lack conditions: a person decides, or the last flow is the default."""
    for scope in list(document.scopes()):
        outgoing, way = document.outgoing(scope), _Way.of(document, scope)
        for gateway in children(scope, "exclusiveGateway", "inclusiveGateway"):
            flows = outgoing.get(gateway.get("id", ""), [])
            _drop_wrong_default(gateway, flows)
            bare = [
                flow
                for flow in flows
                if child(flow, "conditionExpression") is None and flow.get("id") != gateway.get("default")
            ]
            if kind(gateway) == "inclusiveGateway":
                for flow in bare if len(flows) > 1 else []:
                    etree.SubElement(flow, tag("conditionExpression")).text = "True"
            elif len(flows) > 1 and bare:
                _decide(document, way, gateway, flows, bare)


def _drop_wrong_default(gateway: Element, flows: list[Element]) -> None:
    if gateway.get("default") and gateway.get("default") not in {flow.get("id") for flow in flows}:
        del gateway.attrib["default"]
    elif gateway.get("default"):
        for flow in flows:
            condition = child(flow, "conditionExpression")
            if flow.get("id") == gateway.get("default") and condition is not None:
                flow.remove(condition)


def _decide(document: BpmnDocument, way: "_Way", gateway: Element, flows: list[Element], bare: list[Element]) -> None:
    if len(bare) == 1 and not gateway.get("default"):
        gateway.set("default", bare[0].get("id", ""))
        document.note(
            "default-assumed",
            "warning",
            gateway,
            f"Behind {label(gateway)!r} only {_choice(document, bare[0])!r} has no condition: it is the default.",
            "Mark the default flow in your modelling tool.",
            after=bare[0].get("id", ""),
        )
        return
    tasks = _asking_tasks(way, gateway)
    if tasks:
        _ask(document, gateway, flows, bare, tasks)
    else:
        _fall_back(document, gateway, bare)


def _fall_back(document: BpmnDocument, gateway: Element, bare: list[Element]) -> None:
    """Nobody to ask: the last flow is taken, the other bare ones never."""
    if not gateway.get("default"):
        gateway.set("default", bare[-1].get("id", ""))
    never = [flow for flow in bare if flow.get("id") != gateway.get("default")]
    for flow in never:
        etree.SubElement(flow, tag("conditionExpression")).text = "False"
    document.note(
        "gateway-undecided",
        "warning",
        gateway,
        f"Nothing says how the gateway {label(gateway)!r} decides between"
        f" {', '.join(repr(_choice(document, flow)) for flow in bare)}; the default is always taken.",
        "Write conditions on the flows, or put a user task before the gateway that asks.",
        after=f"default={gateway.get('default')}",
    )


def _choice(document: BpmnDocument, flow: Element) -> str:
    """What a flow is called as an answer: its name, else that of the node it leads to."""
    name = " ".join((flow.get("name") or "").split())
    if name:
        return name
    target = next((node for node in parent_of(flow) if node.get("id") == flow.get("targetRef")), None)
    return label(target) if target is not None else flow.get("id", "")


@dataclass(frozen=True)
class _Way:
    """The nodes of a scope and the flows that enter them, looked up once."""

    nodes: dict[str, Element]
    incoming: dict[str, list[Element]]

    @classmethod
    def of(cls, document: BpmnDocument, scope: Element) -> "_Way":
        return cls({node.get("id", ""): node for node in scope if node.get("id")}, document.incoming(scope))


def _asking_tasks(way: _Way, gateway: Element) -> list[Element]:
    """The nearest user tasks before the gateway, if every way to it passes one; else nobody."""
    waiting, seen, found = [gateway], {gateway.get("id")}, []
    while waiting:
        node = waiting.pop()
        flows = way.incoming.get(node.get("id", ""), [])
        if not flows:
            return []
        for flow in flows:
            before = way.nodes[flow.get("sourceRef", "")]
            if before.get("id") in seen:
                continue
            seen.add(before.get("id"))
            if kind(before) == "userTask":
                found.append(before)
            elif kind(before) in ("startEvent", "boundaryEvent"):
                return []
            else:
                waiting.append(before)
    return found


@dataclass(frozen=True)
class _Question:
    variable: str
    title: str
    choices: list[str]


def _ask(
    document: BpmnDocument, gateway: Element, flows: list[Element], bare: list[Element], tasks: list[Element]
) -> None:
    default = [flow for flow in flows if flow.get("id") == gateway.get("default")]
    asked = bare + default
    names = [_choice(document, flow) for flow in asked]
    if len(set(names)) < len(names):
        names = [f"{name} ({flow.get('id')})" for name, flow in zip(names, asked, strict=True)]
    question = _Question(
        variable=f"decision_{re.sub(r'[^A-Za-z0-9_]', '_', gateway.get('id', ''))}",
        title=label(gateway) if gateway.get("name") else "Decision",
        choices=names,
    )
    for flow, name in zip(bare, names, strict=False):
        after = f"{question.variable} == {name!r}"
        etree.SubElement(flow, tag("conditionExpression")).text = after
        document.executed(flow, "condition", "", f"the answer is {name}")
    for task in tasks:
        add_field(
            document,
            task,
            question.variable,
            {"type": "string", "title": question.title, "enum": question.choices},
            is_required=True,
        )
    gateway.set(own("decision"), question.variable)
    document.note(
        "decision-asked",
        "warning",
        gateway,
        f"The flows behind the gateway {label(gateway)!r} have no conditions:"
        f" {', '.join(repr(label(task)) for task in tasks)} asks for the decision.",
        "Write conditions on the flows if the engine should decide.",
        after=", ".join(question.choices),
    )
