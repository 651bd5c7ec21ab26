"""Normalisation: who decides at a gateway whose flows have no conditions."""

import re
from dataclasses import dataclass

from lxml import etree

from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    child,
    children,
    kind,
    label,
    own,
    parent_of,
    tag,
)
from bpm.engine.bpmn.normalise.content.forms import add_field


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
