"""Normalisation: multi-instance and loop markers of all dialects."""

import re

from bpm.engine.bpmn.document import (
    ACTIVITIES,
    BpmnDocument,
    Element,
    child,
    children,
    kind,
    label,
    local,
    own,
    remove,
    text_of,
)
from bpm.engine.bpmn.normalise.content.expressions import expressed
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import (
    extensions,
    input_variables,
    is_camunda_family,
    output_variables,
    vendor,
)
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _


def read_loops(document: BpmnDocument) -> None:
    """Multi-instance: a cardinality or e:collection; a marker without either runs once."""
    for activity in document.all(*ACTIVITIES):
        for loop in children(activity, "multiInstanceLoopCharacteristics"):
            _multi_instance(document, activity, loop)
        for loop in children(activity, "standardLoopCharacteristics"):
            if child(loop, "loopCondition") is None and not loop.get("loopMaximum"):
                _drop_marker(document, activity, loop)


def _multi_instance(document: BpmnDocument, activity: Element, loop: Element) -> None:
    collection, item = _collection(activity, loop)
    cardinality = child(loop, "loopCardinality")
    if collection:
        _set_collection(document, activity, loop, collection, item)
        if cardinality is not None:
            _settle_two_numbers(document, activity, loop, cardinality)
    elif cardinality is None or not text_of(cardinality):
        _drop_marker(document, activity, loop)
        return
    for zeebe in extensions(loop, "loopCharacteristics"):
        loop.set(own("counters"), "zeebe")
        _zeebe_output(document, activity, loop, zeebe)
    for part in list(loop):
        if kind(part) in ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"):
            remove(part)


def _settle_two_numbers(document: BpmnDocument, activity: Element, loop: Element, cardinality: Element) -> None:
    """A number of rounds beside a collection: Camunda 7, Flowable and Activiti count by the number, others by the list.

    Sources: `resolveNrOfInstances` of these three; Camunda 8, "Multi-instance", knows no cardinality.
    """
    if text_of(cardinality) and is_camunda_family(document.root):
        return
    if text_of(cardinality):
        document.note(
            "multi-instance-two-numbers",
            "warning",
            activity,
            _("%(activity)r says a number of instances (%(number)s) beside a collection: it runs once for each entry.")
            % {"activity": label(activity), "number": text_of(cardinality)},
            _("Say one of them."),
            before=text_of(cardinality),
        )
    remove(cardinality)


def _zeebe_output(document: BpmnDocument, activity: Element, loop: Element, zeebe: Element) -> None:
    """Camunda 8 "Multi-instance": the collection and what each instance adds to it are said together or not at all."""
    collection, produced = zeebe.get("outputCollection", "").strip(), zeebe.get("outputElement", "").strip()
    if not collection and not produced:
        return
    if not collection or not produced:
        there, missing = ("outputCollection", "outputElement")[:: 1 if collection else -1]
        document.note(
            "multi-instance-output",
            "error",
            activity,
            f"The multi-instance of {label(activity)!r} says its {there} and no {missing}, so nothing says what is"
            " gathered.",
            f"Write the {missing} too, or remove the {there}.",
            before=collection or produced,
        )
        return
    _set_output(document, activity, loop, collection, produced)


def _set_output(document: BpmnDocument, activity: Element, loop: Element, collection: str, produced: str) -> None:
    """What each round adds to the collection; a variable of that name is each round's own."""
    try:
        after = expressed(produced, use="value")
    except ExpressionError as error:
        document.note(
            "multi-instance-output",
            "error",
            activity,
            f"What each instance of {label(activity)!r} adds to {collection!r} cannot be executed. {error.message}",
            "Write an expression over variables.",
            before=produced,
        )
        return
    loop.set(own("outputCollection"), collection)
    loop.set(own("outputElement"), after)
    if found := re.fullmatch(r"=?\s*([^\W\d_]\w*)", produced):
        loop.set(own("outputVariable"), found[1])
    document.executed(activity, "output element", produced, after)


def _collection(activity: Element, loop: Element) -> tuple[str, str]:
    """(collection as written, name of the item) from whatever vendor's markup."""
    item = vendor(loop, "elementVariable")
    collection = vendor(loop, "collection")
    for zeebe in extensions(loop, "loopCharacteristics"):
        collection, item = (
            collection or zeebe.get("inputCollection", ""),
            item or zeebe.get("inputElement", ""),
        )
    for part in extensions(loop, "collection"):
        collection = collection or text_of(next((piece for piece in part if local(piece.tag) == "expression"), part))
    data_item = child(loop, "inputDataItem")
    if data_item is not None:
        item = item or data_item.get("name") or data_item.get("id") or ""
    reference = text_of(child(loop, "loopDataInputRef"))
    return collection or input_variables(activity).get(reference, reference), item


def _set_collection(document: BpmnDocument, activity: Element, loop: Element, collection: str, item: str) -> None:
    try:
        after = expressed(collection, use="value")
    except ExpressionError as error:
        document.note(
            "collection-not-understood",
            "error",
            activity,
            f"The collection of {label(activity)!r} cannot be executed. {error.message}",
            "Name a variable that holds a list.",
            before=collection,
        )
        return
    loop.set(own("collection"), after)
    if item:
        loop.set(own("elementVariable"), item)
    output = text_of(child(loop, "loopDataOutputRef"))
    produced = child(loop, "outputDataItem")
    if output and produced is not None:
        name = produced.get("name") or produced.get("id") or ""
        _set_output(document, activity, loop, output_variables(activity).get(output, output), name)
    elif output or produced is not None:
        document.note(
            "multi-instance-output",
            "warning",
            activity,
            f"The multi-instance of {label(activity)!r} gathers nothing: it names only one of the collection"
            " (loopDataOutputRef) and what each instance adds to it (outputDataItem).",
            "Name both, or none.",
        )
    document.executed(activity, "collection", collection, after)


def _drop_marker(document: BpmnDocument, activity: Element, loop: Element) -> None:
    remove(loop)
    document.note(
        "loop-marker-dropped",
        "warning",
        activity,
        f"{label(activity)!r} is marked to repeat, but does not say how often; it runs once.",
        "Write a number, a collection or a condition at the loop marker.",
    )
