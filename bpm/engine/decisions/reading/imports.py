"""Which DMN file an import means: resolved by namespace among the files of a bundle; circles and doubts are refused.

Source: OMG DMN 1.5 §6.3.2 (Import). The location that an import names is a hint for people, not a place to fetch from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from bpm.engine.decisions.reading.boxed_reader import children
from bpm.engine.decisions.reading.table_reader import Problem
from bpm.engine.findings import Severity

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so


@dataclass(frozen=True)
class Import:
    """An import of another DMN file; `name` is what its names begin with, "" where they are used as they are."""

    node: Node
    name: str
    namespace: str


@dataclass
class Linked:
    """The files of a bundle in an order in which each comes after those that it imports."""

    order: tuple[str, ...]
    meant: Mapping[str, Mapping[str, tuple[str, str]]]
    """File -> {namespace: (name of the import, file)}, of imports that could be resolved."""
    problems: Mapping[str, Sequence[Problem]]
    """By file: imports that could not be."""
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """File -> {id of a decision: the id under which it is known}, where two files use one id; see `_keys`."""


def imports_of(root: Node) -> Iterator[Import]:
    """The imports of DMN files that a file has; of other kinds (PMML, Java) there are none here."""
    for node in children(root, "import"):
        if is_of_dmn(node):
            yield Import(node, " ".join((node.get("name") or "").split()), (node.get("namespace") or "").strip())


def is_of_dmn(node: Node) -> bool:
    """Whether an import is one of a DMN file, which it is too where it does not say what it is of."""
    kind = (node.get("importType") or "").upper()
    return not kind or "/DMN/" in kind


def link(roots: Mapping[str, Node]) -> Linked:
    """Which file each import of each file means; pure."""
    by_namespace: dict[str, list[str]] = {}
    for name, root in roots.items():
        by_namespace.setdefault((root.get("namespace") or "").strip(), []).append(name)
    meant: dict[str, dict[str, tuple[str, str]]] = {}
    problems: dict[str, list[Problem]] = {}
    for name, root in roots.items():
        meant[name], problems[name] = {}, []
        for each in imports_of(root):
            files = by_namespace.get(each.namespace, [])
            if len(files) == 1:
                meant[name][each.namespace] = each.name, files[0]
            else:
                problems[name].append(_unresolved(root, each, files))
    round_about = {name: _circling(meant, name) for name in meant}
    for name, spaces in round_about.items():
        problems[name] += [_circle(each, meant[name]) for each in imports_of(roots[name]) if each.namespace in spaces]
    for name, spaces in round_about.items():
        meant[name] = {space: found for space, found in meant[name].items() if space not in spaces}
    return Linked(_in_order(meant), meant, problems, _keys(roots, meant))


def _circling(meant: Mapping[str, Mapping[str, tuple[str, str]]], name: str) -> frozenset[str]:
    """Namespaces of the imports by which a file comes to import itself."""
    return frozenset(space for space, (_, file) in meant[name].items() if name in _reached(meant, file))


def _reached(meant: Mapping[str, Mapping[str, tuple[str, str]]], start: str) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [file for _, file in meant[name].values()]
    return found


def _in_order(meant: Mapping[str, Mapping[str, tuple[str, str]]]) -> tuple[str, ...]:
    """Files after those that they import; no circle is among them."""
    order: list[str] = []
    while ready := [
        name for name, each in meant.items() if name not in order and {file for _, file in each.values()} <= set(order)
    ]:
        order += ready
    return tuple(order)


def _keys(roots: Mapping[str, Node], meant: Mapping[str, Mapping[str, tuple[str, str]]]) -> dict[str, dict[str, str]]:
    """An id that two files use stands for the one in the file that nobody imports; the other gets its namespace.

    Of tools that copy a model, ids are alike in both: a bundle may hold the two as long as one is imported.
    """
    imported = {file for each in meant.values() for _, file in each.values()}
    seen: set[str] = set()
    keys: dict[str, dict[str, str]] = {}
    for name in sorted(roots, key=lambda name: name in imported):
        ids = [node.get("id") or node.get("name") or "" for node in children(roots[name], "decision")]
        if name in imported:
            space = roots[name].get("namespace") or ""
            keys[name] = {each: f"{space}#{each}" for each in ids if each in seen}
        seen |= set(ids)
    return keys


def _unresolved(root: Node, each: Import, files: Sequence[str]) -> Problem:
    called = each.name or each.namespace
    if files:
        message = f"The import {called!r} may mean {' or '.join(map(repr, sorted(files)))}: both have its namespace."
        return Problem(each.node, "import-ambiguous", "error", message, "Give each of them a namespace of its own.")
    where = each.node.get("locationURI")
    remedy = f"Send {where!r} along" if where else "Send the file that has this namespace along"
    message = f"The import {called!r} is of the namespace {each.namespace!r}, which no file of the bundle has."
    severity: Severity = "error" if _is_used(root, each) else "warning"
    return Problem(each.node, "import-missing", severity, message, f"{remedy}, or put what it imports into this file.")


def _circle(each: Import, meant: Mapping[str, tuple[str, str]]) -> Problem:
    file = meant[each.namespace][1]
    message = f"The import {each.name or each.namespace!r} leads to {file!r}, which imports this file in turn."
    return Problem(each.node, "import-cycle", "error", message, "Move what both need into a third file.")


def _is_used(root: Node, each: Import) -> bool:
    """Whether anything of the file refers to the import: by its namespace, or by a name that begins with its own."""
    for node in root.iter():
        if not isinstance(node.tag, str) or node is each.node:
            continue
        if (node.get("href") or "").startswith(f"{each.namespace}#"):
            return True
        said = (node.text or "", node.get("typeRef") or "")
        if each.name and any(f"{each.name}." in text or f"{each.name}:" in text for text in said):
            return True
    return False
