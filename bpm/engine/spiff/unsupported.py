"""What the run side does not execute as the standard says: named at upload, so that nothing runs wrongly in silence."""

from collections.abc import Callable, Iterator

from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.bpmn.document import Element as Node
from bpm.engine.findings import Finding, Severity
from bpm.engine.spiff.compilation import CLASSES
from bpm.engine.spiff.specs.definitions import E_NS

_ACTIVITIES = (
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
    "callActivity", "subProcess", "transaction", "adHocSubProcess",
)  # fmt: skip
_NODES = (
    *_ACTIVITIES, "callChoreography", "startEvent", "endEvent",
    "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent", "event", "implicitThrowEvent",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway",
)  # fmt: skip
_EXECUTED = {
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

_Check = Callable[[Node], Iterator[Finding]]


def refusals(tree: Node) -> list[Finding]:
    """Every construct of the executable XML that is not executed as BPMN 2.0.2 says, one finding each."""
    found: list[Finding] = []
    for kind in ("message", "signal"):
        for root in tree.iterfind(full_tag(kind)):
            found += _computed_name(root)
    for process in tree.iter(full_tag("process")):
        for node in process.iterdescendants():
            for check in _CHECKS.get(_tag(node), ()):
                found += check(node)
    return found


def _finding(node: Node, code: str, message: str, remedy: str, severity: Severity = "error") -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        remedy=remedy,
        element=node.get(f"{E_NS}id") or node.get("id") or "",
        name=node.get("name") or "",
        line=_line(node),
    )


def _computed_name(root: Node) -> Iterator[Finding]:
    name = (root.get("name") or "").strip()
    if ("${" in name or "#{" in name or name.startswith("=")) and not root.get(f"{E_NS}nameExpression"):
        yield _finding(
            root,
            "not-executed-computed-name",
            f"The name {name!r} is an expression; names of messages and signals are taken as they are written.",
            "Use a fixed name, and a correlation key to tell cases apart.",
        )


def _unknown(node: Node) -> Iterator[Finding]:
    kind = _tag(node)
    if kind not in CLASSES and _tag(_around(node)) != "complexBehaviorDefinition":
        remedy = {
            "adHocSubProcess": "Give it user tasks to choose from and cancel what remains, or draw the order.",
        }.get(kind, "Use another element.")
        yield _finding(node, f"not-executed-{kind}", f"This {kind} is not executed.", remedy)


def _event_kinds(node: Node) -> Iterator[Finding]:
    kind, inside = _tag(node), _events(node)
    executed = _EXECUTED[kind]
    if kind == "startEvent" and _in_event_subprocess(node):
        executed = _IN_EVENT_SUBPROCESS
        if "compensate" in inside and _tag(_around(_around(node))) == "process":
            yield _finding(
                node,
                "compensation-of-the-process",
                "A whole process is never compensated, so its compensation event subprocess would never run.",
                "Put it into the subprocess that it undoes.",
            )
        if not inside:
            yield _finding(
                node,
                "event-subprocess-without-event",
                "The start event of an event subprocess says no event.",
                "Give it a message, signal, timer, error, escalation or condition.",
            )
    elif kind == "startEvent" and _tag(_around(node)) != "process" and inside:
        yield _finding(
            node,
            "start-event-in-subprocess",
            "A subprocess starts by being reached; the event at its start event would be ignored.",
            "Remove the event, or make it an event subprocess.",
        )
    for event in inside - executed:
        yield _finding(
            node,
            f"not-executed-{event}-{kind}",
            f"A {kind} of kind {event} is not executed.",
            "Use another event.",
        )
    if kind == "boundaryEvent" and not inside:
        yield _finding(node, "boundary-without-event", "The boundary event says no event.", "Give it one.")
    if kind == "startEvent" and node.get("parallelMultiple") == "true" and _tag(_around(node)) == "process":
        yield _finding(
            node,
            "not-executed-parallel-multiple-start",
            "A start event that needs several events together is not executed.",
            "Start with one event and wait for the others after it.",
        )


