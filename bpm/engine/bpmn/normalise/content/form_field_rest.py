"""What a form field inside a model says and no form here does: named by field, setting and remedy.

Sources: Camunda 7 "Form fields" (properties, validation, types, datePattern), Flowable and Activiti "Form properties"
(variable, expression, datePattern, readable).
"""

import re
from collections.abc import Iterator
from typing import Any

from bpm.engine.bpmn.booleans import is_false
from bpm.engine.bpmn.consumed import mark, mark_whole, unread
from bpm.engine.bpmn.document import BpmnDocument, Element, label, local

TYPES: dict[str, dict[str, Any]] = {
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
"""Types of fields -> what is asked for."""
LIMITS = {"min": "minimum", "max": "maximum", "minlength": "minLength", "maxlength": "maxLength"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_WHOLE = re.compile(r"\d{1,9}")
_FITS = {"min": ("integer", "number"), "max": ("integer", "number"), "minlength": ("string",), "maxlength": ("string",)}
_LOSES = {
    "datePattern": ("The date is asked for by the browser and kept as 2030-12-31.", "Leave the pattern out."),
    "variable": ("The answer is kept under the field's own id.", "Give the field the variable's name as its id."),
    "expression": ("Nothing is worked out for it.", "Set the value in a script task before the task."),
}


def limit_of(kind: str, name: str, config: str) -> Any:
    """The limit that a constraint sets to a value of JSON Schema's type `kind`; None where it sets none."""
    wanted = _NUMBER if name in ("min", "max") else _WHOLE
    if kind not in _FITS.get(name, ()) or not wanted.fullmatch(config):
        return None
    number = float(config)
    return int(config) if "." not in config else int(number) if number.is_integer() else number


def name_rest(document: BpmnDocument, element: Element, part: Element, schema: dict[str, Any]) -> None:
    """One finding for each thing that the field says and that `schema` does not hold; nothing of it is told again."""
    named = [*_constraints(part, schema), *_values(part, schema), *_properties(part)]
    mark(part, "label")
    for each in unread(part):
        name = local(each.attribute) if each.attribute else local(each.element.tag)
        owner = "" if each.element is part or not each.attribute else f"{local(each.element.tag)} "
        value = str(each.element.attrib[each.attribute]) if each.attribute else (each.element.text or "").strip()
        lost, remedy = _LOSES.get(name, ("", "Leave it out, or draw what it does."))
        named.append((f"{owner}{name} ({value[:60]})", lost, remedy, "warning"))
    mark_whole(part)
    for setting, lost, remedy, severity in named:
        message = f"The field {part.get('id', '')!r} of {label(element)!r} sets {setting}, which is not used here."
        document.note("form-part", severity, element, f"{message} {lost}".strip(), remedy, before=setting)


_Named = tuple[str, str, str, Any]


def _constraints(part: Element, schema: dict[str, Any]) -> Iterator[_Named]:
    """Constraints that only a class of another engine can check, and limits that fit no value of the field."""
    for piece in part.iter():
        if not isinstance(piece.tag, str) or local(piece.tag) != "constraint":
            continue
        name, config = piece.get("name", ""), piece.get("config", "")
        if name in ("required", "readonly") or limit_of(schema["type"], name, config) is not None:
            continue
        yield (
            f"the constraint {f'{name} {config}'.strip()!r}",
            "The field is not checked for it.",
            _LIMITED,
            "warning",
        )


_LIMITED = "Write it as required, min or max of a number, minlength or maxlength of a text, or check it in the process."


def _values(part: Element, schema: dict[str, Any]) -> Iterator[_Named]:
    """Types, defaults and options that are not taken as they stand."""
    kind, default = part.get("type", ""), part.get("defaultValue") or part.get("default") or ""
    if kind and kind not in TYPES:
        yield f"the type {kind!r}", "It is asked for as a text.", f"Use one of {', '.join(sorted(TYPES))}.", "warning"
    if default and "default" not in schema:
        yield f"the default {default!r}", "The field begins empty.", _DEFAULTS, "warning"
    elif default and (wrong := _misfit(schema)):
        yield f"the default {default!r}", wrong, _DEFAULTS, "warning"
    if is_false(part.get("readable")):
        yield "readable (false)", "Whoever works on the task sees it.", "Leave the field out.", "warning"
    values = [piece for piece in part if isinstance(piece.tag, str) and local(piece.tag) == "value"]
    if kind == "enum" and not values:
        yield "no value to choose from", "It is asked for as a text.", "List its values.", "warning"
    for piece in values:
        if not piece.get("id"):
            yield f"a value without an id ({piece.get('name', '')})", "It is left out.", "Give it an id.", "warning"


_DEFAULTS = "Write a plain value of the field's type, or set the variable in a script task before the task."


def _misfit(schema: dict[str, Any]) -> str:
    value = schema["default"]
    if "enum" in schema and value not in schema["enum"]:
        return "It is none of the field's values."
    if schema["type"] in ("integer", "number") and isinstance(value, str):
        return "It is no number."
    if schema.get("format") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return "A date is written as 2030-12-31."
    return ""


def _properties(part: Element) -> Iterator[_Named]:
    for piece in part.iter():
        if isinstance(piece.tag, str) and local(piece.tag) == "property":
            name, value = piece.get("id") or piece.get("name") or "", piece.get("value", "")
            mark_whole(piece)
            yield (
                f"the custom property {name} ({value[:60]})",
                "",
                "Nothing needs to be done if it is a note; draw what it does if it is more.",
                "info",
            )
