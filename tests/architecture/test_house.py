"""The house explains itself: no circle of files, no crowded room, plain faces, and the glossary's words in the code."""

import ast
import re

from tests.architecture.modules import ROOT, circles, modules, tree

MOST_MODULES = 15
LIKE_THINGS = {
    "bpm.cli": "one module for each command",
    "bpm.processes.service_tasks": "one module for each topic",
    "bpm.engine.bpmn.normalise.content": "one module for each pass",
    "bpm.feedback.models": "one module for the tables of each room",
}
"""Packages that hold one module for each of many like things, and may grow."""

WITH_CODE = {
    "bpm.cli": "the command group itself",
    "bpm.processes.service_tasks": "the registry of topics",
    "bpm.feedback": "its face, loaded at its first use",
    "bpm.feedback.channels": "the registry of formats",
}
"""Packages whose face is more than imports."""


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert circles() == []


def test_no_room_is_crowded() -> None:
    siblings: dict[str, list[str]] = {}
    for name, path in modules().items():
        if path.name != "__init__.py":
            siblings.setdefault(name.rpartition(".")[0], []).append(name)
    crowded = {room: len(names) for room, names in siblings.items() if len(names) > MOST_MODULES}
    assert not crowded.keys() - LIKE_THINGS.keys(), crowded


def test_the_face_of_a_package_is_plain_imports() -> None:
    thick = [
        name
        for name, path in modules().items()
        if path.name == "__init__.py" and name not in WITH_CODE and not all(_is_plain(node) for node in tree(path).body)
    ]
    assert not thick


def _is_plain(node: ast.stmt) -> bool:
    names_all = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    says_what_it_is = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return names_all or says_what_it_is or isinstance(node, ast.Import | ast.ImportFrom)


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    silent = [name for name, path in modules().items() if not (ast.get_docstring(tree(path)) or "").strip()]
    assert not silent


def test_the_map_in_the_readme_shows_rooms_that_are_there() -> None:
    house = (ROOT / "README.md").read_text("utf-8").split("## The house")[1].split("\n## ")[0]
    shown = re.findall(r"^\s*((?:bpm|web|tools|migrations|process_models|tests)[\w/.]*)", house, re.MULTILINE)
    assert shown
    assert not [path for path in shown if not (ROOT / path).exists()]


def test_the_words_of_the_glossary_are_the_words_of_the_code() -> None:
    """A term in capitals, such as WorkItem, names a class; so no class goes by the word that it replaces."""
    terms = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", _nouns()))
    classes = {
        node.name for path in modules().values() for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)
    }
    assert {"WorkItem", "EarshotWorkflow"} <= terms
    assert not terms - classes


def _nouns() -> str:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE)
    return "\n".join(rows[2:])
