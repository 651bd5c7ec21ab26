"""Normalisation: in which order compensation handlers start, by the engine that the file is written for."""

from bpm.engine.bpmn.document import BpmnDocument, kind, label, own, parent_of, tag
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import is_camunda_family, is_zeebe


def undo_side_by_side(document: BpmnDocument) -> None:
    """Camunda, Flowable and Activiti start all compensation handlers at once; the standard goes back step by step.

    Source for Camunda 8: "Compensation events" ("all compensation handlers at once without any specific order").
    """
    if not (is_camunda_family(document.root) or is_zeebe(document.root)):
        return
    for process in document.processes():
        events = process.iter(tag("compensateEventDefinition"), tag("cancelEventDefinition"))
        if any(kind(parent_of(event)) != "boundaryEvent" for event in events):
            process.set(own("undoTogether"), "true")
            document.note(
                "compensation-together",
                "info",
                process,
                f"{label(process)!r} is written for an engine that starts all compensation handlers at once.",
            )
