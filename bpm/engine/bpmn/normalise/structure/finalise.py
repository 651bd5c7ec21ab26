"""Normalisation, last part: ids that collide are renamed, and only what executes is left."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from bpm.engine.bpmn.document import (
    EARSHOT,
    NODES,
    SUBPROCESSES,
    BpmnDocument,
    Element,
    children,
    kind,
    label,
    line_of,
    local,
    own,
    remove,
    tag,
    text_of,
)
from bpm.engine.findings import Finding
from bpm.engine.xml import MODEL

_INTERNAL = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_LIBRARY = re.compile(r"\.(EndJoin|BoundaryEvent\w+)$|\[child\]$")


def rename_collisions(document: BpmnDocument) -> None:
    """Ids that the engine uses itself get another name inside; screens keep the drawn one."""
    processes = {process.get("id", "") for process in document.processes()}
    taken = {node.get("id", "") for node in document.nodes()} | processes
    renamed: dict[str, str] = {}
    for node in list(document.nodes()):
        key = node.get("id", "")
        if key in processes or key in _INTERNAL or _LIBRARY.search(key):
            fresh = f"{key}_drawn"
            while fresh in taken:
                fresh += "_"
            taken.add(fresh)
            renamed[key] = fresh
            node.set(own("id"), key)
            node.set("id", fresh)
    if renamed:
        _rename(document, renamed)


def _rename(document: BpmnDocument, renamed: dict[str, str]) -> None:
    """Let everything that refers to the old ids refer to the new ones."""
    for process in document.processes():
        for element in process.iter():
            for name in ("sourceRef", "targetRef", "attachedToRef", "activityRef", own("for")):
                if element.get(name) in renamed:
                    element.set(name, renamed[element.get(name, "")])
            if kind(element) == "flowNodeRef" and text_of(element) in renamed:
                element.text = renamed[text_of(element)]
    for key, fresh in renamed.items():
        for known in (document.forms, document.written, document.suggested, document.facts, document.guards):
            if key in known:
                known[fresh] = known.pop(key)  # type: ignore[assignment]  # each of the maps keeps its own kind of value


def note_data(document: BpmnDocument) -> None:
    """Data objects, inputs and outputs are pictures of data here: variables belong to the instance."""
    for store in document.all("dataStoreReference", "dataObjectReference", "dataStore"):
        what = "data store" if "Store" in kind(store) else "data object"
        if kind(store) == "dataStore" and document.all("dataStoreReference"):
            continue
        document.findings.append(
            Finding(
                code="data-not-executed",
                severity="warning" if what == "data store" else "info",
                message=f"The {what} {label(store)!r} is displayed, but not read or written by the engine.",
                remedy="Pass data as variables; a service task reads and writes stores.",
                element=store.get("id", ""),
                name=store.get("name", ""),
                line=line_of(store),
            )
        )


def clean(document: BpmnDocument) -> None:
    """Leave only what executes: no diagrams, no vendor markup, no data; flows listed at their nodes again."""
    for element in list(_foreign(document.root)):
        remove(element)
    for element in document.root.iter():
        if not isinstance(element.tag, str):
            continue
        for name in list(element.attrib):
            if local(name) != name and not str(name).startswith(own("")):
                del element.attrib[name]
    etree.strip_tags(document.root, etree.Comment, etree.ProcessingInstruction)
    for process in document.processes():
        _list_flows(document, process)
    etree.cleanup_namespaces(document.root, top_nsmap=_SPACES)


_SPACES: Any = {None: MODEL, "e": EARSHOT}


_KEPT = (
    NODES
    | {"definitions", "process", "message", "signal", "error", "escalation", "laneSet", "lane", "flowNodeRef"}
    | {"childLaneSet", "sequenceFlow", "conditionExpression", "documentation", "script"}
    | {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "loopCondition", "loopCardinality"}
    | {"completionCondition", "timeDate", "timeDuration", "timeCycle", "condition", "linkEventDefinition"}
    | {f"{what}EventDefinition" for what in ["message", "signal", "error", "escalation", "timer", "conditional"]}
    | {f"{what}EventDefinition" for what in ["compensate", "terminate", "cancel"]}
    | {"source", "target", "association", "complexBehaviorDefinition", "activationCondition", "event"}
)


def _foreign(root: Element) -> Iterator[Element]:
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag.startswith(own("")):
            continue
        if kind(element) not in _KEPT:
            yield element


def _list_flows(document: BpmnDocument, process: Element) -> None:
    for listed in list(process.iter(tag("incoming"), tag("outgoing"))):
        remove(listed)
    for scope in [process, *process.iter(*(tag(name) for name in SUBPROCESSES))]:
        outgoing, incoming = document.outgoing(scope), document.incoming(scope)
        for node in (part for part in scope if kind(part) in NODES):
            at = len(children(node, "documentation"))
            for name, flows in (("incoming", incoming), ("outgoing", outgoing)):
                for flow in flows.get(node.get("id", ""), []):
                    listed = etree.Element(tag(name))
                    listed.text = flow.get("id")
                    node.insert(at, listed)
                    at += 1