def _timer_at_catch(node: Node) -> Iterator[Finding]:
    """A token waits once: as often as a cycle says, it cannot go on (BPMN 2.0.2, table 10.95: a delay)."""
    if _tag(node) != "intermediateCatchEvent":
        return
    for cycle in node.iter(full_tag("timeCycle")):
        times = (cycle.text or "").strip().partition("/")[0][1:]
        if times.isdigit() and int(times) > 1:
            yield _finding(
                node,
                "catch-timer-repeats",
                f"The timer {(cycle.text or '').strip()!r} asks for {times} firings; a catching event lets its token "
                "go on once.",
                "Write a duration, or loop back to the event; a boundary timer that does not interrupt can repeat.",
            )


def _cancel(node: Node) -> Iterator[Finding]:
    if "cancel" not in _events(node):
        return
    if _tag(node) == "boundaryEvent":
        host = _by_id(node, node.get("attachedToRef"))
        if host is None or _tag(host) != "transaction":
            yield _finding(
                node,
                "cancel-outside-transaction",
                "Only a transaction can be cancelled.",
                "Attach it to a transaction.",
            )
        return
    around = next((a for a in node.iterancestors() if _tag(a) == "transaction"), None)
    if around is None:
        yield _finding(node, "cancel-outside-transaction", "It stands in no transaction.", "Make it a transaction.")
    elif not any("cancel" in _events(b) for b in _boundaries(around)):
        yield _finding(
            node,
            "cancel-without-boundary",
            "The transaction has no cancel boundary event, so nothing says how to go on after it is cancelled.",
            "Attach a cancel boundary event to the transaction.",
        )


def _compensation(node: Node) -> Iterator[Finding]:
    if "compensate" not in _events(node):
        return
    if _tag(node) == "boundaryEvent":
        handlers = [
            target
            for link in _around(node).iterfind(full_tag("association"))
            if link.get("sourceRef") == node.get("id") and (target := _by_id(node, link.get("targetRef"))) is not None
        ]
        if not handlers and not node.get(f"{E_NS}handler"):
            yield _finding(
                node,
                "compensation-without-handler",
                "The compensation event leads to no handler.",
                "Draw an association from it to the activity that undoes the work.",
            )
        return
    definition = node.find(full_tag("compensateEventDefinition"))
    if definition is not None and definition.get("waitForCompletion") == "false":
        yield _finding(
            node,
            "compensation-waits",
            "The throwing event waits until compensation is done, although the model says not to wait.",
            "Nothing to do if waiting is fine.",
            "warning",
        )


def _links(node: Node) -> Iterator[Finding]:
    if "link" not in _events(node) or _tag(node) != "intermediateThrowEvent":
        return
    twins = [
        other
        for other in _around(node).iterfind(full_tag("intermediateCatchEvent"))
        if "link" in _events(other) and _link_name(other) == _link_name(node)
    ]
    if len(twins) != 1:
        yield _finding(
            node,
            "link-without-target",
            f"The link {_link_name(node)!r} has {len(twins)} catching events in its scope.",
            "Give exactly one catching link event the same name.",
        )


def _event_subprocess(node: Node) -> Iterator[Finding]:
    if node.get("triggeredByEvent") != "true":
        return
    if any(flow.get("targetRef") == node.get("id") for flow in _around(node).iterfind(full_tag("sequenceFlow"))):
        yield _finding(
            node,
            "event-subprocess-in-flow",
            "An event subprocess is started by its event; no flow can lead to it.",
            "Remove the flow, or make it a normal subprocess.",
        )
    starts = node.findall(full_tag("startEvent"))
    if len(starts) != 1:
        yield _finding(
            node,
            "event-subprocess-starts",
            f"An event subprocess has exactly one start event; this one has {len(starts)}.",
            "Draw one event subprocess for each event.",
        )


