"""A form as JSON Schema, which judges what is sent, and back; what the standard has no word for is written as `x-...`.

Source: JSON Schema 2020-12. Any schema comes in: what it does not say about drawing is filled in plainly.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from bpm.engine.form_schemas.drawing import part_of, parts_of
from bpm.engine.forms.in_words import in_words
from bpm.engine.forms.model import KINDS, Field, Form, Kind, Limits, Option, Section

Schema = dict[str, Any]

_TYPES: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "long text": {"type": "string", "format": "textarea"},
    "email": {"type": "string", "format": "email"},
    "link": {"type": "string", "format": "uri"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "money": {"type": "number"},
    "yes-no": {"type": "boolean"},
    "check": {"type": "boolean"},
    "many": {"type": "array", "uniqueItems": True},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "date-time": {"type": "string", "format": "date-time"},
    "duration": {"type": "string", "pattern": r"^P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$"},
    "file": {},
    "computed": {},
    "lines": {"type": "array", "items": {"type": "string"}},
}
_FORMATS = {"date": "date", "date-time": "date-time", "time": "time", "email": "email", "uri": "link",
            "textarea": "long text", "duration": "duration"}  # fmt: skip
_SAID_BY_TYPE = frozenset(["text", "long text", "email", "link", "number", "integer", "check", "date", "time",
                           "date-time", "group"])  # fmt: skip
_LIMITS = {
    "minimum": "minimum", "maximum": "maximum", "above": "exclusiveMinimum", "below": "exclusiveMaximum",
    "step": "multipleOf", "shortest": "minLength", "longest": "maxLength", "pattern": "pattern", "fewest": "minItems",
    "most": "maxItems",
}  # fmt: skip
LONG = 200
"""A text that may be longer than this gets several lines."""
_MOST_DEEP = 4


def schema_of(form: Form) -> Schema:
    """The form as JSON Schema; `form_of` reads it back as it was."""
    fields = [field for field in form.fields() if field.name]
    found: Schema = {"type": "object", "title": form.title, **_object(fields)}
    if form.suggested:
        found |= {"x-suggested": True, "additionalProperties": True}
    if form.id:
        found["x-id"] = form.id
    if _needs_layout(form):
        found["x-layout"] = [_section_plain(section) for section in form.sections]
    return found


def _object(fields: list[Field]) -> Schema:
    required = [field.name for field in fields if field.required and not _is_conditional(field)]
    wanted = [field.name for field in fields if field.required and _is_conditional(field)]
    found: Schema = {"properties": {field.name: _part(field) for field in fields}, "required": required}
    return {**found, "x-required-if-shown": wanted} if wanted else found


def _is_conditional(field: Field) -> bool:
    return bool(field.visible_if or field.hidden_if)


def _part(field: Field) -> Schema:
    found: Schema = dict(_TYPES.get(field.kind, {}))
    if field.kind == "group":
        found = {"type": "object", **_object([each for each in field.fields if each.name])}
    elif field.kind == "list":
        found = {"type": "array", "items": {"type": "object", **_object([e for e in field.fields if e.name])}}
    elif field.kind == "lines" and field.fields:
        found["items"] = {"type": field.fields[0].kind}
    found["title"] = field.label
    if field.kind not in _SAID_BY_TYPE and not (field.kind == "choice" and field.options):
        found["x-kind"] = field.kind
    if field.kind == "check" and field.required:
        found["const"] = True
    if field.options:
        found |= _enumerated(field)
    found |= {word: value for name, word in _LIMITS.items() if (value := getattr(field.limits, name)) not in (None, "")}
    said = {
        "description": field.help, "default": field.default, "readOnly": field.read_only or None,
        "x-options-from": field.options_from, "x-visible-if": list(field.visible_if),
        "x-hidden-if": list(field.hidden_if), "x-read-only-if": field.read_only_if, "x-value-from": field.value_from,
        "x-prefix": field.prefix, "x-suffix": field.suffix,
    }  # fmt: skip
    return found | {word: value for word, value in said.items() if value not in (None, "", [])}


def _enumerated(field: Field) -> Schema:
    values = [option.value for option in field.options]
    labels = {_key(option.value): option.label for option in field.options}
    if field.kind == "many":
        return {"items": {"enum": values, "x-labels": labels}}
    plain = {type(value) for value in values}
    kind = {"type": "string"} if plain == {str} else {"type": "boolean"} if plain == {bool} else {}
    return {**kind, "enum": values, "x-labels": labels}


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _needs_layout(form: Form) -> bool:
    plain = len(form.sections) == 1 and form.sections[0] == Section(form.sections[0].fields)
    return not plain or any(not field.name for field in form.fields())


def _section_plain(section: Section) -> Schema:
    items = [field.name or _note_plain(field) for field in section.fields]
    found: Schema = {"title": section.title, "items": items}
    found |= {"visible-if": list(section.visible_if)} if section.visible_if else {}
    return found | ({"hidden-if": list(section.hidden_if)} if section.hidden_if else {})


def _note_plain(field: Field) -> Schema:
    found: Schema = {
        "text": field.label,
        "columns": [[each.name, each.label] for each in field.fields],
        "visible-if": list(field.visible_if),
        "hidden-if": list(field.hidden_if),
        "value-from": field.value_from,
    }
    return {name: value for name, value in found.items() if value}


def is_made(schema: Any) -> bool:
    """Whether the form was made from what a model reads, and came with nobody's files."""
    return isinstance(schema, Mapping) and schema.get("x-suggested") is True


