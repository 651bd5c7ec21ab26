"""What nothing names any more is gone: no function, class or constant of a module stands there unused."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.modules import ROOT, modules, tree

ROOMS = ("bpm", "web", "tools", "tests", "migrations", "docs")
KINDS = {".py", ".html", ".js", ".md"}
KEPT = {"write_feelings": "how the lexicon that ships was written: the same content gives the same bytes"}


def test_every_name_of_a_module_is_named_somewhere_else() -> None:
    named = Counter(word for text in _texts() for word in re.findall(r"\w+", text))
    dead = [
        f"{module}: {name}"
        for module, path in modules().items()
        for name in _names(tree(path))
        if named[name] < 2 and name not in KEPT
    ]
    assert not dead


def _texts() -> Iterator[str]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in KINDS:
                yield path.read_text("utf-8")


def _names(module: ast.Module) -> Iterator[str]:
    """Names given at the top of a module; what a decorator takes up is used by it."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
