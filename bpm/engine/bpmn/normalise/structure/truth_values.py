"""Normalisation: truth values of BPMN attributes in one spelling, so that no later pass has to know the others."""

from bpm.engine.bpmn.booleans import boolean
from bpm.engine.bpmn.document import BpmnDocument, Element, kind

_NAMES = frozenset((
    "triggeredByEvent", "isInterrupting", "cancelActivity", "testBefore", "instantiate", "isSequential", "isExecutable",
    "isForCompensation", "parallelMultiple", "cancelRemainingInstances", "waitForCompletion", "isClosed", "isImmediate",
    "isCollection", "isUnlimited",
))  # fmt: skip
"""BPMN 2.0.2, attributes of the type boolean that say something about a process."""


def settle_truth_values(document: BpmnDocument) -> None:
    """`1`, ` true ` and `TRUE` become `true`, the like `false`; anything else is named and left out."""
    for element in document.root.iter():
        if not kind(element):
            continue
        for name in _NAMES.intersection(element.attrib):
            _settle(document, element, str(name))


def _settle(document: BpmnDocument, element: Element, name: str) -> None:
    said = element.get(name, "")
    value = boolean(said)
    if value is not None:
        element.set(name, "true" if value else "false")
        return
    del element.attrib[name]
    if said.strip():
        document.note(
            "truth-value-not-understood",
            "warning",
            element,
            f"{name} says {said!r}; it can only say true or false, so it counts as not written.",
            f'Write {name}="true" or {name}="false", or remove it.',
            before=f'{name}="{said}"',
        )
