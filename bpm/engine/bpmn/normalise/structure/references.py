"""Normalisation, first part: ids, references, processes; what makes the file one coherent model."""

from lxml import etree

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import (
    NODES,
    SUBPROCESSES,
    Draft,
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


def refuse_misplaced(draft: Draft) -> None:
    """Flow nodes and sequence flows stand in a process or subprocess, a process in the file; nowhere else."""
    for element in list(draft.root.iter(*(tag(name) for name in _EXECUTED))):
        holder = kind(parent_of(element))
        if holder in ({"definitions"} if kind(element) == "process" else SUBPROCESSES | {"process"}):
            continue
        draft.note(
            "misplaced-element",
            "error",
            element,
            f"The {kind(element)} {label(element)!r} stands inside <{holder}>, where BPMN knows none.",
            "Draw it again in your modelling tool.",
        )
        remove(element)


def drop_empty_processes(draft: Draft) -> None:
    """A process without flow nodes is the black box of a pool: nothing to execute."""
    for process in draft.processes():
        if any(kind(part) in NODES for part in process):
            continue
        draft.note(
            "process-empty",
            "info",
            process,
            f"The process {label(process)!r} has no activities; it stands for a partner and is only displayed.",
        )
        remove(process)


def make_executable(draft: Draft) -> None:
    """An upload is an intent to run: a process marked as not executable is run all the same."""
    draft.meant_to_run = any(is_true(process.get("isExecutable")) for process in draft.processes())
    for process in draft.processes():
        if process.get("isExecutable") != "true":
            before = process.get("isExecutable")
            if before == "false":
                draft.note(
                    "not-executable",
                    "warning",
                    process,
                    f"The process {label(process)!r} is marked as not executable; it is run all the same.",
                    "Set isExecutable to true in your modelling tool.",
                    before='isExecutable="false"',
                    after='isExecutable="true"',
                )
            process.set("isExecutable", "true")


def name_processes(draft: Draft) -> None:
    """A process without a name takes that of its pool."""
    pools = {part.get("processRef", "").rpartition(":")[2]: part.get("name", "") for part in draft.all("participant")}
    for process in draft.processes():
        if not process.get("name") and pools.get(process.get("id", "")):
            process.set("name", pools[process.get("id", "")])


def give_ids(draft: Draft) -> None:
    """Sequence flows and nodes need ids; the standard lets flows go without."""
    taken = {element.get("id") for element in draft.root.iter() if isinstance(element.tag, str)}
    count = 0
    for element in draft.root.iter():
        if kind(element) in _IDENTIFIED and not element.get("id"):
            count += 1
            while f"{kind(element)}_{count}" in taken:
                count += 1
            element.set("id", f"{kind(element)}_{count}")
            if kind(element) in NODES:
                draft.note(
                    "id-given",
                    "info",
                    element,
                    f"The {kind(element)} had no id.",
                    after=f'id="{element.get("id")}"',
                )


def refuse_duplicate_ids(draft: Draft) -> None:
    """Two executed elements with one id cannot be told apart; anything else is renamed."""
    seen: dict[str, Element] = {}
    for element in draft.root.iter(*(tag(name) for name in _IDENTIFIED)):
        key = f"{kind(element) == 'process'} {element.get('id', '')}"
        first = seen.setdefault(key, element)
        if first is element:
            continue
        if kind(element) in _EXECUTED and kind(first) in _EXECUTED:
            draft.note(
                "duplicate-id",
                "error",
                element,
                f"The id {element.get('id')!r} is used twice: by {kind(first)} {label(first)!r} (line {line_of(first)})"
                f" and by {kind(element)} {label(element)!r}.",
                "Give one of the two a new id; sequence flows that mean it must be drawn again.",
            )


def strip_prefixes(draft: Draft) -> None:
    """References are qualified names (`tns:msg`); ids are not."""
    ids = {element.get("id") for element in draft.root.iter() if isinstance(element.tag, str)}
    for element in draft.root.iter():
        for name in _REFERENCES:
            value = element.get(name) if kind(element) else None
            if value and value not in ids and value.rpartition(":")[2] in ids:
                element.set(name, value.rpartition(":")[2])
            elif value and name == "calledElement" and value.partition(":")[0] in draft.root.nsmap:
                element.set(name, value.partition(":")[2])


def inline_event_definitions(draft: Draft) -> None:
    """`eventDefinitionRef` points to a definition that stands beside the processes: take a copy of it."""
    shared = {part.get("id"): part for part in draft.root if kind(part).endswith("EventDefinition")}
    for reference in draft.all("eventDefinitionRef"):
        event, meant = parent_of(reference), shared.get(text_of(reference).rpartition(":")[2])
        if meant is None:
            missing = text_of(reference)
            draft.note(
                "event-definition-missing",
                "error" if draft.meant_to_run else "warning",
                event,
                f"The event {label(event)!r} refers to the definition {missing!r}, which is not in the file.",
                "Choose the event's trigger again in your modelling tool.",
            )
        else:
            copy = etree.fromstring(etree.tostring(meant, with_tail=False))
            copy.set("id", f"{meant.get('id')}_{event.get('id')}")
            event.append(copy)
        remove(reference)


def place_flows(draft: Draft) -> None:
    """Every sequence flow joins two nodes of one scope and stands in it; a dangling or crossing one is refused."""
    nodes = {node.get("id", ""): node for node in draft.nodes()}
    homes = {key: parent_of(node) for key, node in nodes.items()}
    for process in draft.processes():
        for flow in list(process.iter(tag("sequenceFlow"))):
            ends = [flow.get("sourceRef", ""), flow.get("targetRef", "")]
            missing = [end for end in ends if end not in homes]
            if missing:
                _refuse_dangling(draft, flow, missing)
                continue
            source_home, target_home = homes[ends[0]], homes[ends[1]]
            if source_home is not target_home or flow in (source_home, *source_home.iterancestors()):
                _refuse_crossing(draft, flow)
            elif kind(target := nodes[ends[1]]) == "boundaryEvent":
                _refuse_into_boundary(draft, flow, target)
            elif flow.getparent() is not source_home:
                source_home.append(flow)


def _refuse_dangling(draft: Draft, flow: Element, missing: list[str]) -> None:
    what = " and ".join(repr(end) if end else "nothing" for end in missing)
    draft.note(
        "dangling-flow",
        "error" if draft.meant_to_run else "warning",
        flow,
        f"The sequence flow {label(flow)!r} leads from {flow.get('sourceRef')!r} to {flow.get('targetRef')!r},"
        f" but there is no flow node {what}; nothing can pass it.",
        "Connect the flow to an existing element, or delete it.",
    )
    remove(flow)


def _refuse_into_boundary(draft: Draft, flow: Element, event: Element) -> None:
    draft.note(
        "flow-into-boundary-event",
        "error" if draft.meant_to_run else "warning",
        flow,
        f"The sequence flow {label(flow)!r} leads into the boundary event {label(event)!r}; such an event is reached"
        " by what happens at its activity, never by a flow.",
        "Lead the flow to the activity, or use an intermediate event.",
    )
    remove(flow)


def _refuse_crossing(draft: Draft, flow: Element) -> None:
    draft.note(
        "flow-crosses-border",
        "error" if draft.meant_to_run else "warning",
        flow,
        f"The sequence flow {label(flow)!r} crosses the border of a subprocess or pool; nothing can pass it.",
        "Connect it to the subprocess itself, or use a message flow between pools.",
    )
    remove(flow)


def refuse_lost_boundary_events(draft: Draft) -> None:
    """A boundary event needs an activity of its own scope to sit on."""
    for event in draft.all("boundaryEvent"):
        scope = event.getparent()
        hosts = {part.get("id") for part in scope} if scope is not None else set()
        if event.get("attachedToRef") not in hosts:
            draft.note(
                "boundary-host-missing",
                "error" if draft.meant_to_run else "warning",
                event,
                f"The boundary event {label(event)!r} sits on {event.get('attachedToRef')!r}, which is not there;"
                " it never happens.",
                "Attach the event to an activity again.",
            )
            if not draft.meant_to_run:
                _remove_with_ways_out(draft, event)


def _remove_with_ways_out(draft: Draft, event: Element) -> None:
    for flow in draft.outgoing(parent_of(event)).get(event.get("id", ""), []):
        remove(flow)
    remove(event)


def fill_empty_subprocesses(draft: Draft) -> None:
    """A subprocess without content passes at once; one drawn in a file of its own cannot be known here."""
    for scope in list(draft.scopes()):
        if kind(scope) not in SUBPROCESSES or any(kind(part) in NODES for part in scope):
            continue
        draft.note(
            "subprocess-empty",
            "warning",
            scope,
            f"The subprocess {label(scope)!r} is empty; it is passed without doing anything.",
            "Draw its content, or make it a call activity of the process that holds it.",
        )
        if kind(scope) == "adHocSubProcess":
            scope.tag = tag("subProcess")


def refuse_nothing_to_run(draft: Draft) -> None:
    """A file without any process has nothing to deploy."""
    if not draft.processes():
        draft.note(
            "no-process",
            "error",
            None,
            "The file has no process with activities; it shows only collaborations, choreographies or conversations.",
            "Upload the file that holds the process itself.",
        )
