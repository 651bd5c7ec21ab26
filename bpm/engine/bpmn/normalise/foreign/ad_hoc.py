"""Normalisation: an ad hoc subprocess asks a person what comes next, until nothing more is to come.

What is drawn (BPMN 2.0.2, 10.3.5, 13.3.5) as what is executed, in an ordinary subprocess:

    start -> again -> [What comes next?] -> ( nothing more -> end )
                                         -> fork -> the chosen activity and what follows it -> complete? -> end
                                              \\-> again        (ordering parallel, the standard's default)

With ordering sequential there is no fork: what was chosen leads back to `again` when it is done. The completion
condition is looked at whenever an activity is done, and ends what still runs.

Camunda 8's `activeElementsCollection` chooses by itself, once, when the subprocess begins; nobody is asked then:

    start -> those that the list names, side by side, and what follows them -> complete? -> end
"""

import json
import re

from lxml import etree

from bpm.engine.bpmn.document import (
    ACTIVITIES,
    NODES,
    BpmnDocument,
    Element,
    child,
    children,
    drawn_id,
    kind,
    label,
    own,
    remove,
    tag,
    text_of,
)
from bpm.engine.bpmn.normalise.content.forms import add_field
from bpm.engine.bpmn.normalise.content.mappings import put_mapping
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions
from bpm.engine.bpmn.normalise.structure.flow import stands_beside
from bpm.engine.expressions import tagged
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

NOTHING_MORE = "nothing more"


def settle_ad_hoc(document: BpmnDocument) -> None:
    """Each ad hoc subprocess that a person can steer becomes an ordinary one; others stay and are refused by name."""
    for scope in document.all("adHocSubProcess"):
        heads = _heads(document, scope)
        if (chosen := _chosen_by_list(document, scope, heads)) is not None:
            _activate(document, scope, heads, chosen)
        elif _has_people(scope) and not _steered_elsewhere(scope) and not _unclear(scope, heads):
            _rebuild(document, scope, heads)


def _heads(document: BpmnDocument, scope: Element) -> list[Element]:
    """What can be chosen: everything that no flow leads to."""
    incoming = document.incoming(scope)
    nodes = [part for part in scope if kind(part) in NODES - {"boundaryEvent"} and not stands_beside(part)]
    return [node for node in nodes if not incoming.get(node.get("id", ""))]


def _has_people(scope: Element) -> bool:
    """Its performers choose; where only programs work, there is nobody to ask."""
    return next(scope.iter(tag("userTask")), None) is not None


def _steered_elsewhere(scope: Element) -> bool:
    """Zeebe lets an expression or a worker activate elements: nobody is asked there."""
    settings = child(scope, "extensionElements")
    return settings is not None and any(
        etree.QName(part).localname in ("adHoc", "taskDefinition") for part in settings if isinstance(part.tag, str)
    )


def _chosen_by_list(document: BpmnDocument, scope: Element, heads: list[Element]) -> str | None:
    """The expression for the ids that Camunda 8 activates by itself; None where somebody else chooses, or gathers.

    Source: Camunda 8, "Ad-hoc sub-processes", activate an element.
    """
    settings = list(extensions(scope, "adHoc"))
    said = settings[0].get("activeElementsCollection", "").strip() if settings else ""
    gathers = any(part.get(name) for part in settings for name in ("outputCollection", "outputElement"))
    unclear = any(kind(head) == "startEvent" for head in heads) or _goes_on_though_complete(scope)
    if not said.startswith("=") or gathers or unclear or next(extensions(scope, "taskDefinition"), None) is not None:
        return None
    try:
        return tagged.tag("feel", said)
    except ExpressionError:
        return None


def _activate(document: BpmnDocument, scope: Element, heads: list[Element], chosen: str) -> None:
    """What the list names runs side by side; the end of the last one, or the condition, ends the subprocess."""
    tails, variable = _tails(document, scope), _variable(scope)
    put_mapping(document, scope, "input", variable, tagged.written(chosen), expression=chosen)
    checked = etree.SubElement(scope, own("input"), name=variable)
    checked.set("expression", _each_once(scope, heads, variable, tagged.shown(chosen)))
    start, fork = (document.add_node(scope, what, near=scope) for what in ("startEvent", "inclusiveGateway"))
    document.add_flow(scope, start, fork)
    for head in heads:
        flow = document.add_flow(scope, fork, head)
        etree.SubElement(flow, tag("conditionExpression")).text = f"{drawn_id(head)!r} in {variable}"
    _lead_on(document, scope, tails, None)
    for said in children(scope, "completionCondition"):
        remove(said)
    scope.tag = tag("subProcess")


