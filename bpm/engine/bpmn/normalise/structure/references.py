"""Normalisation, first part: ids, references, processes; what makes the file one coherent model."""

from lxml import etree

from bpm.engine.bpmn.document import (
    NODES,
    SUBPROCESSES,
    BpmnDocument,
    Element,
    kind,
    label,
    line_of,
    parent_of,
    remove,
    tag,
    text_of,
)

_REFERENCES = [
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "activityRef",
    "processRef",
    "operationRef",
    "calledElement",
    "itemSubjectRef",
    "dataObjectRef",
    "dataStoreRef",
]


_IDENTIFIED = NODES | {"sequenceFlow", "process", "message", "signal", "error", "escalation", "lane"}


_EXECUTED = NODES | {"sequenceFlow", "process"}


def refuse_misplaced(document: BpmnDocument) -> None:
    """Flow nodes and sequence flows stand in a process or subprocess, a process in the file; nowhere else."""
    for element in list(document.root.iter(*(tag(name) for name in _EXECUTED))):
        holder = kind(parent_of(element))
        if holder in ({"definitions"} if kind(element) == "process" else SUBPROCESSES | {"process"}):
            continue
        document.note(
            "misplaced-element",
            "error",
            element,
            f"The {kind(element)} {label(element)!r} stands inside <{holder}>, where BPMN knows none.",
            "Draw it again in your modelling tool.",
        )
        remove(element)


def drop_empty_processes(document: BpmnDocument) -> None:
    """A process without flow nodes is the black box of a pool: nothing to execute."""
    for process in document.processes():
        if any(kind(part) in NODES for part in process):
            continue
        document.note(
            "process-empty",
            "info",
            process,
            f"The process {label(process)!r} has no activities; it stands for a partner and is only displayed.",
        )
        remove(process)


def name_processes(document: BpmnDocument) -> None:
    """A process without a name takes that of its pool."""
    pools = {
        part.get("processRef", "").rpartition(":")[2]: part.get("name", "") for part in document.all("participant")
    }
    for process in document.processes():
        if not process.get("name") and pools.get(process.get("id", "")):
            process.set("name", pools[process.get("id", "")])


def give_ids(document: BpmnDocument) -> None:
    """Sequence flows and nodes need ids; the standard lets flows go without."""
    taken = {element.get("id") for element in document.root.iter() if isinstance(element.tag, str)}
    count = 0
    for element in document.root.iter():
        if kind(element) in _IDENTIFIED and not element.get("id"):
            count += 1
            while f"{kind(element)}_{count}" in taken:
                count += 1
            element.set("id", f"{kind(element)}_{count}")
            if kind(element) in NODES:
                document.note(
                    "id-given",
                    "info",
                    element,
                    f"The {kind(element)} had no id.",
                    after=f'id="{element.get("id")}"',
                )


def refuse_duplicate_ids(document: BpmnDocument) -> None:
    """Two executed elements with one id cannot be told apart; anything else is renamed."""
    seen: dict[str, Element] = {}
    for element in document.root.iter(*(tag(name) for name in _IDENTIFIED)):
        key = f"{kind(element) == 'process'} {element.get('id', '')}"
        first = seen.setdefault(key, element)
        if first is element:
            continue
        if kind(element) in _EXECUTED and kind(first) in _EXECUTED:
            document.note(
                "duplicate-id",
                "error",
                element,
                f"The id {element.get('id')!r} is used twice: by {kind(first)} {label(first)!r} (line {line_of(first)})"
                f" and by {kind(element)} {label(element)!r}.",
                "Give one of the two a new id; sequence flows that mean it must be drawn again.",
            )


def strip_prefixes(document: BpmnDocument) -> None:
    """References are qualified names (`tns:msg`); ids are not."""
    ids = {element.get("id") for element in document.root.iter() if isinstance(element.tag, str)}
    for element in document.root.iter():
        for name in _REFERENCES:
            value = element.get(name) if kind(element) else None
            if value and value not in ids and value.rpartition(":")[2] in ids:
                element.set(name, value.rpartition(":")[2])
            elif value and name == "calledElement" and value.partition(":")[0] in document.root.nsmap:
                element.set(name, value.partition(":")[2])


