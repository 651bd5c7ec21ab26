"""The fields of a form as its schema lists them, for whoever draws them: any JSON comes in, plain parts go out."""

from collections.abc import Mapping
from typing import Any

from bpm.engine.form_schemas.reading import DEEPEST, subschema_at


def parts_of(schema: Any) -> dict[str, dict[str, Any]]:
    """Field -> its schema, its `$ref` followed within the form; what is no schema asks for nothing."""
    fields = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(fields, Mapping):
        return {}
    return {str(name): part_of(schema, part) for name, part in fields.items()}


def part_of(schema: Any, part: Any) -> dict[str, Any]:
    """The part with what its `$ref` leads to below what it says itself; its items likewise."""
    said = dict(part) if isinstance(part, Mapping) else {}
    for _ in range(DEEPEST):
        ref = said.pop("$ref", None)
        if ref is None:
            break
        target = subschema_at(schema, ref) if isinstance(ref, str) else None
        said = {**target, **said} if isinstance(target, dict) else said
    said.pop("$ref", None)
    if "items" in said:
        items = said["items"]
        leads = isinstance(items, Mapping) and "$ref" in items
        said["items"] = part_of(schema, items) if leads else dict(items) if isinstance(items, Mapping) else {}
    if isinstance(said.get("type"), list):
        # Of several types the first is drawn; "null" is what an empty field means anyway.
        said["type"] = next((each for each in said["type"] if each != "null"), "string")
    for keyword in ("oneOf", "enum"):
        if keyword in said and not isinstance(said[keyword], list):
            del said[keyword]
    if "oneOf" in said and not all(isinstance(each, Mapping) and "const" in each for each in said["oneOf"]):
        # A choice of shapes and not of values: typed in, and judged by the form.
        del said["oneOf"]
    return said