def _event_gateway(node: Node) -> Iterator[Finding]:
    if node.get("instantiate") == "true":
        yield from _instantiate(node)
    elif node.get("eventGatewayType") == "Parallel":
        yield _finding(
            node,
            "not-executed-parallel-event-gateway",
            "An event-based gateway waits for all its events only where it starts the instance.",
            "Use a parallel gateway with catching events behind it.",
        )
    for flow in _around(node).iterfind(full_tag("sequenceFlow")):
        if flow.get("sourceRef") == node.get("id"):
            target = _by_id(node, flow.get("targetRef"))
            if target is None or _tag(target) not in ("intermediateCatchEvent", "receiveTask"):
                yield _finding(
                    node,
                    "event-gateway-target",
                    f"Behind an event-based gateway there are only catching events and receive tasks, "
                    f"not {flow.get('targetRef')!r}.",
                    "Put a catching event there.",
                )


def _complex_gateway(node: Node) -> Iterator[Finding]:
    incoming = [
        flow for flow in _around(node).iterfind(full_tag("sequenceFlow")) if flow.get("targetRef") == node.get("id")
    ]
    if len(incoming) > 1 and not (node.findtext(full_tag("activationCondition")) or "").strip():
        yield _finding(
            node,
            "complex-gateway-without-condition",
            "The complex gateway joins several flows and does not say for which tokens it goes on.",
            "Give it an activation condition such as activationCount >= 2, or use a parallel or inclusive gateway.",
        )


_QUANTITIES = ("startQuantity", "completionQuantity")


def _quantities(node: Node) -> Iterator[Finding]:
    for name in _QUANTITIES:
        said = (node.get(name) or "1").strip()
        if not said.isdigit() or int(said) < 1:
            # Tools write 0 where nobody said anything; where other quantities are said, it was meant.
            is_meant = said != "0" or any(
                other.get(name, "0") != "0" for other in node.getroottree().iter() for name in _QUANTITIES
            )
            yield _finding(
                node,
                "token-quantity",
                f"The {name} is {said!r}; it is a whole number from 1 on.{'' if is_meant else ' It counts as 1.'}",
                f"Remove {name}, or write 1.",
                "error" if is_meant else "warning",
            )


def _receive(node: Node) -> Iterator[Finding]:
    if node.get("instantiate") == "true":
        yield from _instantiate(node)


def _instantiate(node: Node) -> Iterator[Finding]:
    """An element that starts an instance stands at the top, nothing leads to it, and messages or signals come."""
    flows = list(_around(node).iterfind(full_tag("sequenceFlow")))
    behind = [_by_id(node, flow.get("targetRef")) for flow in flows if flow.get("sourceRef") == node.get("id")]
    kinds = [_events(event) for event in behind if event is not None and _tag(event) == "intermediateCatchEvent"]
    if _tag(_around(node)) != "process" or any(flow.get("targetRef") == node.get("id") for flow in flows):
        yield _finding(
            node,
            "not-executed-instantiate",
            "What starts an instance stands at the top of the process, and no flow leads to it.",
            "Remove instantiate, or start the process with a message start event.",
        )
    elif _tag(node) == "eventBasedGateway" and any(len(k) != 1 or k - {"message", "signal"} for k in kinds):
        yield _finding(
            node,
            "not-executed-instantiate",
            "Only messages and signals can start an instance through an event-based gateway.",
            "Put message or signal events behind it, one event each.",
        )


def _multi_instance(node: Node) -> Iterator[Finding]:
    activity = _around(node)
    yield from _behavior(node, activity)
    if node.find(full_tag("loopCardinality")) is None and not node.get(f"{E_NS}collection"):
        yield _finding(
            activity,
            "multi-instance-without-number",
            "The multi-instance says neither how many instances nor for which collection.",
            "Give it a loop cardinality or a collection.",
        )


