"""Forms from JSON Schema: the fields to draw, and the values that came back."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from werkzeug.datastructures import MultiDict

from bpm.engine.form_schemas.drawing import parts_of

Schema = Mapping[str, Any]
Posted = MultiDict[str, str]

INPUTS = {"date": "date", "date-time": "datetime-local", "time": "time", "email": "email", "uri": "url"}
LIMITS = {"minimum": "min", "maximum": "max", "minLength": "minlength", "maxLength": "maxlength"}
LONG = 200
"""A text that may be longer than this gets several lines."""


@dataclass(frozen=True)
class Field:
    """One field as the macro `ui.field` draws it."""

    name: str
    label: str
    kind: str
    """An input's type, or area | select | check | checks | radios."""
    help: str = ""
    required: bool = False
    value: str = ""
    values: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 4
    error: str = ""
    prefix: str = ""

    @property
    def id(self) -> str:
        return f"field-{self.prefix}{self.name}"

    def with_value(self, value: str, *, error: str = "") -> "Field":
        """The same field, filled in."""
        return replace(self, value=value, error=error)


FREE = Field(
    name="free values",
    label="Values",
    kind="area",
    help="One on each line, as name = value. Numbers, true, false and JSON are taken as such, the rest as text.",
)
"""What is asked for where a model declares no form."""


def fields_of(
    schema: Schema, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, prefix: str = ""
) -> list[Field]:
    """The schema's properties as fields with `values` filled in; `prefix` tells forms on one page apart."""
    required = set(schema.get("required", ()))
    fields = (
        _field(name, part, values.get(name, part.get("default")), required=name in required)
        for name, part in parts_of(schema).items()
    )
    return [replace(each, error=(errors or {}).get(each.name, ""), prefix=prefix) for each in fields]


def _field(name: str, part: Schema, value: Any, *, required: bool) -> Field:
    items = part.get("items", {})
    several = part.get("type") == "array"
    return Field(
        name=name,
        label=str(part.get("title") or name.replace("_", " ").capitalize()),
        kind=_kind(part),
        help=str(part.get("description", "")),
        required=required and part.get("type") != "boolean",
        value=_text(value),
        values=[_text(each) for each in value] if isinstance(value, list) else [_text(value)],
        options=_options(items if several else part),
        limits=_limits(part),
    )


def _kind(part: Schema) -> str:
    if part.get("readOnly"):
        return "fixed"
    if part.get("type") == "array":
        return "checks"
    if "enum" in part or "oneOf" in part:
        return "radios" if len(_options(part)) <= 4 else "select"
    if part.get("type") == "boolean":
        return "check"
    if part.get("type") in {"integer", "number"}:
        return "number"
    if part.get("format") in INPUTS:
        return INPUTS[str(part["format"])]
    long = part.get("format") == "textarea" or part.get("maxLength", LONG) > LONG
    return "area" if long else "text"


def _options(part: Schema) -> list[tuple[str, str]]:
    if "oneOf" in part:
        return [(_text(each.get("const")), str(each.get("title", each.get("const")))) for each in part["oneOf"]]
    labels = part.get("x-labels")
    named = labels if isinstance(labels, dict) else {}
    return [(_text(each), str(named.get(str(each)) or each).replace("_", " ")) for each in part.get("enum", ())]


def _limits(part: Schema) -> dict[str, Any]:
    limits = {attribute: part[word] for word, attribute in LIMITS.items() if word in part}
    if part.get("type") == "number":
        limits["step"] = "any"
    return limits


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_fields(schema: Schema, posted: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """The posted values in the schema's types, and what could not be read; empty optional ones are left out.

    Only the schema's own names are taken; whether the values fit is for the schema's validation to say.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, part in parts_of(schema).items():
        if part.get("readOnly"):
            continue
        try:
            value = _read(part, posted, name)
        except ValueError:
            values[name] = posted.get(name)
            problems[name] = "Give a number." if part.get("type") == "number" else "Give a whole number."
            continue
        if value is not None:
            values[name] = value
    return values, problems


def _read(part: Schema, posted: Posted, name: str) -> Any:
    if part.get("type") == "array":
        return [_typed(part.get("items", {}), each) for each in posted.getlist(name)]
    if part.get("type") == "boolean" and "enum" not in part:
        return posted.get(name) == "true"
    raw = posted.get(name, "").strip()
    return None if raw == "" else _typed(part, raw)


def _typed(part: Schema, raw: str) -> Any:
    if part.get("type") == "integer":
        return int(raw)
    if part.get("type") == "number":
        return _finite(raw.replace(",", "."))
    if part.get("type") == "boolean":
        return raw == "true"
    for option in [each.get("const") for each in part.get("oneOf", ())] + list(part.get("enum", ())):
        if _text(option) == raw:
            return option
    return raw


def _finite(raw: str) -> float:
    """A number that JSON can say; ValueError for the rest, such as `nan`."""
    number = float(raw)
    if not math.isfinite(number):
        raise ValueError(raw)
    return number


def missing(schema: Schema, values: Mapping[str, Any]) -> dict[str, str]:
    """What the schema asks for and `values` lack."""
    return {name: "This is needed." for name in schema.get("required", ()) if values.get(name) is None}


def read_free(posted: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """The lines of the field `FREE` as values, and what could not be read."""
    values: dict[str, Any] = {}
    for number, line in enumerate(posted.get(FREE.name, "").splitlines(), start=1):
        name, sign, text = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not (sign and name.isidentifier()):
            return values, {FREE.name: f"Line {number} is not of the form name = value."}
        try:
            values[name] = orjson.loads(text)
        except ValueError:
            values[name] = text
    return values, {}
