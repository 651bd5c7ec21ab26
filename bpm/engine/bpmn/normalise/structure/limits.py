"""Normalisation: ids, names and settings fit the columns and screens that they are kept in and shown on."""

from bpm.engine.bpmn.document import NODES, BpmnDocument, children, kind, label, line_of, own, tag

MAX_ID = 200
MAX_NAME = 300
_SETTINGS = {"topic": 300, "decision": 300, "form": 300, "assignee": 200, "group": 80}
_NAMED = NODES | {"process", "lane", "participant", "sequenceFlow"}


def bound_names(document: BpmnDocument) -> None:
    """Ids that are too long are refused, as are names that events are told apart by; other names are cut."""
    for element in document.root.iter(*(tag(name) for name in _NAMED | {"message", "signal", "error", "escalation"})):
        if len(element.get("id", "")) > MAX_ID:
            document.note(
                "id-too-long",
                "error",
                element,
                f"The id {element.get('id', '')[:40]!r}... of the {kind(element)} has {len(element.get('id', ''))}"
                f" characters; the limit is {MAX_ID}.",
                "Give it a shorter id.",
            )
    for part in children(document.root, "message", "signal"):
        if len(part.get("name", "")) > MAX_NAME:
            document.note(
                "name-too-long",
                "error",
                part,
                f"The name of the {kind(part)} has {len(part.get('name', ''))} characters; the limit is {MAX_NAME}.",
                "Give it a shorter name.",
            )
    for element in document.root.iter(*(tag(name) for name in _NAMED)):
        name = " ".join((element.get("name") or "").split())
        if len(name) > MAX_NAME:
            element.set("name", f"{name[: MAX_NAME - 1]}…")
            document.note(
                "name-cut",
                "warning",
                element,
                f"The name of the {kind(element)} in line {line_of(element)} has {len(name)} characters; lists show the"
                f" first {MAX_NAME}.",
                "Shorten the name, and move the rest into the documentation.",
            )


def bound_settings(document: BpmnDocument) -> None:
    """What a work item or job is given has to fit its row."""
    for node in document.nodes():
        for name, limit in _SETTINGS.items():
            if len(node.get(own(name), "")) > limit:
                document.note(
                    "setting-too-long",
                    "error",
                    node,
                    f"The {name} of {label(node)!r} has more than {limit} characters.",
                    f"Give it a shorter {name}.",
                    before=node.get(own(name), ""),
                )
