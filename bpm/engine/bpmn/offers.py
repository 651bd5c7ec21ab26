"""Whom and what an executable model names: groups and people that work is offered to, topics of its jobs."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from bpm.engine.bpmn.document import NODES, Element, children, drawn_id, kind, label, own, tag, text_of

PEOPLE_WORK_AT = ("userTask", "manualTask")


@dataclass(frozen=True)
class Need:
    """What an element names literally; "" where it names nothing, or an expression works it out at run time."""

    element: str
    """As drawn."""
    group: str
    """Name of the group that its work items are offered to: its own, else that of its lane."""
    assignee: str
    topic: str


def named_groups(executable: bytes) -> set[str]:
    """Literal group names on tasks; groups that are worked out by an expression are known at run time only."""
    root = _root(executable)
    if root is None:
        return set()
    return {name.strip() for node in root.iter() if (name := node.get(own("group"), "")).strip()}


def offered_to(executable: bytes) -> dict[str, str]:
    """{element: name of the group that its work is offered to}, of those that name one or stand in a lane."""
    return {each.element: each.group for each in needs(executable) if each.group}


def topics_of(executable: bytes) -> dict[str, str]:
    """{element: topic of its jobs}, of those whose model names one."""
    return {each.element: each.topic for each in needs(executable) if each.topic}


def needs(executable: bytes) -> Iterator[Need]:
    """What each flow node of the model needs to be there, in document order; those that need nothing are left out."""
    root = _root(executable)
    for process in children(root, "process") if root is not None else ():
        lanes = {
            text_of(reference): label(lane)
            for lane in process.iter(tag("lane"))
            for reference in children(lane, "flowNodeRef")
        }
        for node in process.iter():
            if kind(node) in NODES:
                need = _need(node, lanes)
                if need.group or need.assignee or need.topic:
                    yield need


def _need(node: Element, lanes: dict[str, str]) -> Need:
    people = kind(node) in PEOPLE_WORK_AT
    group = node.get(own("group"), "").strip()
    if not group and node.get(own("groupExpression")) is None:
        group = _lane_around(node, lanes)
    return Need(
        element=drawn_id(node),
        group=group if people else "",
        assignee=node.get(own("assignee"), "").strip() if people else "",
        topic="" if node.get(own("decides")) else node.get(own("topic"), "").strip(),
    )


def _lane_around(node: Element, lanes: dict[str, str]) -> str:
    """The lane that a node stands in, or that of the subprocess around it."""
    around: Element | None = node
    while around is not None and kind(around) != "process":
        if around.get("id") in lanes:
            return lanes[around.get("id", "")]
        around = around.getparent()
    return ""


def _root(executable: bytes) -> Element | None:
    if not executable:
        return None
    return etree.fromstring(executable, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def forms_asked_for(executable: bytes) -> dict[str, str | None]:
    """{id of a drawn task or start event: the form that it asks for, "" for none, None where an expression says}"""
    root = _root(executable)
    found: dict[str, str | None] = {}
    for node in root.iter() if root is not None else ():
        if kind(node) in (*PEOPLE_WORK_AT, "startEvent"):
            computed = node.get(own("formExpression")) is not None
            found[drawn_id(node)] = None if computed else node.get(own("form"), "").strip()
    return found


def decisions_in(executable: bytes) -> set[str]:
    """Ids of the decisions that its tasks use, and of those that these require."""
    root = _root(executable)
    return {node.get("name", "") for node in root.iter(own("rules"))} if root is not None else set()