def _behavior(node: Node, activity: Node) -> Iterator[Finding]:
    """Events thrown by the rounds themselves: which ones has to be said, and they must not end the other rounds."""
    behavior = node.get("behavior", "All").lower()
    if behavior == "all":
        return
    thrown = list(_thrown_by_rounds(node, behavior))
    if not thrown or any(_tag(event).removesuffix("EventDefinition") not in _THROWN_BY_ROUNDS for event in thrown):
        yield _finding(
            activity,
            "not-executed-multi-instance-behavior",
            f"The behavior {node.get('behavior')!r} of the multi-instance names no signal or escalation to throw.",
            "Name the event, throw it with an event inside a subprocess, or use a completion condition.",
        )
    for boundary in _boundaries(activity):
        meant = {_meaning(event) for event in boundary if _tag(event).endswith("EventDefinition")}
        if boundary.get("cancelActivity", "true") == "true" and meant & {_meaning(event) for event in thrown}:
            yield _finding(
                activity,
                "not-executed-multi-instance-behavior",
                "The event that each round throws is caught by a boundary event that would cancel all other rounds.",
                "Let the boundary event not interrupt, or use a completion condition.",
            )


_THROWN_BY_ROUNDS = {"signal", "escalation"}


def _thrown_by_rounds(node: Node, behavior: str) -> Iterator[Node]:
    if behavior in ("none", "one"):
        event = _by_id(node, (node.get(f"{behavior}BehaviorEventRef") or "").split(":")[-1])
        if event is not None:
            yield event
    for part in node.iterfind(full_tag("complexBehaviorDefinition")):
        for event in part.iterfind(f"{full_tag('event')}/*"):
            yield event


def _meaning(definition: Node) -> tuple[str, str]:
    kind = _tag(definition).removesuffix("EventDefinition")
    return kind, (definition.get(f"{kind}Ref") or "").split(":")[-1]


_CHECKS: dict[str, tuple[_Check, ...]] = {
    **dict.fromkeys(_NODES, (_unknown,)),
    **dict.fromkeys(_EXECUTED, (_unknown, _event_kinds, _timer_at_catch, _cancel, _compensation, _links)),
    **dict.fromkeys(_ACTIVITIES, (_unknown, _quantities)),
    "subProcess": (_event_subprocess, _quantities),
    "complexGateway": (_complex_gateway,),
    "eventBasedGateway": (_event_gateway,),
    "receiveTask": (_receive, _quantities),
    "multiInstanceLoopCharacteristics": (_multi_instance,),
}


def _tag(node: Node) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _events(node: Node) -> set[str]:
    found = {_tag(child).removesuffix("EventDefinition") for child in node if _tag(child).endswith("EventDefinition")}
    for reference in node.iterfind(full_tag("eventDefinitionRef")):
        definition = _by_id(node, (reference.text or "").strip().split(":")[-1])
        if definition is not None:
            found.add(_tag(definition).removesuffix("EventDefinition"))
    return found


def _line(node: Node) -> int:
    line = node.sourceline
    return line if isinstance(line, int) else 0


def _around(node: Node) -> Node:
    """The element around `node`; the root is around itself."""
    parent = node.getparent()
    return node if parent is None else parent


def _in_event_subprocess(node: Node) -> bool:
    return bool(_around(node).get("triggeredByEvent") == "true")


def _boundaries(activity: Node) -> Iterator[Node]:
    for boundary in _around(activity).iterfind(full_tag("boundaryEvent")):
        if boundary.get("attachedToRef") == activity.get("id"):
            yield boundary


def _link_name(node: Node) -> str:
    definition = node.find(full_tag("linkEventDefinition"))
    return ((definition.get("name") if definition is not None else None) or node.get("name")) or ""


def _by_id(node: Node, wanted: str | None) -> Node | None:
    if not wanted:
        return None
    return next((n for n in node.getroottree().getroot().iter() if n.get("id") == wanted), None)