def form_of(schema: Any) -> Form:
    """The form that a JSON Schema asks for, whoever wrote it."""
    if not isinstance(schema, Mapping):
        return Form(())
    fields = {field.name: field for field in _fields(schema, parts_of(schema), schema, 0)}
    return Form(
        sections=tuple(_sections(schema.get("x-layout"), fields)),
        title=str(schema.get("title") or ""),
        id=str(schema.get("x-id") or ""),
        suggested=schema.get("x-suggested") is True,
    )


def _sections(layout: Any, fields: Mapping[str, Field]) -> Iterator[Section]:
    """As the layout says; fields that it leaves out stand at the end."""
    left = dict(fields)
    for part in layout if isinstance(layout, list) else ():
        if isinstance(part, Mapping) and isinstance(part.get("items"), list):
            drawn = [_note(each) if isinstance(each, Mapping) else left.pop(str(each), None) for each in part["items"]]
            title = str(part.get("title") or "")
            yield Section(tuple(each for each in drawn if each), title, *_conditions(part, ""))
    if left or not layout:
        yield Section(tuple(left.values()))


def _note(plain: Mapping[str, Any]) -> Field:
    visible, hidden = _conditions(plain, "")
    listed = plain.get("columns")
    pairs = [each for each in listed if isinstance(each, list)] if isinstance(listed, list) else []
    columns = tuple(Field(str(each[0]), "text", str(each[-1])) for each in pairs if each)
    return Field("", "table" if columns else "note", str(plain.get("text") or ""), visible_if=visible,
                 hidden_if=hidden, value_from=str(plain.get("value-from") or ""), fields=columns)  # fmt: skip


def _conditions(part: Mapping[str, Any], mark: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return _texts(part.get(f"{mark}visible-if")), _texts(part.get(f"{mark}hidden-if"))


def _texts(said: Any) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list) else (said,) if isinstance(said, str) and said else ()


def _fields(root: Any, parts: Mapping[str, Schema], owner: Mapping[str, Any], depth: int) -> Iterator[Field]:
    required = {*_names(owner.get("required")), *_names(owner.get("x-required-if-shown"))}
    for name, part in parts.items():
        yield _field(root, name, part, required=name in required, depth=depth)


def _names(said: Any) -> list[str]:
    return [each for each in said if isinstance(each, str)] if isinstance(said, list) else []


def _field(root: Any, name: str, part: Schema, *, required: bool, depth: int) -> Field:
    items = part.get("items") if isinstance(part.get("items"), Mapping) else {}
    kind = _kind(part, items or {}, depth)
    inner = part if kind == "group" else items if kind == "list" else {}
    inner_parts = {str(key): part_of(root, each) for key, each in ((inner or {}).get("properties") or {}).items()}
    visible, hidden = _conditions(part, "x-")
    inner_fields = tuple(_fields(root, inner_parts, inner or {}, depth + 1))
    if kind == "lines" and (items or {}).get("type") in ("number", "integer"):
        inner_fields = (Field("", cast("Kind", (items or {})["type"]), ""),)
    return Field(
        name=name,
        kind=kind,
        label=str(part.get("title") or in_words(name)),
        help=str(part.get("description") or ""),
        default=part.get("default"),
        required=part.get("const") is True if kind == "check" else required,
        read_only=part.get("readOnly") is True,
        limits=_limits(part),
        options=tuple(_options((items or {}) if kind == "many" else part)),
        options_from=str(part.get("x-options-from") or ""),
        visible_if=visible,
        hidden_if=hidden,
        read_only_if=str(part.get("x-read-only-if") or ""),
        value_from=str(part.get("x-value-from") or ""),
        prefix=str(part.get("x-prefix") or ""),
        suffix=str(part.get("x-suffix") or ""),
        fields=inner_fields,
    )


def _kind(part: Schema, items: Mapping[str, Any], depth: int) -> Kind:
    said = part.get("x-kind")
    if said in KINDS:
        return cast("Kind", said)
    if part.get("type") == "array":
        if items.get("type") == "object" and isinstance(items.get("properties"), Mapping) and depth < _MOST_DEEP:
            return "list"
        return "many" if list(_options(items)) else "lines"
    if "enum" in part or "oneOf" in part:
        return "choice"
    if part.get("type") == "boolean":
        return "check"
    if part.get("type") in ("integer", "number"):
        return cast("Kind", part["type"])
    if part.get("type") == "object" and isinstance(part.get("properties"), Mapping) and depth < _MOST_DEEP:
        return "group"
    return _kind_of_text(part)


def _kind_of_text(part: Schema) -> Kind:
    if part.get("format") in _FORMATS:
        return cast("Kind", _FORMATS[str(part["format"])])
    longest = part.get("maxLength", LONG)
    return "long text" if isinstance(longest, int | float) and longest > LONG else "text"


def _options(part: Mapping[str, Any]) -> Iterator[Option]:
    if isinstance(part.get("oneOf"), list):
        for each in part["oneOf"]:
            if isinstance(each, Mapping):
                yield Option(each.get("const"), str(each.get("title", each.get("const"))))
        return
    labels = part.get("x-labels")
    named = labels if isinstance(labels, Mapping) else {}
    for value in part["enum"] if isinstance(part.get("enum"), list) else ():
        label = named.get(_key(value)) or named.get(str(value))
        yield Option(value, str(label) if label else str(value).replace("_", " "))


def _limits(part: Mapping[str, Any]) -> Limits:
    said = {name: part[word] for name, word in _LIMITS.items() if word in part}
    numbers = {name: value for name, value in said.items() if isinstance(value, int | float) and name != "pattern"}
    own = _TYPES["duration"]["pattern"]
    pattern = said.get("pattern") if said.get("pattern") != own else ""
    return Limits(**numbers, pattern=pattern if isinstance(pattern, str) else "")  # type: ignore[arg-type]  # lengths are whole
