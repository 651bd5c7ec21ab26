"""Reading the details of one element, or of the process itself, out of the executable XML."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from lxml import etree
from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.spiff.specs.definitions import E_NS, number, read_first_values, read_loop, read_mapping, tag_of
from bpm.engine.spiff.specs.details import Details, Setting

_SETTINGS = ("topic", "retries", "group", "assignee", "form", "due", "priority", "decision")
_TEXTS = {
    "retry_in": "retryIn",
    "initiator": "initiator",
    "result_variable": "resultVariable",
    "map_result": "mapResult",
    "needs_hit": "needsHit",
    "value_expression": "valueExpression",
}
"""Detail -> our attribute."""
_MARKS = {
    "triggered": ("triggeredByEvent", "true"),
    "instantiate": ("instantiate", "true"),
    "parallel": ("eventGatewayType", "Parallel"),
    "parallel_multiple": ("parallelMultiple", "true"),
    "passed": (f"{E_NS}passed", "true"),
    "keeps": (f"{E_NS}keeps", "true"),
    "carries": (f"{E_NS}carries", "true"),
    "result_here": (f"{E_NS}resultHere", "true"),
    "pass_own": (f"{E_NS}passOwn", "true"),
    "within": (f"{E_NS}within", "true"),
}
"""Detail -> the attribute and value that stand for it."""


def read_process(node: etree._Element) -> Details:
    """What a process says about itself as a scope."""
    return Details(undo_together=node.get(f"{E_NS}undoTogether") == "true", first=read_first_values(node))


def read_details(
    node: etree._Element, root: etree._Element, roots: Mapping[str, etree._Element], *, handler: str | None
) -> Details:
    """What an element says; `roots` stand in `root` by id, `handler` is what an association makes its handler."""
    own = {str(name)[len(E_NS) :]: str(value) for name, value in node.attrib.items() if str(name).startswith(E_NS)}
    found: dict[str, Any] = {name: own[said] for name, said in _TEXTS.items() if own.get(said)}
    found |= {name: True for name, (said, value) in _MARKS.items() if node.get(said) == value}
    for part in (_settings(own), _by_kind(node, own, handler), _quantities(node)):
        found.update(part)
    return Details(
        **found,
        pass_all=own["passAll"] == "true" if "passAll" in own else None,
        return_all=own["returnAll"] == "true" if "returnAll" in own else None,
        inputs=tuple(map(read_mapping, node.iterfind(f"{E_NS}input"))),
        outputs=tuple(map(read_mapping, node.iterfind(f"{E_NS}output"))),
        script=node.findtext(full_tag("script")),
        before=node.findtext(f"{E_NS}before") or None,
        after=node.findtext(f"{E_NS}after") or None,
        rules=_rules(own, root),
        loop=read_loop(node, roots),
        first=read_first_values(node),
    )


def _settings(own: Mapping[str, str]) -> Iterator[tuple[str, Setting]]:
    for what in _SETTINGS:
        yield what, Setting(what, own.get(what) or None, own.get(f"{what}Expression") or None)
    yield "follow_up", Setting("follow_up", own.get("followUp") or None, own.get("followUpExpression") or None)
    yield "name", Setting("name", None, own.get("nameExpression") or None)


def _by_kind(node: etree._Element, own: Mapping[str, str], handler: str | None) -> Iterator[tuple[str, Any]]:
    kind = tag_of(node)
    if kind == "callActivity":
        called = node.get("calledElement") or own.get("calledElement")
        yield "called", Setting("called", called, own.get("calledElementExpression"))
    if kind == "complexGateway":
        yield "activation", (node.findtext(full_tag("activationCondition")) or "").strip()
    if kind == "boundaryEvent":
        yield "attached", node.get("attachedToRef")
        yield "interrupting", node.get("cancelActivity", "true") == "true"
        yield "handler", own.get("handler") or handler
    if kind == "startEvent":
        yield "interrupting", node.get("isInterrupting", "true") == "true"


def _quantities(node: etree._Element) -> Iterator[tuple[str, int]]:
    for name, said in (("start_quantity", "startQuantity"), ("completion_quantity", "completionQuantity")):
        text = node.get(said) or "1"
        if text != "1":
            yield name, max(number(text), 1)


def _rules(own: Mapping[str, str], root: etree._Element) -> Mapping[str, Any] | None:
    """{id: decision as plain values} of a decision and all it requires; of all where an expression names it."""
    if not own.get("decides"):
        return None
    written = {node.get("name") or "": node.text or "" for node in root.iterchildren(f"{E_NS}rules")}
    found: dict[str, Any] = {}
    todo = sorted(written) if own.get("decisionExpression") else [own["decision"]]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = orjson.loads(written[name])
            todo.extend(found[name]["requires"])
    return found
