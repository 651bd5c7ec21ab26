"""Finds words for people that do not go through `_()`: in templates and in messages of the code."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.modules import ROOT, modules, tree

RECORD = Path(__file__).with_name("texts_not_yet.json")
"""{file: number of bare texts} of what has not been converted; it only ever shrinks."""
TELLERS = re.compile(r"say|.*Error")
_THROUGH = re.compile(r"{%-? *trans\b.*?endtrans *-?%}|{#.*?#}|<(script|style)\b.*?</\1>", re.DOTALL)
_PRINTED = re.compile(r"{{.*?}}", re.DOTALL)
_SAID_IN_PRINTED = re.compile(r"(?<!_\()(?<!\[)'([A-Z][^'{}]* [^'{}]*|[A-Z][a-z]+)'")
_PLURAL = re.compile(r"ngettext\('[^']*', *'[^']*'")
_STATEMENT = re.compile(r"{%.*?%}", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*[A-Za-z]{2}[^"]*)"')
_TAG = re.compile(r"<[^<>]*>")
_WORDS = re.compile(r"[A-Za-z]{2,}")
NAMES = frozenset({"Earshot"})
"""Words that are the same in every language."""


def bare_texts_of_template(source: str) -> list[str]:
    """The words that a template shows without `_()`."""
    source = _THROUGH.sub("", source)
    printed = _PLURAL.sub("", " ".join(_PRINTED.findall(source)))
    found = [said.group(1) for said in _SAID_IN_PRINTED.finditer(printed)]
    source = _STATEMENT.sub("", _PRINTED.sub("", source))
    found += _ATTRIBUTE.findall(source)
    between = (" ".join(part.split()) for part in re.split("\x00+", _TAG.sub("\x00", source)))
    return found + [text for text in between if _WORDS.search(re.sub(r"&\w+;", "", text)) and text not in NAMES]


def bare_texts_of_code(source: ast.AST) -> list[str]:
    """Literals that are told to people directly: of `say` and of errors."""
    return [
        ast.unparse(argument)
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and TELLERS.fullmatch(_name_of(node.func))
        for argument in (*node.args, *(each.value for each in node.keywords if each.arg in ("remedy", "message")))
        if isinstance(argument, ast.JoinedStr) or (isinstance(argument, ast.Constant) and _is_words(argument.value))
    ]


def _is_words(value: object) -> bool:
    return isinstance(value, str) and " " in value


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def counted() -> dict[str, int]:
    """{file: number of bare texts}, without files that have none."""
    return {name: len(found) for name, found in _found() if found}


def _found() -> Iterator[tuple[str, list[str]]]:
    for path in sorted((ROOT / "web").rglob("*.html")):
        yield path.relative_to(ROOT).as_posix(), bare_texts_of_template(path.read_text("utf-8"))
    for path in modules().values():
        if path.is_relative_to(ROOT / "web") or path.is_relative_to(ROOT / "bpm"):
            yield path.relative_to(ROOT).as_posix(), bare_texts_of_code(tree(path))


if __name__ == "__main__":
    RECORD.write_text(json.dumps(counted(), indent=0, sort_keys=True) + "\n")