def _each_once(scope: Element, heads: list[Element], variable: str, written: str) -> str:
    """The list again; a failure that shows what the author wrote where it names nothing, or nothing that is there."""
    names = ", ".join(json.dumps(drawn_id(head), ensure_ascii=False) for head in heads)
    fits = f"every one in {variable} satisfies list contains([{names}], one)"
    once = f"count({variable}) > 0 and count(distinct values({variable})) = count({variable})"
    why = _("What is to be active in %(subprocess)r has to be a list of its elements, each once. (in: %(expression)s)")
    said = json.dumps(why % {"subprocess": label(scope), "expression": written}, ensure_ascii=False)
    return tagged.tag("feel", f"=assert({variable}, {once} and ({fits}), {said})")


def _unclear(scope: Element, heads: list[Element]) -> bool:
    """A start that is no activity, or a condition that may not end what runs while others can still be chosen."""
    return any(kind(head) not in ACTIVITIES for head in heads) or _goes_on_though_complete(scope)


def _goes_on_though_complete(scope: Element) -> bool:
    return scope.get("cancelRemainingInstances") == "false" and bool(_condition(scope))


def _condition(scope: Element) -> str:
    return text_of(child(scope, "completionCondition"))


def _rebuild(document: BpmnDocument, scope: Element, heads: list[Element]) -> None:
    tails = _tails(document, scope)
    sequential = scope.get("ordering", "Parallel").lower() == "sequential"
    start, again = (document.add_node(scope, what, near=scope) for what in ("startEvent", "exclusiveGateway"))
    more, pick = (document.add_node(scope, "exclusiveGateway", near=scope) for _ in range(2))
    ask = _question(document, scope, heads)
    variable = _variable(scope)
    for source, target in ((start, again), (again, ask), (ask, more)):
        document.add_flow(scope, source, target)
    _when(document.add_flow(scope, more, document.add_node(scope, "endEvent", near=scope)), variable, NOTHING_MORE)
    onward = document.add_flow(scope, more, pick if sequential else _fork(document, scope, pick, again))
    more.set("default", onward.get("id", ""))
    for head in heads:
        _when(document.add_flow(scope, pick, head), variable, head.get("id", ""))
    _lead_on(document, scope, tails, again if sequential else None)
    _name_it(document, scope, heads, sequential=sequential)


def _tails(document: BpmnDocument, scope: Element) -> list[Element]:
    outgoing = document.outgoing(scope)
    nodes = [part for part in scope if kind(part) in NODES - {"endEvent"} and not stands_beside(part)]
    return [node for node in nodes if not outgoing.get(node.get("id", ""))]


def _question(document: BpmnDocument, scope: Element, heads: list[Element]) -> Element:
    """The work item that offers what can be done; it stands at the subprocess, for there is nothing else drawn."""
    ask = document.add_node(scope, "userTask", near=scope)
    del ask.attrib[own("synthetic")]
    ask.set(own("id"), drawn_id(scope))
    ask.set("name", f"What comes next in {label(scope)}?")
    choices = [head.get("id", "") for head in heads]
    labels = {head.get("id", ""): label(head) for head in heads} | {NOTHING_MORE: "Nothing more"}
    schema = {"type": "string", "title": "What comes next?", "enum": [*choices, NOTHING_MORE], "x-labels": labels}
    add_field(document, ask, _variable(scope), schema, is_required=True)
    return ask


def _variable(scope: Element) -> str:
    return "next_in_" + re.sub(r"\W", "_", drawn_id(scope))


def _fork(document: BpmnDocument, scope: Element, pick: Element, again: Element) -> Element:
    """While what was chosen goes on, the next can be chosen already."""
    fork = document.add_node(scope, "parallelGateway", near=scope)
    document.add_flow(scope, fork, pick)
    document.add_flow(scope, fork, again)
    return fork


def _when(flow: Element, variable: str, value: str) -> None:
    etree.SubElement(flow, tag("conditionExpression")).text = f"{variable} == {value!r}"


def _lead_on(document: BpmnDocument, scope: Element, tails: list[Element], again: Element | None) -> None:
    """When an activity is done: complete, or back to the question (sequential), or just done (parallel)."""
    condition, done = _condition(scope), document.add_node(scope, "exclusiveGateway", near=scope)
    for tail in tails:
        document.add_flow(scope, tail, done)
    if condition:
        complete = document.add_node(scope, "endEvent", near=scope)
        etree.SubElement(complete, tag("terminateEventDefinition"))
        etree.SubElement(document.add_flow(scope, done, complete), tag("conditionExpression")).text = condition
    rest = document.add_flow(scope, done, document.add_node(scope, "endEvent", near=scope) if again is None else again)
    done.set("default", rest.get("id", ""))


def _name_it(document: BpmnDocument, scope: Element, heads: list[Element], *, sequential: bool) -> None:
    for said in children(scope, "completionCondition"):
        remove(said)
    scope.tag = tag("subProcess")
    names = ", ".join(repr(label(head)) for head in heads)
    how = "one after the other" if sequential else "also side by side"
    document.note(
        "ad-hoc-asks",
        "info",
        scope,
        f"A work item asks what comes next in {label(scope)!r}: {names}; {how}, as often as wanted, until nothing more"
        " is chosen or the completion condition holds.",
        "Write a completion condition, or draw the order if nobody is to choose.",
    )
