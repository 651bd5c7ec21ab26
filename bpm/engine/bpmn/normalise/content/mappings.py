"""Normalisation: mappings into and out of elements, in the order in which they are written.

Sources: Camunda 8 "Input/output variable mappings"; Camunda 7 "Input/output variable mapping"; Flowable "Event
registry"; SpiffWorkflow's service task operators.
"""

import re
from collections.abc import Callable, Mapping

from lxml import etree

from bpm.engine.bpmn.document import (
    ACTIVITIES,
    EVENTS,
    BpmnDocument,
    Element,
    event_definitions,
    kind,
    label,
    local,
    own,
    text_of,
)
from bpm.engine.bpmn.normalise.content.expressions import expressed, is_expression, variable_named
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions
from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import Use
from bpm.engine.expressions.functions import UnknownCallError
from bpm.engine.expressions.scripts import is_foreign
from bpm.foundation.errors import ExpressionError

_PATH = re.compile(r"(?P<name>[^\W\d][\w-]*)(?:\.(?P<at>[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*))?")


def read_mappings(document: BpmnDocument) -> None:
    """Input and output mappings: e:input and e:output with an expression each, and e:keeps where results stay local.

    The inputs of a throwing event say what its message or signal carries.
    """
    for node in document.all(*ACTIVITIES, *EVENTS):
        for part in extensions(node, *_READERS):
            _READERS[local(part.tag)](document, node, part)
        for definition in event_definitions(node) if kind(node) in ("intermediateThrowEvent", "endEvent") else ():
            for part in extensions(definition, "in"):
                _sent_with(document, node, part)


def _io_mapping(document: BpmnDocument, node: Element, mapping: Element) -> None:
    for part in mapping:
        if local(part.tag) in ("input", "output"):
            _zeebe_mapping(document, node, part)


def _operator(document: BpmnDocument, node: Element, operator: Element) -> None:
    """What Spiff's service operators are told: Python expressions by name, read behind the script before the task."""
    for part in operator.iter():
        if local(part.tag) == "parameter" and part.get("id") and part.get("value"):
            add_mapping(document, node, "input", part.get("id", ""), part.get("value", ""), "value")
    if next(extensions(node, "preScript"), None) is not None:
        for holder in node.findall(own("input")):
            holder.set("late", "true")


def _zeebe_mapping(document: BpmnDocument, node: Element, part: Element) -> None:
    """The target may be an entry of an object; with outputs, nothing else of what came leaves the element."""
    what, target = local(part.tag), part.get("target", "").strip()
    found = _PATH.fullmatch(target)
    if found is None:
        refuse_mapping(document, node, what, target, f"{target!r} is no name of a variable or of its entry.", target)
        return
    if part.get("source") is None:
        put_mapping(document, node, what, found["name"], "", expression=expressed("=null"), at=found["at"] or "")
    else:
        add_mapping(document, node, what, found["name"], part.get("source", ""), "template", at=found["at"] or "")
    if what == "output":
        node.set(own("keeps"), "true")


def _sent_with(document: BpmnDocument, node: Element, part: Element) -> None:
    """What a thrown signal carries (Camunda 7 "Pass variables with a signal"): e:passAll, or an input for each."""
    if part.get("variables") == "all":
        node.set(own("passAll"), "true")
    elif part.get("target") and (part.get("source") or part.get("sourceExpression")):
        add_mapping(document, node, "input", part.get("target", ""), *handed_over(part))


def handed_over(part: Element) -> tuple[str, Use]:
    """What `source` or `sourceExpression` hands over, and how that text is read.

    A source names a variable, and hands over what is there, nothing included. A sourceExpression without braces is a
    text that stands for itself (Camunda 7 and Flowable alike); one with braces has to have a value.
    """
    expression, source = part.get("sourceExpression", "").strip(), part.get("source", "").strip()
    if expression:
        return expression, "template"
    return source if "{" in source else f"${{execution.getVariable('{source}')}}", "value"


def _registry_parameter(document: BpmnDocument, node: Element, part: Element) -> None:
    """Flowable's events: what goes into one that is sent; of one that comes, only what is named comes in."""
    source, target = part.get("source", "").strip(), part.get("target", "").strip()
    if not source or not target:
        return
    if local(part.tag) == "eventInParameter":
        text = source if is_expression(source) else f"${{execution.getVariable('{source}')}}"
        add_mapping(document, node, "input", target, text, "value")
        return
    put_mapping(document, node, "output", target, source, came=source)
    node.set(own("keeps"), "true")


def _camunda_parameter(document: BpmnDocument, activity: Element, part: Element) -> None:
    what = "input" if local(part.tag) == "inputParameter" else "output"
    name = part.get("name", "")
    inner = next((piece for piece in part if isinstance(piece.tag, str)), None)
    if not name.strip():
        refuse_mapping(document, activity, what, name, "It names no variable.", text_of(part))
        return
    if inner is None and not text_of(part):
        # Camunda 7 takes an empty parameter for null.
        put_mapping(document, activity, what, name, "", expression="None")
        return
    if inner is None:
        add_mapping(document, activity, what, name, text_of(part), "template")
        return
    try:
        after = _structured(inner)
    except ExpressionError as error:
        if local(inner.tag) == "script" and _has_worker(activity):
            before = text_of(inner) or inner.get("resource", "")
            _leave_to_worker(
                document, activity, what, name, before, f"is a script in {inner.get('scriptFormat', '')!r}"
            )
            return
        refuse_mapping(document, activity, what, name, error.message, text_of(inner))
        return
    put_mapping(document, activity, what, name, f"<{local(inner.tag)}>", expression=after)


