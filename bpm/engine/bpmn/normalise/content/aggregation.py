"""Normalisation: Flowable's variable aggregation: what each round of a multi-instance wrote, gathered into a list."""

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import BpmnDocument, Element, label, local, own
from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_CODE = ("class", "delegateExpression", "targetExpression")


def read_aggregations(document: BpmnDocument) -> None:
    """e:outputCollection is the target, e:outputElement one entry with the aggregated variables.

    A second one at the same marker, or one by code, stays unread and is named so; so is what is said beside one.
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
    _name_what_is_beside(document, part, target)
    mark_whole(part)
    loop.set(own("outputCollection"), target)
    loop.set(own("outputElement"), after)
    document.executed(loop, f"aggregation {target}", label(document.named(loop)), after)


def _name_what_is_beside(document: BpmnDocument, part: Element, target: str) -> None:
    """What may be said beside what is gathered, and what happens here instead."""
    beside = {
        "createOverviewVariable": _("the list is there once all rounds are over, not before"),
        "storeAsTransientVariable": _("the list stays with the process as any variable"),
    }
    for name, instead in beside.items():
        if is_true(str(part.attrib.get(name, ""))):
            document.note(
                "setting-not-used",
                "warning",
                part,
                _("%(element)r gathers %(target)s with %(setting)s, which is not used here: %(instead)s.")
                % {"element": label(document.named(part)), "target": target, "setting": name, "instead": instead},
                _("Read the list behind the multi-instance, or remove the setting."),
                before=f'{name}="{part.attrib.get(name)}"',
            )


def _name(inner: Element) -> str:
    return str(inner.attrib.get("target") or inner.attrib.get("source") or "")


def _value(inner: Element) -> str:
    """The value of one entry: nothing where the round did not write it."""
    source = inner.attrib.get("source", "")
    text = inner.attrib.get("sourceExpression") or f"${{execution.getVariable('{source}')}}"
    return translate(str(text), use="value")
