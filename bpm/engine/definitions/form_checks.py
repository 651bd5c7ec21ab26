"""Forms are checked before they are deployed: a work item whose form cannot be filled in would wait for ever."""

from collections.abc import Iterator, Mapping
from typing import Any

from bpm.engine.findings import Finding, Severity
from bpm.engine.form_schemas.reading import LARGEST, Problem, problems_of, size_of
from bpm.engine.form_schemas.validation import shape_problem
from bpm.engine.forms.form_js import is_form_js
from bpm.engine.forms.given import FINDINGS
from bpm.engine.rules.variables import name_problem

LARGEST_TOGETHER = 10 * LARGEST
"""Bytes of all forms of one model."""


def check_forms(forms: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Every problem of the JSON Schemas of forms; errors block, and each names the form and the place in it.

    A form is an object's schema whose fields become variables, so their names have to be names of variables. What is
    too large for its bounds is not looked into; still this can take seconds, so that uploads ask the child process.
    """
    found = [(key, problem) for key, schema in forms.items() for problem in (*_problems(schema), *_of_file(schema))]
    return tuple(_finding(key, problem) for key, problem in found)


def _of_file(schema: Any) -> Iterator[Problem]:
    """What was told when a file of another tool was read into the schema."""
    told = schema.get(FINDINGS) if isinstance(schema, Mapping) else None
    for each in told if isinstance(told, list) else ():
        if isinstance(each, list) and len(each) == 4:
            severity, part, message, remedy = map(str, each)
            shown = f"{part!r}: {message}" if part else message
            yield Problem("", "form-part", shown, remedy, _severity(severity))


def fits(schema: Any) -> bool:
    """Whether a form is small enough to be looked into at all."""
    size = size_of(schema)
    return size is not None and size <= LARGEST


def too_many(size: int) -> Finding:
    """The finding of forms that are too large together; `size` in bytes."""
    message = f"The forms come to {size} bytes together; at most {LARGEST_TOGETHER} are read."
    return Finding(code="form-too-large", severity="error", message=message, remedy="Ask for less in the forms.")


def _problems(schema: Any) -> Iterator[Problem]:
    if is_form_js(schema):
        yield Problem("", "form-not-schema", "The form could not be read.", "Ask for less in it, or export it again.")
        return
    found = problems_of(schema)
    yield from found
    if any(problem.severity == "error" for problem in found):
        return
    if (shape := shape_problem(schema)) is not None:
        yield shape
        return
    if schema.get("type", "object") != "object":
        yield Problem("/type", "form-not-schema", "A form is of type object.", 'Write "type": "object".')
    yield from _field_names(schema)


def _field_names(schema: Mapping[str, Any]) -> Iterator[Problem]:
    fields = schema.get("properties", {})
    for name in fields:
        if problem := name_problem(name):
            yield Problem(f"/properties/{name[:200]}", "form-field-name", problem, "Rename the field.")
    for name in schema.get("required", ()):
        if name not in fields and not schema.get("additionalProperties"):
            yield Problem(
                "/required",
                "form-field-missing",
                f"The field {name!r} is required and not there, so nobody could ever complete it.",
                "Add the field, or do not require it.",
            )


def _severity(said: str) -> Severity:
    return "error" if said == "error" else "info" if said == "info" else "warning"


def _finding(key: str, problem: Problem) -> Finding:
    at = f" at #{problem.place}" if problem.place else ""
    return Finding(
        code=problem.code,
        severity=_severity(problem.severity),
        message=f"Form {key}{at}: {problem.message}"[:600],
        remedy=problem.remedy,
        element=key,
        name=key,
    )
