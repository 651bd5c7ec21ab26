"""Forms from JSON Schema: the fields to draw, and the values that came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Schema = Mapping[str, Any]

INPUTS = {"date": "date", "date-time": "datetime-local", "time": "time", "email": "email", "uri": "url"}
LIMITS = {"minimum": "min", "maximum": "max", "minLength": "minlength", "maxLength": "maxlength"}
LONG = 200
"""A text that may be longer than this gets several lines."""


class Posted(Protocol):
    """The part of a posted form that is read here."""

    def get(self, key: str, default: str = "") -> str: ...
    def getlist(self, key: str) -> list[str]: ...


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

    @property
    def id(self) -> str:
        return f"field-{self.name}"


def fields_of(
    schema: Schema, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, asked: bool = False
) -> list[Field]:
    """The schema's properties as fields with `values` filled in; `asked` keeps wrong texts as they were typed."""
    required = set(schema.get("required", ()))
    return [
        _field(name, part, name in required, values.get(name, part.get("default")), (errors or {}).get(name, ""))
        for name, part in schema.get("properties", {}).items()
    ]


def _field(name: str, part: Schema, required: bool, value: Any, error: str) -> Field:  # noqa: FBT001
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
        error=error,
    )


def _kind(part: Schema) -> str:
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
    return [(_text(each), str(each).replace("_", " ")) for each in part.get("enum", ())]


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
    for name, part in schema.get("properties", {}).items():
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
        return float(raw.replace(",", "."))
    if part.get("type") == "boolean":
        return raw == "true"
    for option in [each.get("const") for each in part.get("oneOf", ())] + list(part.get("enum", ())):
        if _text(option) == raw:
            return option
    return raw
