"""A row as a difference in words: what was before, what is after, name by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOTHING = "–"
LONGEST = 300
"""Characters of one side."""


@dataclass(frozen=True)
class Change:
    """One value that changed."""

    name: str
    before: str
    after: str


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """What differs between the two, by name in words; a mapping inside is gone into, what stayed is left out."""
    return _compare(before or {}, after or {}, "")


def _compare(before: Mapping[str, Any], after: Mapping[str, Any], within: str) -> list[Change]:
    found: list[Change] = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        label = f"{within}{name}".replace("_", " ")
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            found += _compare(_mapping(old), _mapping(new), f"{label}, ")
        elif (old != new or type(old) is not type(new)) and not (_is_nothing(old) and _is_nothing(new)):
            found.append(Change(label, in_words(old), in_words(new)))
    return found


def _is_nothing(value: Any) -> bool:
    return value is None or value == ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {} if value is None else {"": value}


def in_words(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        said = ", ".join(str(each) for each in value)
    else:
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]} …"
