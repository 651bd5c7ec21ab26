"""Normalisation: tasks that wait for people or programs in their own engine, though the standard would pass them.

ProcessMaker's form tasks are plain `task` elements with a screen, its manual tasks show one, too; Flows for APEX waits
at every `task` until somebody completes it; jBPM and Kogito write work items as `task` with a `taskName`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import BpmnDocument, Element, child, label, local, own, tag, text_of
from bpm.engine.bpmn.normalise.content.expressions import variable_named
from bpm.engine.bpmn.normalise.foreign.oracle_times import date_of, duration_of
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor
from bpm.engine.expressions.times.due import due_instant

_PEOPLE = ("task", "manualTask")
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def settle_foreign_tasks(document: BpmnDocument) -> None:
    """Tasks of people become user tasks, work items become jobs; who does them is read where we know people by it."""
    for task in document.all("task"):
        if vendor(task, "taskName") and speaks(document.root, "jboss.org/drools"):
            task.tag = tag("userTask" if vendor(task, "taskName") == "Human Task" else "serviceTask")
    engine = document.engine_of_people = _engine_of_people(document.root)
    if not engine:
        return
    for task in document.all(*_PEOPLE):
        task.tag = tag("userTask")
        document.note(
            "task-of-people",
            "info",
            task,
            f"In {engine} somebody has to complete {label(task)!r}: it is a work item here, too.",
            "Make it a user task in the model.",
        )
    for task in document.all("userTask"):
        _read_processmaker(document, task)
        _read_apex(task)
    for call in document.all("callActivity"):
        if called := vendor(call, "calledDiagram"):
            call.set("calledElement", call.get("calledElement") or called)


def speaks(root: Element, space: str) -> bool:
    """Whether the file declares a namespace with that part in its name."""
    spaces = {str(uri) for element in (root, *root) for uri in element.nsmap.values()}
    return any(space in uri for uri in spaces)


def _engine_of_people(root: Element) -> str:
    """The engine of the file, if plain tasks wait for people there."""
    exporter = root.get("exporter", "")
    if speaks(root, "processmaker.com") or "ProcessMaker" in exporter:
        return "ProcessMaker"
    is_apex = speaks(root, "flowsforapex.org") or speaks(root, "apex.mt-ag.com") or "APEX" in exporter
    return "Flows for APEX" if is_apex else ""


def _read_processmaker(document: BpmnDocument, task: Element) -> None:
    hours = vendor(task, "dueIn")
    if re.fullmatch(r"\d{1,5}", hours):
        task.set(own("due"), f"PT{hours}H")
    if screen := vendor(task, "screenRef"):
        document.note(
            "form-of-other-engine",
            "info",
            task,
            f"The screen {screen!r} belongs to ProcessMaker; a form with the known variables is shown instead.",
            "Add a form with this task's name to the version.",
            before=screen,
        )
    how = vendor(task, "assignment")
    people = {"assignee": vendor(task, "assignedUsers"), "group": vendor(task, "assignedGroups")}
    for what, said in people.items():
        first = said.partition(",")[0].strip()
        if re.fullmatch(r"[^\W\d][\w .@-]*", first):
            task.set(own(what), first)
    if how and how != "self_service" and not (task.get(own("assignee")) or task.get(own("group"))):
        _note_assignment(document, task, how, ", ".join(said for said in people.values() if said))


def _note_assignment(document: BpmnDocument, task: Element, how: str, whom: str) -> None:
    detail = f" ({whom})" if whom else ""
    document.note(
        "assignment-not-known",
        "warning",
        task,
        f"ProcessMaker gives {label(task)!r} by {how!r}{detail}, which names nobody here: anybody may claim it.",
        "Name a group or a person, or put the task into a lane.",
        before=how,
    )


def _read_apex(task: Element) -> None:
    for what, name in (("assignee", "potentialUsers"), ("group", "potentialGroups")):
        for part in _parts(task, name):
            said = _settings(part)
            first = re.split(r"[:,]", said.get("expression", ""))[0].strip()
            if said.get("expressionType") == "static" and first:
                task.set(own(what), first)
                mark_whole(part)
            elif said.get("expressionType") == "processVariable" and first.isidentifier():
                task.set(own(f"{what}Expression"), variable_named(first))
                mark_whole(part)
    for part in _parts(task, "dueOn"):
        if _read_due(task, _settings(part)):
            mark_whole(part)


def _read_due(task: Element, said: dict[str, str]) -> bool:
    """Whether the due date is one that is known here."""
    how, text = said.get("expressionType", ""), said.get("expression", "").strip()
    if how == "processVariable" and text.isidentifier():
        task.set(own("dueExpression"), text)
        return True
    due = duration_of("", text) if how == "interval" else date_of(text, said.get("formatMask", ""))
    if how not in ("interval", "static") or due_instant(due, now=_ANY_DAY) is None:
        return False
    task.set(own("due"), due)
    return True


def _parts(task: Element, name: str) -> Iterator[Element]:
    """Extension elements of that name, not yet marked as read."""
    holder = child(task, "extensionElements")
    if holder is not None:
        yield from (part for part in holder.iter() if isinstance(part.tag, str) and local(part.tag) == name)


def _settings(part: Element) -> dict[str, str]:
    """Child element's local name -> its text."""
    return {str(inner.tag).rpartition("}")[2]: text_of(inner) for inner in part if isinstance(inner.tag, str)}
