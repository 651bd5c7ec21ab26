"""Normalisation: form fields declared inside the model, as one JSON Schema per user task or start event."""

from typing import Any

from bpm.engine.bpmn.booleans import is_false, is_true
from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import BpmnDocument, Element, label, local, own
from bpm.engine.bpmn.normalise.content.form_field_rest import LIMITS, TYPES, limit_of, name_rest
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions
from bpm.engine.plain_values import problem_of
from bpm.engine.rules.variables import name_problem


def read_form_fields(document: BpmnDocument) -> None:
    """Camunda's formField, Flowable's and Activiti's formProperty: fields of the task's form."""
    for element in document.all("userTask", "startEvent"):
        parts = list(extensions(element, "formField", "formProperty"))
        if parts and (chosen := _other_form(element)):
            _note_second_form(document, element, chosen, parts)
            continue
        for part in parts:
            name = part.get("id", "")
            problem = name_problem(name) if name.isidentifier() else "It is no name of a variable."
            if not problem and name in document.forms.get(element.get("id", ""), {}).get("properties", {}):
                problem = "It is there twice; the first is asked for."
            if problem:
                _note_field(document, element, name, problem)
                continue
            schema = _schema(part)
            add_field(document, element, name, schema, is_required=_is_required(part))
            name_rest(document, element, part, schema)


def _other_form(element: Element) -> str:
    """The form that the element names beside fields of its own."""
    named = element.get(own("form"), "")
    return element.get(own("formExpression"), "") or (named if named != element.get("id", "") else "")


def _note_second_form(document: BpmnDocument, element: Element, chosen: str, parts: list[Element]) -> None:
    names = ", ".join(part.get("id", "") for part in parts)
    for part in parts:
        mark_whole(part)
    document.note(
        "form-part",
        "warning",
        element,
        f"{label(element)!r} names the form {chosen!r} and fields of its own, too: these are not asked for: {names}.",
        "Put the fields into the form, or take the form away.",
        before=names,
    )


def _note_field(document: BpmnDocument, element: Element, name: str, problem: str) -> None:
    document.note(
        "form-field-name",
        "warning",
        element,
        f"The form of {label(element)!r} cannot ask for the field {name!r}; it is left out. {problem}",
        "Give the field an id of letters, digits and underscores that is no word of a language.",
        before=name,
    )


def _schema(part: Element) -> dict[str, Any]:
    schema = dict(TYPES.get(part.get("type", "string"), {"type": "string"}))
    schema["title"] = part.get("label") or part.get("name") or part.get("id", "")
    values = [each for each in part if isinstance(each.tag, str) and local(each.tag) == "value" and each.get("id")]
    if values:
        schema["enum"] = [piece.get("id", "") for piece in values]
        schema["x-labels"] = {piece.get("id", ""): piece.get("name") or piece.get("id", "") for piece in values}
    default = part.get("defaultValue") or part.get("default") or ""
    if default and "{" not in default:
        schema["default"] = _typed(default, schema["type"])
    if (not is_false(part.get("readable")) and is_false(part.get("writable"))) or is_false(part.get("writeable")):
        schema["readOnly"] = True
    for constraint in part.iter():
        if isinstance(constraint.tag, str) and local(constraint.tag) == "constraint":
            _constrain(schema, constraint.get("name", ""), constraint.get("config", ""))
    return schema


def _typed(text: str, kind: str) -> Any:
    if kind == "boolean":
        return is_true(text)
    try:
        value = {"integer": int, "number": float}.get(kind, str)(text)
    except ValueError:
        return text
    # What no database keeps as a number stays the text that it is: whoever fills the form in sees it.
    return text if problem_of(value) else value


def _constrain(schema: dict[str, Any], name: str, config: str) -> None:
    if (limit := limit_of(schema["type"], name, config)) is not None:
        schema[LIMITS[name]] = limit
    if name == "readonly":
        schema["readOnly"] = True


def _is_required(part: Element) -> bool:
    pieces = (piece for piece in part.iter() if isinstance(piece.tag, str))
    return is_true(part.get("required")) or any(
        local(piece.tag) == "constraint" and piece.get("name") == "required" for piece in pieces
    )


def add_field(
    document: BpmnDocument, element: Element, name: str, schema: dict[str, Any], *, is_required: bool
) -> None:
    """Put one field into the form that belongs to the element; the form is made if there is none."""
    form = document.forms.setdefault(
        element.get("id", ""), {"type": "object", "title": label(element), "properties": {}, "required": []}
    )
    form["properties"][name] = schema
    if is_required and name not in form["required"]:
        form["required"].append(name)
    if not element.get(own("form")):
        element.set(own("form"), element.get("id", ""))