def inline_event_definitions(document: BpmnDocument) -> None:
    """`eventDefinitionRef` points to a definition that stands beside the processes: take a copy of it."""
    shared = {part.get("id"): part for part in document.root if kind(part).endswith("EventDefinition")}
    for reference in document.all("eventDefinitionRef"):
        event, meant = parent_of(reference), shared.get(text_of(reference).rpartition(":")[2])
        if meant is None:
            missing = text_of(reference)
            document.note(
                "event-definition-missing",
                "error" if document.meant_to_run else "warning",
                event,
                f"The event {label(event)!r} refers to the definition {missing!r}, which is not in the file.",
                "Choose the event's trigger again in your modelling tool.",
            )
        else:
            copy = etree.fromstring(etree.tostring(meant, with_tail=False))
            copy.set("id", f"{meant.get('id')}_{event.get('id')}")
            event.append(copy)
        remove(reference)


def place_flows(document: BpmnDocument) -> None:
    """Every sequence flow joins two nodes of one scope and stands in it; a dangling or crossing one is refused."""
    nodes = {node.get("id", ""): node for node in document.nodes()}
    homes = {key: parent_of(node) for key, node in nodes.items()}
    for process in document.processes():
        for flow in list(process.iter(tag("sequenceFlow"))):
            ends = [flow.get("sourceRef", ""), flow.get("targetRef", "")]
            missing = [end for end in ends if end not in homes]
            if missing:
                _refuse_dangling(document, flow, missing)
                continue
            source_home, target_home = homes[ends[0]], homes[ends[1]]
            if source_home is not target_home or flow in (source_home, *source_home.iterancestors()):
                _refuse_crossing(document, flow)
            elif kind(target := nodes[ends[1]]) == "boundaryEvent":
                _refuse_into_boundary(document, flow, target)
            elif flow.getparent() is not source_home:
                source_home.append(flow)


def _refuse_dangling(document: BpmnDocument, flow: Element, missing: list[str]) -> None:
    what = " and ".join(repr(end) if end else "nothing" for end in missing)
    document.note(
        "dangling-flow",
        "error" if document.meant_to_run else "warning",
        flow,
        f"The sequence flow {label(flow)!r} leads from {flow.get('sourceRef')!r} to {flow.get('targetRef')!r},"
        f" but there is no flow node {what}; nothing can pass it.",
        "Connect the flow to an existing element, or delete it.",
    )
    remove(flow)


def _refuse_into_boundary(document: BpmnDocument, flow: Element, event: Element) -> None:
    document.note(
        "flow-into-boundary-event",
        "error" if document.meant_to_run else "warning",
        flow,
        f"The sequence flow {label(flow)!r} leads into the boundary event {label(event)!r}; such an event is reached"
        " by what happens at its activity, never by a flow.",
        "Lead the flow to the activity, or use an intermediate event.",
    )
    remove(flow)


def _refuse_crossing(document: BpmnDocument, flow: Element) -> None:
    document.note(
        "flow-crosses-border",
        "error" if document.meant_to_run else "warning",
        flow,
        f"The sequence flow {label(flow)!r} crosses the border of a subprocess or pool; nothing can pass it.",
        "Connect it to the subprocess itself, or use a message flow between pools.",
    )
    remove(flow)


def refuse_lost_boundary_events(document: BpmnDocument) -> None:
    """A boundary event needs an activity of its own scope to sit on."""
    for event in document.all("boundaryEvent"):
        scope = event.getparent()
        hosts = {part.get("id") for part in scope} if scope is not None else set()
        if event.get("attachedToRef") not in hosts:
            document.note(
                "boundary-host-missing",
                "error" if document.meant_to_run else "warning",
                event,
                f"The boundary event {label(event)!r} sits on {event.get('attachedToRef')!r}, which is not there;"
                " it never happens.",
                "Attach the event to an activity again.",
            )
            if not document.meant_to_run:
                _remove_with_ways_out(document, event)


def _remove_with_ways_out(document: BpmnDocument, event: Element) -> None:
    for flow in document.outgoing(parent_of(event)).get(event.get("id", ""), []):
        remove(flow)
    remove(event)


def fill_empty_subprocesses(document: BpmnDocument) -> None:
    """A subprocess without content passes at once; one drawn in a file of its own cannot be known here."""
    for scope in list(document.scopes()):
        if kind(scope) not in SUBPROCESSES or any(kind(part) in NODES for part in scope):
            continue
        document.note(
            "subprocess-empty",
            "warning",
            scope,
            f"The subprocess {label(scope)!r} is empty; it is passed without doing anything.",
            "Draw its content, or make it a call activity of the process that holds it.",
        )
        if kind(scope) == "adHocSubProcess":
            scope.tag = tag("subProcess")


def refuse_nothing_to_run(document: BpmnDocument) -> None:
    """A file without any process has nothing to deploy."""
    if not document.processes():
        document.note(
            "no-process",
            "error",
            None,
            "The file has no process with activities; it shows only collaborations, choreographies or conversations.",
            "Upload the file that holds the process itself.",
        )
