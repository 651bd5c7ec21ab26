"""Normalisation: form fields declared inside the model, as one JSON Schema per user task or start event."""

import re
from typing import Any

from bpm.engine.bpmn.booleans import is_false, is_true
from bpm.engine.bpmn.document import BpmnDocument, Element, label, local, own
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions
from bpm.engine.plain_values import problem_of
from bpm.engine.rules.variables import name_problem

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string"},
    "long": {"type": "integer"},
    "int": {"type": "integer"},
    "integer": {"type": "integer"},
    "double": {"type": "number"},
    "float": {"type": "number"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "enum": {"type": "string"},
}


def read_form_fields(document: BpmnDocument) -> None:
    """Camunda's formField, Flowable's and Activiti's formProperty: fields of the task's form."""
    for element in document.all("userTask", "startEvent"):
        for part in extensions(element, "formField", "formProperty"):
            name = part.get("id", "")
            problem = name_problem(name) if name.isidentifier() else "It is no name of a variable."
            if problem:
                _note_field(document, element, name, problem)
                continue
            add_field(document, element, name, _schema(part), is_required=_is_required(part))
            _note_constraints(document, element, part, name)


def _note_constraints(document: BpmnDocument, element: Element, part: Element, name: str) -> None:
    """Constraints that only a class of another engine can check, or a limit that is no whole number."""
    for piece in part.iter():
        rule = f"{piece.get('name', '')} {piece.get('config', '')}".strip() if local(piece.tag) == "constraint" else ""
        limits = re.fullmatch(r"(min|max|minlength|maxlength) -?\d{1,18}", rule)
        if rule and not limits and rule.partition(" ")[0] not in ("required", "readonly"):
            document.note(
                "form-part",
                "warning",
                element,
                f"The field {name!r} of {label(element)!r} is not checked for {rule!r}.",
                "Write it as required, min, max, minlength or maxlength, or check it in the process.",
                before=rule,
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
    schema = dict(_TYPES.get(part.get("type", "string"), {"type": "string"}))
    schema["title"] = part.get("label") or part.get("name") or part.get("id", "")
    values = [piece for piece in part if local(piece.tag) == "value"]
    if values:
        schema["enum"] = [piece.get("id", "") for piece in values]
        schema["x-labels"] = {piece.get("id", ""): piece.get("name") or piece.get("id", "") for piece in values}
    default = part.get("defaultValue") or part.get("default") or ""
    if default and "{" not in default:
        schema["default"] = _typed(default, schema["type"])
    if (not is_false(part.get("readable")) and is_false(part.get("writable"))) or is_false(part.get("writeable")):
        schema["readOnly"] = True
    for constraint in part.iter():
        if local(constraint.tag) == "constraint":
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
    limits = {"minlength": "minLength", "maxlength": "maxLength", "min": "minimum", "max": "maximum"}
    if name in limits and re.fullmatch(r"-?\d{1,18}", config):
        schema[limits[name]] = int(config)
    if name == "readonly":
        schema["readOnly"] = True


def _is_required(part: Element) -> bool:
    constraints = (piece for piece in part.iter() if local(piece.tag) == "constraint")
    return is_true(part.get("required")) or any(piece.get("name") == "required" for piece in constraints)


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
