"""What one element of the executable XML says about its events, its rounds and its flows, as plain values."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from lxml import etree
from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.spiff.specs import watched_changes
from bpm.engine.spiff.specs.details import Item, Loop, RoundEvent
from bpm.engine.spiff.specs.model import Flow

E_NS = "{urn:earshot:model:1}"
THROWING = ("intermediateThrowEvent", "endEvent")
EVENTS = "EventDefinition"


def tag_of(node: etree._Element) -> str:
    """The BPMN element name of a node; "" for comments and the like."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def number(text: str) -> int:
    """A whole number as written; what is none counts as 1."""
    return int(text) if text.strip().isdigit() else 1


def read_mapping(node: etree._Element) -> Item:
    """A mapping into or out of an element."""
    name, at = node.get("name") or "", tuple(node.get("at", "").split(".")) if node.get("at") else ()
    if came := node.get("came"):
        return Item(name, came=came, whole=node.get("whole") == "true", at=at)
    late, aside, local = (node.get(mark) == "true" for mark in ("late", "aside", "local"))
    return Item(name, node.get("expression"), at=at, late=late, aside=aside, local=local)


def read_first_values(node: etree._Element) -> dict[str, Any]:
    """{variable: value} with which a process or subprocess begins."""
    return {part.get("name") or "": orjson.loads(part.text or "null") for part in node.iterfind(f"{E_NS}first")}


def read_flow(node: etree._Element) -> Flow:
    """A sequence flow with its condition."""
    condition = node.findtext(full_tag("conditionExpression"))
    return Flow(node.get("id") or "", node.get("sourceRef") or "", node.get("targetRef") or "", condition or None)


def read_loop(node: etree._Element, roots: Mapping[str, etree._Element]) -> Loop | None:
    """The marker of an activity that repeats, if it has one."""
    standard = node.find(full_tag("standardLoopCharacteristics"))
    if standard is not None:
        return Loop(
            "standard",
            maximum=standard.get("loopMaximum"),
            condition=standard.findtext(full_tag("loopCondition")),
            test_before=standard.get("testBefore") == "true",
        )
    multi = node.find(full_tag("multiInstanceLoopCharacteristics"))
    if multi is None:
        return None
    return Loop(
        "sequential" if multi.get("isSequential") == "true" else "parallel",
        cardinality=multi.findtext(full_tag("loopCardinality")),
        until=multi.findtext(full_tag("completionCondition")),
        collection=multi.get(f"{E_NS}collection"),
        element_variable=multi.get(f"{E_NS}elementVariable"),
        output_collection=multi.get(f"{E_NS}outputCollection"),
        output_element=multi.get(f"{E_NS}outputElement"),
        index_variable=multi.get(f"{E_NS}indexVariable"),
        output_variable=multi.get(f"{E_NS}outputVariable"),
        counters=multi.get(f"{E_NS}counters"),
        throws=tuple(_behavior(multi, roots)),
    )


def _behavior(multi: etree._Element, roots: Mapping[str, etree._Element]) -> Iterator[RoundEvent]:
    """Which events the rounds throw by themselves."""
    for what, when in (("none", None), ("one", "first")):
        definition = roots.get((multi.get(f"{what}BehaviorEventRef") or "").split(":")[-1])
        if definition is not None and multi.get("behavior", "All").lower() == what:
            yield RoundEvent(when, read_event(definition, roots))
    if multi.get("behavior", "All").lower() == "complex":
        for part in multi.iterfind(full_tag("complexBehaviorDefinition")):
            condition = (part.findtext(full_tag("condition")) or "").strip()
            for definition in part.iterfind(f"{full_tag('event')}/*"):
                if tag_of(definition).endswith(EVENTS):
                    yield RoundEvent(condition, read_event(definition, roots))


def read_event(definition: etree._Element, roots: Mapping[str, etree._Element]) -> dict[str, Any]:
    """An event definition: its kind and what its kind needs."""
    kind = tag_of(definition).removesuffix(EVENTS)
    if kind == "timer":
        return _timer(definition)
    if kind in ("message", "signal"):
        return read_named(definition, roots, kind)
    if kind in ("error", "escalation"):
        return _coded(definition, roots, kind)
    if kind == "terminate":
        ends = {"all": "terminateAll", "rounds": "terminateMultiInstance"}
        what = next((what for what, mark in ends.items() if definition.get(f"{E_NS}{mark}") == "true"), None)
        return {"kind": kind, "what": what} if what else {"kind": kind}
    if kind == "conditional":
        watched = watched_changes.told(definition.get(f"{E_NS}watched"), definition.get(f"{E_NS}watchedChanges"))
        return {"kind": kind, "text": (definition.findtext(full_tag("condition")) or "").strip(), **watched}
    if kind == "compensate":
        return {"kind": kind, "activity": definition.get("activityRef") or None}
    return {"kind": kind}


def _coded(definition: etree._Element, roots: Mapping[str, etree._Element], kind: str) -> dict[str, Any]:
    """An error or escalation: what is thrown has a code, what catches without one takes any."""
    event: dict[str, Any] = {"kind": kind, "code": definition.get(f"{kind}Ref") or None}
    root = roots.get((definition.get(f"{kind}Ref") or "").split(":")[-1])
    if root is not None:
        event |= {"code": root.get(f"{kind}Code") or None, "name": root.get("name") or ""}
        thrower = definition.getparent()
        if event["code"] is None and thrower is not None and tag_of(thrower) in THROWING:
            event["code"] = root.get("name") or root.get("id")
        if root.get(f"{E_NS}codeExpression"):
            event["codeExpression"] = root.get(f"{E_NS}codeExpression")
        if root.get(f"{E_NS}{kind}Message"):
            event["message"] = root.get(f"{E_NS}{kind}Message")
    for what in ("code", "message"):
        if variable := definition.get(f"{E_NS}{kind}{what.title()}Variable"):
            event[f"{what}Variable"] = variable
    return event


def _timer(definition: etree._Element) -> dict[str, Any]:
    for which in ("date", "duration", "cycle"):
        node = definition.find(full_tag(f"time{which.title()}"))
        if node is not None:
            until = node.get(f"{E_NS}until")
            return {
                "kind": "timer",
                "which": which,
                "text": (node.text or "").strip(),
                "expression": node.get(f"{E_NS}expression"),
                **({"until": until} if until else {}),
            }
    return {"kind": "timer", "which": "duration", "text": "", "expression": None}


def read_named(node: etree._Element, roots: Mapping[str, etree._Element], kind: str) -> dict[str, Any]:
    """A message or signal by its name, with its correlation key."""
    reference = (node.get(f"{kind}Ref") or "").split(":")[-1]
    root = roots.get(reference)
    name = (root.get("name") or root.get("id")) if root is not None else reference
    event: dict[str, Any] = {"kind": kind, "event": name}
    if root is not None and root.get(f"{E_NS}nameExpression"):
        event["nameExpression"] = root.get(f"{E_NS}nameExpression")
    if root is not None and root.get(f"{E_NS}inside") == "true":
        event["inside"] = True
    if node.get(f"{E_NS}correlationKey"):
        event["key"] = node.get(f"{E_NS}correlationKey")
    return event
