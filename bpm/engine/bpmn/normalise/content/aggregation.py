"""Normalisation: Flowable's variable aggregation: what each round of a multi-instance wrote, gathered into a list."""

from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import BpmnDocument, Element, label, local, own
from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError

_CODE = ("class", "delegateExpression", "targetExpression", "storeAsTransientVariable", "createOverviewVariable")


def read_aggregations(document: BpmnDocument) -> None:
    """e:outputCollection is the target, e:outputElement one entry with the aggregated variables.

    A second one at the same marker, or one by code, stays unread and is named so.
    """
    for loop in document.all("multiInstanceLoopCharacteristics"):
        for part in _aggregations(loop):
            if loop.get(own("outputCollection")) or any(part.attrib.get(name) for name in _CODE):
                continue
            _read(document, loop, part)


def _aggregations(loop: Element) -> list[Element]:
    # Looking does not count as reading: what is left aside has to be named.
    return [part for part in loop.iter() if local(part.tag) == "variableAggregation"]


def _read(document: BpmnDocument, loop: Element, part: Element) -> None:
    target = str(part.attrib.get("target", ""))
    if not target.isidentifier() or target.startswith("_"):
        return
    try:
        after = tagged.mapped({_name(inner): _value(inner) for inner in part if local(inner.tag) == "variable"})
    except ExpressionError:
        return
    mark_whole(part)
    loop.set(own("outputCollection"), target)
    loop.set(own("outputElement"), after)
    document.executed(loop, f"aggregation {target}", label(document.named(loop)), after)


def _name(inner: Element) -> str:
    return str(inner.attrib.get("target") or inner.attrib.get("source") or "")


def _value(inner: Element) -> str:
    """The value of one entry: nothing where the round did not write it."""
    source = inner.attrib.get("source", "")
    text = inner.attrib.get("sourceExpression") or f"${{execution.getVariable('{source}')}}"
    return translate(str(text), use="value")
