"""Statuses are written by their names: a word of a closed list beside a column of that name is a member, not a text."""

import ast
from collections.abc import Iterator
from enum import StrEnum

import bpm.engine.status
import bpm.feedback.status
import bpm.processes.status
from tests.architecture.modules import modules, tree

LISTS = [
    kind
    for module in (bpm.engine.status, bpm.feedback.status, bpm.processes.status)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
]
WORDS = {word.value for kind in LISTS for word in kind}
COLUMNS = {"status", "item_status", "instance_status"}
UNTOUCHED = "bpm.engine.spiff"
"""The library speaks of statuses of its own."""


def test_no_status_is_compared_with_or_set_to_a_text() -> None:
    loose = [
        f"{name}:{line}"
        for name, path in modules().items()
        if not name.startswith(UNTOUCHED)
        for line in _loose(tree(path))
    ]
    assert LISTS
    assert not loose


def _loose(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Compare) and _is_status(node.left) and any(map(_has_word, node.comparators)):
            yield node.lineno
        if isinstance(node, ast.keyword) and node.arg == "status" and _has_word(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (value.lineno for key, value in pairs if _is_text(key, {"status"}) and _has_word(value))


def _is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in COLUMNS


def _has_word(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return any(_is_text(each, WORDS) for each in parts)


def _is_text(node: ast.expr | None, texts: set[str]) -> bool:
    return isinstance(node, ast.Constant) and node.value in texts
