"""Normalisation: tasks that no engine works at: without a type, or done by hand."""

import re

from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    children,
    label,
    local,
    own,
)
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import is_spiff

_PEOPLE = re.compile(
    r"assign|candidate|performer|owner|^role|screen|form(?:Key|Ref|Id)|^users?$|^groups?$", re.IGNORECASE
)
"""Names of vendors' attributes that say who does a task, or with which form."""


def note_plain_tasks(document: BpmnDocument) -> None:
    """A task without a type is passed at once, as in other engines; one that names people is a warning."""
    for task in document.all("task"):
        names_people = _names_people(task)
        document.note(
            "task-without-type",
            "warning" if names_people else "info",
            task,
            f"The task {label(task)!r} has no type; it is passed at once and nobody gets a work item"
            f"{', although the model says who does it' if names_people else ''}.",
            "Make it a user task for people or a service task for programs.",
        )


def _names_people(task: Element) -> bool:
    if children(task, "humanPerformer", "potentialOwner", "performer"):
        return True
    names = [(str(key), str(value)) for key, value in task.attrib.items()]
    return any(local(key) != key and value.strip() and _PEOPLE.search(local(key)) for key, value in names)


def pass_manual_tasks(document: BpmnDocument) -> None:
    """No engine manages a manual task (BPMN 2.0.2, 10.3.3): it is passed; only files of SpiffWorkflow wait."""
    if is_spiff(document.root):
        return
    for task in document.all("manualTask"):
        task.set(own("passed"), "true")
        document.note(
            "manual-task-passed",
            "info",
            task,
            f"The manual task {label(task)!r} is done without the engine; it is passed at once, without a work item.",
            "Make it a user task if somebody is to report that it is done.",
        )
