"""Events that are not executed as the standard says."""

from collections.abc import Iterator

from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.bpmn.document import Element as Node
from bpm.engine.findings import Finding
from bpm.engine.spiff.specs.definitions import E_NS, tag_of
from bpm.engine.spiff.unsupported.nodes import (
    boundaries_of,
    by_id,
    events_of,
    finding_at,
    in_event_subprocess,
    parent_of,
)

EXECUTED = {
    "startEvent": {"message", "signal", "timer"},
    "endEvent": {"message", "signal", "error", "escalation", "compensate", "cancel", "terminate"},
    "boundaryEvent": {
        "message",
        "signal",
        "timer",
        "conditional",
        "error",
        "escalation",
        "cancel",
        "compensate",
    },
    "intermediateCatchEvent": {"message", "signal", "timer", "conditional", "link"},
    "intermediateThrowEvent": {"message", "signal", "escalation", "compensate", "link"},
}
_IN_EVENT_SUBPROCESS = {"message", "signal", "timer", "conditional", "error", "escalation", "compensate"}


def computed_name(root: Node) -> Iterator[Finding]:
    name = (root.get("name") or "").strip()
    if ("${" in name or "#{" in name or name.startswith("=")) and not root.get(f"{E_NS}nameExpression"):
        yield finding_at(
            root,
            "not-executed-computed-name",
            f"The name {name!r} is an expression; names of messages and signals are taken as they are written.",
            "Use a fixed name, and a correlation key to tell cases apart.",
        )


def event_kinds(node: Node) -> Iterator[Finding]:
    kind, inside = tag_of(node), events_of(node)
    executed = EXECUTED[kind]
    if kind == "startEvent" and in_event_subprocess(node):
        executed = _IN_EVENT_SUBPROCESS
        if "compensate" in inside and tag_of(parent_of(parent_of(node))) == "process":
            yield finding_at(
                node,
                "compensation-of-the-process",
                "A whole process is never compensated, so its compensation event subprocess would never run.",
                "Put it into the subprocess that it undoes.",
            )
        if not inside:
            yield finding_at(
                node,
                "event-subprocess-without-event",
                "The start event of an event subprocess says no event.",
                "Give it a message, signal, timer, error, escalation or condition.",
            )
    elif kind == "startEvent" and tag_of(parent_of(node)) != "process" and inside:
        yield finding_at(
            node,
            "start-event-in-subprocess",
            "A subprocess starts by being reached; the event at its start event would be ignored.",
            "Remove the event, or make it an event subprocess.",
        )
    for event in inside - executed:
        yield finding_at(
            node,
            f"not-executed-{event}-{kind}",
            f"A {kind} of kind {event} is not executed.",
            "Use another event.",
        )
    if kind == "boundaryEvent" and not inside:
        yield finding_at(node, "boundary-without-event", "The boundary event says no event.", "Give it one.")
    if kind == "startEvent" and node.get("parallelMultiple") == "true" and tag_of(parent_of(node)) == "process":
        yield finding_at(
            node,
            "not-executed-parallel-multiple-start",
            "A start event that needs several events together is not executed.",
            "Start with one event and wait for the others after it.",
        )


def timer_at_catch(node: Node) -> Iterator[Finding]:
    """A token waits once: as often as a cycle says, it cannot go on (BPMN 2.0.2, table 10.95: a delay)."""
    if tag_of(node) != "intermediateCatchEvent":
        return
    for cycle in node.iter(full_tag("timeCycle")):
        times = (cycle.text or "").strip().partition("/")[0][1:]
        if times.isdigit() and int(times) > 1:
            yield finding_at(
                node,
                "catch-timer-repeats",
                f"The timer {(cycle.text or '').strip()!r} asks for {times} firings; a catching event lets its token "
                "go on once.",
                "Write a duration, or loop back to the event; a boundary timer that does not interrupt can repeat.",
            )


def cancel(node: Node) -> Iterator[Finding]:
    if "cancel" not in events_of(node):
        return
    if tag_of(node) == "boundaryEvent":
        host = by_id(node, node.get("attachedToRef"))
        if host is None or tag_of(host) != "transaction":
            yield finding_at(
                node,
                "cancel-outside-transaction",
                "Only a transaction can be cancelled.",
                "Attach it to a transaction.",
            )
        return
    around = next((a for a in node.iterancestors() if tag_of(a) == "transaction"), None)
    if around is None:
        yield finding_at(node, "cancel-outside-transaction", "It stands in no transaction.", "Make it a transaction.")
    elif not any("cancel" in events_of(b) for b in boundaries_of(around)):
        yield finding_at(
            node,
            "cancel-without-boundary",
            "The transaction has no cancel boundary event, so nothing says how to go on after it is cancelled.",
            "Attach a cancel boundary event to the transaction.",
        )


def compensation(node: Node) -> Iterator[Finding]:
    if "compensate" not in events_of(node):
        return
    if tag_of(node) == "boundaryEvent":
        handlers = [
            target
            for link in parent_of(node).iterfind(full_tag("association"))
            if link.get("sourceRef") == node.get("id") and (target := by_id(node, link.get("targetRef"))) is not None
        ]
        if not handlers and not node.get(f"{E_NS}handler"):
            yield finding_at(
                node,
                "compensation-without-handler",
                "The compensation event leads to no handler.",
                "Draw an association from it to the activity that undoes the work.",
            )
        return
    definition = node.find(full_tag("compensateEventDefinition"))
    if definition is not None and definition.get("waitForCompletion") == "false":
        yield finding_at(
            node,
            "compensation-waits",
            "The throwing event waits until compensation is done, although the model says not to wait.",
            "Nothing to do if waiting is fine.",
            "warning",
        )


def links(node: Node) -> Iterator[Finding]:
    if "link" not in events_of(node) or tag_of(node) != "intermediateThrowEvent":
        return
    twins = [
        other
        for other in parent_of(node).iterfind(full_tag("intermediateCatchEvent"))
        if "link" in events_of(other) and _link_name(other) == _link_name(node)
    ]
    if len(twins) != 1:
        yield finding_at(
            node,
            "link-without-target",
            f"The link {_link_name(node)!r} has {len(twins)} catching events in its scope.",
            "Give exactly one catching link event the same name.",
        )


def event_subprocess(node: Node) -> Iterator[Finding]:
    if node.get("triggeredByEvent") != "true":
        return
    if any(flow.get("targetRef") == node.get("id") for flow in parent_of(node).iterfind(full_tag("sequenceFlow"))):
        yield finding_at(
            node,
            "event-subprocess-in-flow",
            "An event subprocess is started by its event; no flow can lead to it.",
            "Remove the flow, or make it a normal subprocess.",
        )
    starts = node.findall(full_tag("startEvent"))
    if len(starts) != 1:
        yield finding_at(
            node,
            "event-subprocess-starts",
            f"An event subprocess has exactly one start event; this one has {len(starts)}.",
            "Draw one event subprocess for each event.",
        )


def _link_name(node: Node) -> str:
    definition = node.find(full_tag("linkEventDefinition"))
    return ((definition.get("name") if definition is not None else None) or node.get("name")) or ""


OF_EVENTS = (event_kinds, timer_at_catch, cancel, compensation, links)
"""The checks of every event of a kind in EXECUTED."""
