"""Forms are checked before they are deployed: a work item whose form cannot be filled in would wait for ever."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, SchemaError
from jsonschema.validators import validator_for

from bpm.engine.findings import Finding
from bpm.engine.variables import name_problem

DEEPEST = 40
_BOUNDLESS = re.compile(r"\([^()]*[+*][^()]*\)[+*{]")
"""A repetition of a repetition: such a pattern can take longer than anybody waits."""


def check_forms(forms: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Every problem of the JSON Schemas of forms; each blocks, and names the form and the place in it.

    A form is an object's schema whose fields become variables, so their names have to be names of variables.
    """
    return tuple(finding for key, schema in forms.items() for finding in _problems(key, schema))


def _problems(key: str, schema: Any) -> Iterator[Finding]:
    if not isinstance(schema, dict):
        yield _finding(key, "", "form-not-schema", "It is no JSON object.", "Write a JSON Schema of type object.")
        return
    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        yield _finding(key, error.json_path, "form-not-schema", error.message, "Mend the JSON Schema there.")
        return
    except RecursionError:
        yield _finding(key, "", "form-not-schema", "It is nested too deeply.", "Ask for less in one form.")
        return
    if schema.get("type", "object") != "object":
        yield _finding(key, "$.type", "form-not-schema", "A form is of type object.", 'Write "type": "object".')
    yield from _field_names(key, schema)
    yield from _inside(key, schema, "$", 0)


def _field_names(key: str, schema: Mapping[str, Any]) -> Iterator[Finding]:
    fields = schema.get("properties", {})
    for name in fields:
        if problem := name_problem(name):
            yield _finding(key, f"$.properties.{name}", "form-field-name", problem, "Rename the field.")
    for name in schema.get("required", ()):
        if name not in fields and not schema.get("additionalProperties"):
            yield _finding(
                key,
                "$.required",
                "form-field-missing",
                f"The field {name!r} is required and not there, so nobody could ever complete it.",
                "Add the field, or do not require it.",
            )


def _inside(key: str, part: Any, place: str, depth: int) -> Iterator[Finding]:
    if depth > DEEPEST:
        yield _finding(key, place, "form-not-schema", "It is nested too deeply.", "Ask for less in one form.")
        return
    if isinstance(part, list):
        for number, item in enumerate(part):
            yield from _inside(key, item, f"{place}[{number}]", depth + 1)
    if not isinstance(part, dict):
        return
    for name in ("$ref", "$dynamicRef"):
        if isinstance(part.get(name), str) and not part[name].startswith("#"):
            yield _finding(
                key,
                f"{place}.{name}",
                "form-remote",
                f"{part[name]!r} is another document; forms stand alone and nothing is fetched.",
                "Copy what it says into the form, under $defs.",
            )
    if isinstance(part.get("pattern"), str) and _BOUNDLESS.search(part["pattern"]):
        message = f"{part['pattern']!r} repeats a repetition and could run for ever."
        yield _finding(key, f"{place}.pattern", "form-pattern", message, "Write a simpler pattern.")
    for name, item in part.items():
        if name not in ("const", "enum", "default", "examples"):
            yield from _inside(key, item, f"{place}.{name}", depth + 1)


def _finding(key: str, place: str, code: str, message: str, remedy: str) -> Finding:
    at = f" at {place}" if place not in ("", "$") else ""
    return Finding(
        code=code, severity="error", message=f"Form {key}{at}: {message}"[:600], remedy=remedy, element=key, name=key
    )
