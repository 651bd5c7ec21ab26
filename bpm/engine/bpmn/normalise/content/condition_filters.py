"""Normalisation: which changes of variables a conditional event looks at, in our own names.

Camunda 7 writes attributes of the event definition, Camunda 8 a `conditionalFilter` inside it.
"""

from collections.abc import Iterator

from bpm.engine.bpmn.document import BpmnDocument, Element, child, own, text_of
from bpm.engine.bpmn.normalise.content.expressions import is_expression
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import (
    extensions,
    is_camunda_family,
    is_flowable,
    is_zeebe,
    vendor,
)

_CHANGES = frozenset({"create", "update"})


def read_condition_filters(document: BpmnDocument) -> None:
    """e:watched names the variables, e:watchedChanges what has to happen to them, e:repeats whether each time counts.

    Source of the last: Camunda 8, "Conditionals", variable filter semantics; Camunda 7 judges each change alike.
    """
    repeats = is_zeebe(document.root) or (is_camunda_family(document.root) and not is_flowable(document.root))
    for definition in document.all("conditionalEventDefinition"):
        names, changes = "", ""
        for said in _said(definition):
            names, changes = names or said[0], changes or said[1]
        kinds = [part for part in changes.replace(",", " ").split() if part.lower() in _CHANGES]
        if names:
            definition.set(own("watched"), " ".join(names.replace(",", " ").split()))
        if kinds:
            definition.set(own("watchedChanges"), " ".join(part.lower() for part in kinds))
        if changes and not kinds:
            _note_deletion(document, definition, changes)
        is_theirs = is_expression(text_of(child(definition, "condition")))
        if repeats and is_theirs and _goes_on(document.named(definition)):
            definition.set(own("repeats"), "true")


def _goes_on(event: Element) -> bool:
    """Whether the event leaves what it watches over going on, so that it can happen again."""
    return event.get("cancelActivity") == "false" or event.get("isInterrupting") == "false"


def _said(definition: Element) -> Iterator[tuple[str, str]]:
    yield vendor(definition, "variableName"), vendor(definition, "variableEvents")
    for part in extensions(definition, "conditionalFilter"):
        yield part.get("variableNames", ""), part.get("variableEvents", "")


def _note_deletion(document: BpmnDocument, definition: Element, changes: str) -> None:
    event = document.named(definition)
    document.note(
        "setting-not-used",
        "warning",
        event,
        f"The condition of this event is only to be judged on {changes!r} of a variable; variables are never deleted"
        " here, so every change of it counts.",
        "Write create or update, or a condition that says what is meant.",
        before=f'variableEvents="{changes}"',
    )