def _has_worker(activity: Element) -> bool:
    """Whether a worker of the model's owner does the activity, so that it can compute what its mappings say."""
    if activity.get(own("decides")):
        return False
    if kind(activity) == "scriptTask":
        return is_foreign(activity.get("scriptFormat", ""))
    return kind(activity) in ("serviceTask", "sendTask", "businessRuleTask")


def _leave_to_worker(document: BpmnDocument, activity: Element, what: str, name: str, before: str, why: str) -> None:
    """Code of another engine at a job: who does the job computes the value; coming back, it has to be there."""
    if what == "output":
        put_mapping(document, activity, what, name, before, expression=name)
    document.note(
        "mapping-left-to-worker",
        "warning",
        activity,
        f"The {what} mapping {name!r} of {label(activity)!r} {why}, which is not run here:"
        f" {'the job brings the variable back' if what == 'output' else 'the job computes it'}.",
        "Let the worker of the job do it, or write an expression over variables.",
        before=before,
    )


def _structured(inner: Element) -> str:
    if local(inner.tag) == "list":
        return _list_text(inner)
    if local(inner.tag) == "map":
        return _map_text(inner)
    if local(inner.tag) == "script" and text_of(inner):
        return expressed(text_of(inner), use="value", language=inner.get("scriptFormat", ""))
    raise ExpressionError(f"<{local(inner.tag)}> inside a parameter has no counterpart here.")


def _list_text(inner: Element) -> str:
    return tagged.listed([_part_text(item) for item in inner if isinstance(item.tag, str)])


def _map_text(inner: Element) -> str:
    entries = [entry for entry in inner if isinstance(entry.tag, str)]
    return tagged.mapped({entry.get("key", ""): _part_text(entry) for entry in entries})


def _part_text(part: Element) -> str:
    """An item of a list or an entry of a map: a text, or a list, map or script in its turn; an empty one is null."""
    if local(part.tag) in ("list", "map", "script"):
        return _structured(part)
    inner = next((piece for piece in part if isinstance(piece.tag, str)), None)
    if inner is not None:
        return _structured(inner)
    return expressed(text_of(part), use="template") if text_of(part) else "None"


def add_mapping(
    document: BpmnDocument, node: Element, what: str, name: str, text: str, use: Use, *, at: str = ""
) -> None:
    """A mapping whose value is an expression; what cannot be translated is refused, or left to the job's worker."""
    try:
        after = expressed(text, use=use)
    except UnknownCallError as error:
        if _has_worker(node):
            _leave_to_worker(document, node, what, name, text, f"calls {error.called}")
        else:
            refuse_mapping(document, node, what, name, error.message, text)
        return
    except ExpressionError as error:
        refuse_mapping(document, node, what, name, error.message, text)
        return
    put_mapping(document, node, what, name, text, expression=after, at=at)


def put_mapping(document: BpmnDocument, node: Element, what: str, name: str, before: str, **said: str) -> None:
    """Write e:input or e:output with what is said of it: expression, at, or came and whole (see `data_flow.Item`)."""
    holder = etree.SubElement(node, own(what))
    holder.set("name", name)
    for key, value in said.items():
        if value:
            holder.set(key, value)
    target = ".".join(filter(None, (name, said.get("at"))))
    document.executed(node, f"{what} {target}", before, said.get("expression") or said.get("came", ""))


def refuse_mapping(document: BpmnDocument, activity: Element, what: str, name: str, reason: str, before: str) -> None:
    """Name a mapping that cannot be executed."""
    document.note(
        "mapping-not-understood",
        "error",
        activity,
        f"The {what} mapping {name!r} of {label(activity)!r} cannot be executed. {reason}",
        "Write an expression over variables, or compute the value in a service task.",
        before=before,
    )


def let_answers_out(document: BpmnDocument) -> None:
    """What a form asks for on behalf of a gateway leaves the task, also where its results stay local."""
    asked = {gateway.get(own("decision"), "") for gateway in document.all("exclusiveGateway", "inclusiveGateway")} - {
        ""
    }
    for task in document.all("userTask"):
        if task.get(own("keeps")):
            fields = document.forms.get(task.get("id", ""), {}).get("properties", {})
            for name in sorted(asked & set(fields)):
                put_mapping(document, task, "output", name, "", expression=variable_named(name))


_READERS: Mapping[str, Callable[[BpmnDocument, Element, Element], None]] = {
    "inputParameter": _camunda_parameter,
    "outputParameter": _camunda_parameter,
    "ioMapping": _io_mapping,
    "eventInParameter": _registry_parameter,
    "eventOutParameter": _registry_parameter,
    "serviceTaskOperator": _operator,
}
"""Extension element -> who reads it."""
