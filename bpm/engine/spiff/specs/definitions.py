"""What one element of the executable XML says about its events, its rounds and its flows, as plain values."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from lxml import etree
from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.expressions.times.schedules import TimerKind
from bpm.engine.spiff.specs import watched_changes
from bpm.engine.spiff.specs.details import Item, Loop, RoundEvent
from bpm.engine.spiff.specs.event_definitions import (
    CodedEvent,
    CodedKind,
    CompensateEvent,
    ConditionalEvent,
    EventDefinition,
    EventKind,
    NamedEvent,
    NamedKind,
    PlainEvent,
    TerminateEvent,
    TimerEvent,
)
from bpm.engine.spiff.specs.model import Flow

E_NS = "{urn:earshot:model:1}"
THROWING = ("intermediateThrowEvent", "endEvent")
EVENTS = "EventDefinition"
_WATCHED = ("watched", "watchedChanges")
"""What a conditional event looks at: variables, and changes of them."""


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


def read_event(definition: etree._Element, roots: Mapping[str, etree._Element]) -> EventDefinition:
    """An event definition: its kind and what its kind needs."""
    text = tag_of(definition).removesuffix(EVENTS)
    kind = next((kind for kind in EventKind if kind == text), None)
    match kind:
        case EventKind.MESSAGE | EventKind.SIGNAL:
            return read_named(definition, roots, kind)
        case EventKind.ERROR | EventKind.ESCALATION:
            return _coded(definition, roots, kind)
        case EventKind.TIMER:
            return _timer(definition)
        case EventKind.TERMINATE:
            return _terminate(definition)
        case EventKind.CONDITIONAL:
            watched, changes = (watched_changes.told(definition.get(f"{E_NS}{word}")) for word in _WATCHED)
            text, repeats = definition.findtext(full_tag("condition")) or "", _own(definition, "repeats") == "true"
            return ConditionalEvent(text.strip(), watched, changes, repeats=repeats)
        case EventKind.COMPENSATE:
            return CompensateEvent(definition.get("activityRef") or None)
    return PlainEvent(text)


def _terminate(definition: etree._Element) -> TerminateEvent:
    if definition.get(f"{E_NS}terminateAll") == "true":
        return TerminateEvent("all")
    return TerminateEvent("rounds" if definition.get(f"{E_NS}terminateMultiInstance") == "true" else None)


def _coded(definition: etree._Element, roots: Mapping[str, etree._Element], kind: CodedKind) -> CodedEvent:
    """An error or escalation: what is thrown has a code, what catches without one takes any."""
    code, name = definition.get(f"{kind}Ref") or None, None
    root = roots.get((code or "").split(":")[-1])
    if root is not None:
        code, name = root.get(f"{kind}Code") or None, root.get("name") or ""
        thrower = definition.getparent()
        if code is None and thrower is not None and tag_of(thrower) in THROWING:
            code = root.get("name") or root.get("id")
    return CodedEvent(
        kind,
        code,
        name,
        code_expression=_own(root, "codeExpression"),
        message=_own(root, f"{kind}Message"),
        code_variable=_own(definition, f"{kind}CodeVariable"),
        message_variable=_own(definition, f"{kind}MessageVariable"),
    )


def _own(node: etree._Element | None, word: str) -> str | None:
    """What the normaliser wrote at a node under that word."""
    return (node.get(f"{E_NS}{word}") or None) if node is not None else None


def _timer(definition: etree._Element) -> TimerEvent:
    for which in TimerKind:
        node = definition.find(full_tag(f"time{which.title()}"))
        if node is not None:
            text = (node.text or "").strip()
            return TimerEvent(which, text, node.get(f"{E_NS}expression"), _own(node, "until"))
    return TimerEvent(TimerKind.DURATION)


def read_named(node: etree._Element, roots: Mapping[str, etree._Element], kind: NamedKind) -> NamedEvent:
    """A message or signal by its name, with its correlation key."""
    reference = (node.get(f"{kind}Ref") or "").split(":")[-1]
    root = roots.get(reference)
    name = (root.get("name") or root.get("id")) if root is not None else reference
    return NamedEvent(
        kind,
        str(name),
        _own(root, "nameExpression"),
        inside=_own(root, "inside") == "true",
        key=_own(node, "correlationKey"),
    )
