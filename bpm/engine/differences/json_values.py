"""JSON values as trees: what is compared of forms, test cases and triggers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from bpm.engine.differences.model import Change, Kind
from bpm.engine.differences.trees import Node, Step, Way, compare
from bpm.engine.differences.words import in_words
from bpm.foundation.texts import _

RULE = "rule"
ROW = "row"
NUMBERED = frozenset({"step", "rule", "row"})
FIELD, OPTION, STEP, ITEM = "field", "option", "step", "item"
_KEYS = ("key", "const", "id", "name", "value", "title")
"""What tells one object of a list from the others, the surest first."""
_DEEPEST = 60
LISTS: Mapping[str, str] = {
    "enum": OPTION, "oneOf": OPTION, "values": OPTION, "examples": OPTION, "components": FIELD, "steps": STEP,
    "rows": ROW,
}  # fmt: skip
"""Lists whose members have a name of their own."""


def tree_of(value: Any, name: str = "", *, depth: int = 0) -> Node:
    """A JSON value; objects by their keys, fields of a form in their order, lists by what their members are."""
    if depth > _DEEPEST or not isinstance(value, dict | list) or not value:
        return Node(name, text=as_text(value))
    if isinstance(value, list):
        return Node(name, children=tuple(_members(value, LISTS.get(name, ITEM), depth)))
    if name == "properties" and all(isinstance(each, dict | bool) for each in value.values()):
        return Node(name, children=tuple(_field(key, each, depth) for key, each in value.items()))
    return Node(name, children=tuple(tree_of(each, str(key), depth=depth + 1) for key, each in value.items()))


def _field(key: str, schema: Any, depth: int) -> Node:
    read = tree_of(schema, FIELD, depth=depth + 1)
    # Its name is compared, too: a field that is only renamed is paired with the one before, and not the same.
    return Node(FIELD, attributes={"name": key}, text=read.text, children=read.children, key=key, whole=True)


def _members(values: Sequence[Any], name: str, depth: int) -> Iterator[Node]:
    for number, value in enumerate(values, 1):
        read = tree_of(value, name, depth=depth + 1)
        key = "" if name in (STEP, ROW) else _key_of(value)
        label = str(number) if name in (STEP, ROW) else ""
        yield Node(name, text=read.text, children=read.children, key=key, label=label, whole=name != ITEM)


def _key_of(value: Any) -> str:
    if isinstance(value, dict):
        return next((as_text(value[name]) for name in _KEYS if isinstance(value.get(name), str | int | float)), "")
    return as_text(value) if not isinstance(value, list) else ""


def as_text(value: Any) -> str:
    """A scalar as people read it; a text that would read as another value stands in quotes."""
    if not isinstance(value, str):
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    try:
        orjson.loads(value)
    except orjson.JSONDecodeError:
        return value if value.strip() == value and value else orjson.dumps(value).decode()
    return orjson.dumps(value).decode()


def changes_between(
    before: Node, after: Node, *, kind: Kind, name: str, label: Callable[[Way], str]
) -> Iterator[Change]:
    """What differs between two values, each property in the words of `label`."""
    for delta in compare(before, after):
        text = label(delta.way)
        yield Change(kind, name, text, delta.before, delta.after, "", in_words(delta.before, delta.after))


def joined(way: Way, words: Mapping[str, str], *, hidden: frozenset[str]) -> str:
    """The way in words: what each step is called, without steps that say nothing."""
    shown = [_step(step, words) for step in way if step.name not in hidden or step is way[-1]]
    if way and way[-1].name == "@order" and len(shown) > 1:
        shown[-2:] = [_("order of %(what)s") % {"what": shown[-2]}]
    return ", ".join(each for each in shown if each)


def _step(step: Step, words: Mapping[str, str]) -> str:
    name = words.get(step.name, step.name.removeprefix("@"))
    if not step.key or step.name == ITEM:
        return name
    return f"{name} {step.key}" if step.key.isdigit() and step.name in NUMBERED else f"{name} “{step.key}”"
