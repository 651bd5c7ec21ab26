"""FEEL's functions of contexts, and those that read and write values as JSON.

Source: OMG DMN 1.5 §10.3.4.6 and §10.3.4.7; Camunda 8's FEEL reference, "Conversion functions".
"""

import json
from collections.abc import Mapping
from typing import Any

from bpm.engine.expressions.feel.functions.lists import as_list
from bpm.engine.expressions.feel.functions.texts_and_numbers import Function, guarded
from bpm.engine.expressions.feel.values.values import exact, plain


def _get_value(context: dict[str, Any], key: Any) -> Any:
    """An entry by its key, or by a list of keys one inside the other."""
    found: Any = context
    for part in key if isinstance(key, list) else [key]:
        if not isinstance(part, str) or not isinstance(found, dict):
            return None
        found = found.get(part)
    return exact(found) if key != [] else None


def _context(entries: Any) -> dict[str, Any] | None:
    """A context of `{key, value}` entries; null where a key is missing or there twice."""
    made: dict[str, Any] = {}
    for entry in as_list(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return None if entries is None else made


def _put(context: dict[str, Any], key: Any, value: Any) -> dict[str, Any] | None:
    path = key if isinstance(key, list) else [key]
    if not path or not all(isinstance(part, str) for part in path):
        return None
    if len(path) == 1:
        return {**context, path[0]: value}
    inner = context.get(path[0], {})
    changed = _put(inner, path[1:], value) if isinstance(inner, dict) else None
    return None if changed is None else {**context, path[0]: changed}


def _merge(contexts: Any) -> dict[str, Any] | None:
    if contexts is None or not all(isinstance(each, dict) for each in as_list(contexts)):
        return None
    return {name: value for each in as_list(contexts) for name, value in each.items()}


def _from_json(text: str) -> Any:
    """What a JSON text says; null where it is none."""
    try:
        return exact(json.loads(text, parse_constant=_no_number))
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    raise ValueError(name)


def _to_json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


CONTEXTS: Mapping[str, Function] = {
    "get_value": guarded(_get_value, dict),
    "get_entries": guarded(lambda context: [{"key": key, "value": value} for key, value in context.items()], dict),
    "context": _context,
    "from_json": guarded(_from_json, str),
    "to_json": _to_json,
    "context_put": guarded(_put, dict),
    "context_merge": _merge,
}
