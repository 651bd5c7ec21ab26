"""Forms compared field by field: JSON Schemas and Camunda's forms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpm.engine.differences.json_values import FIELD, ITEM, OPTION, as_text, changes_between, joined, tree_of
from bpm.engine.differences.model import Change, Difference
from bpm.engine.differences.trees import Node, Way
from bpm.foundation.texts import _

OPTIONS, LAYOUT, NOTES = "", "x-layout", "notes"
_WORDS = {
    FIELD: _("field"), OPTION: _("option"), "title": _("label"), "label": _("label"), "description": _("help"),
    "type": _("type"), "format": _("format"), "minimum": _("at least"), "maximum": _("at most"),
    "exclusiveMinimum": _("more than"), "exclusiveMaximum": _("less than"), "minLength": _("letters at least"),
    "maxLength": _("letters at most"), "pattern": _("pattern"), "default": _("default"), "required": _("required"),
    "minItems": _("choices at least"), "maxItems": _("choices at most"), "readOnly": _("read only"),
    "items": _("each"), "@order": _("order"), "validate": _("check"), "min": _("at least"), "max": _("at most"),
    ITEM: "", "x-visible-if": _("shown when"), "x-hidden-if": _("hidden when"),
    "visible-if": _("shown when"), "hidden-if": _("hidden when"), "x-options-from": _("options from"),
    "x-read-only-if": _("read only when"), "x-value-from": _("worked out from"), "value-from": _("worked out from"),
    "x-prefix": _("before it"), "x-suffix": _("behind it"), "x-kind": _("kind of field"), "const": _("has to be"),
    "x-required-if-shown": _("required when shown"), "multipleOf": _("steps of"), LAYOUT: _("section"),
    "text": _("text"), "columns": _("columns"), "x-id": _("id"),
}  # fmt: skip
_HIDDEN = frozenset({"properties", "components", "enum", "oneOf", "values", "validate", OPTIONS, NOTES})
_BY_WHOM = frozenset({"exporter"})
"""Says which tool wrote a form, not what it asks."""


def compare_forms(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Forms by their key: what each asks, of whom it is required, what may be answered, in which order."""
    changed: list[Change] = []
    kept: list[Change] = []
    for key in after.keys() & before.keys():
        found = list(changes_between(_form(before[key]), _form(after[key]), kind="form", name=key, label=_label))
        changed += found
        kept += [] if found else [Change("form", key)]
    return Difference(
        kept=_sorted(kept, after),
        changed=_sorted(changed, after),
        added=tuple(_whole(key, form, came=True) for key, form in after.items() if key not in before),
        removed=tuple(_whole(key, form, came=False) for key, form in before.items() if key not in after),
    )


def _sorted(changes: list[Change], order: Mapping[str, Any]) -> tuple[Change, ...]:
    places = {key: place for place, key in enumerate(order)}
    return tuple(sorted(changes, key=lambda each: places[each.name]))


def _form(schema: Any) -> Node:
    """A form; what is required stands at each field, and a tool's own ids beside the keys of fields are left out."""
    plain = (
        {name: each for name, each in schema.items() if name not in _BY_WHOM} if isinstance(schema, dict) else schema
    )
    return _with_required(_in_words(_with_options(tree_of(_without_order(_without_ids(plain))))), depth=0)


def _without_order(schema: Any) -> Any:
    """Without empty titles, and without the names that a layout lists: the order is told of the fields themselves."""
    if not isinstance(schema, dict):
        return schema
    schema = {name: each for name, each in schema.items() if (name, each) != ("title", "")}
    if not isinstance(schema.get(LAYOUT), list):
        return schema
    sections = [
        {
            **{name: each for name, each in part.items() if name != "items" and each},
            NOTES: [each for each in part["items"] if isinstance(each, dict)],
        }
        if isinstance(part, dict) and isinstance(part.get("items"), list) and len(schema[LAYOUT]) == 1
        else part
        for part in schema[LAYOUT]
    ]
    return {**schema, LAYOUT: sections}


def _with_options(node: Node) -> Node:
    """What may be chosen as options by their values, each with what it is called, however the schema writes them."""
    children = [_with_options(each) for each in node.children]
    labels = next((each for each in children if each.name == "x-labels"), None)
    listed = next((each for each in children if each.name in ("enum", "oneOf") and _are_options(each)), None)
    if listed is None:
        return replace(node, children=tuple(children))
    called = {each.name: each.text for each in labels.children} if labels else {}
    options = tuple(_option(each, called) for each in listed.children)
    rest = (each for each in children if each not in (labels, listed))
    return replace(node, children=(*rest, Node(OPTIONS, children=options)))


def _are_options(node: Node) -> bool:
    """Whether all members are values, or a value with its title."""
    parts = ({part.name for part in each.children} for each in node.children)
    return bool(node.children) and all(names <= {"const", "title"} for names in parts)


def _option(node: Node, called: Mapping[str, str]) -> Node:
    told = {part.name: part.text for part in node.children}
    key = told.get("const") or node.key or node.text
    return Node(OPTION, text=told.get("title") or called.get(key.strip('"')) or key, key=key)


def _in_words(node: Node) -> Node:
    """Properties by what people call them, for fields that are told as a whole."""
    keeps = (*_HIDDEN, FIELD, OPTION, ITEM, "required", "items")
    name = node.name if node.name in keeps else _WORDS.get(node.name, node.name)
    return replace(node, name=name, children=tuple(_in_words(each) for each in node.children))


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    is_keyed = isinstance(value.get("key"), str) and isinstance(value.get("type"), str)
    return {name: _without_ids(each) for name, each in value.items() if not (name == "id" and is_keyed)}


def _with_required(node: Node, *, depth: int) -> Node:
    children = [_with_required(each, depth=depth + 1) for each in node.children]
    children = [each for each in children if not (each.name == "required" and each.text == "[]")]
    listed = next((each for each in children if each.name == "required" and each.children), None)
    fields = next((each for each in children if each.name == "properties" and each.children), None)
    if listed is None or fields is None:
        return replace(node, children=tuple(children))
    names = {each.text for each in listed.children}
    known = {as_text(each.key) for each in fields.children}
    rest = tuple(each for each in listed.children if each.text not in known)
    asked = tuple(_marked(each, as_text(each.key) in names) for each in fields.children)
    kept = [each for each in children if each not in (listed, fields)]
    return replace(
        node, children=(*kept, replace(fields, children=asked), *([replace(listed, children=rest)] if rest else []))
    )


def _marked(field: Node, is_required: bool) -> Node:  # noqa: FBT001 -- the only thing that is said of it
    return replace(field, children=(*field.children, Node("required", text=_("yes")))) if is_required else field


def _label(way: Way) -> str:
    return joined(way, _WORDS, hidden=_HIDDEN) or _("form")


def _whole(key: str, schema: Any, *, came: bool) -> Change:
    form = _form(schema)
    fields = [each.key for part in form.children if part.name in ("properties", "components") for each in part.children]
    text = ", ".join(each for each in fields if each) or _("form")
    return Change("form", key, "", "" if came else text, text if came else "", "", text)
