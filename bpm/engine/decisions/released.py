"""Cells as release 0.1 stored them: what it compiled out of FEEL is read as FEEL again, from what the author wrote.

That release kept, beside the author's text, a text of its own language: FEEL's meaning where `feel` says so, else
Python's. The latter is what a text without a language is to this day, so that it stays as it is.
"""

import ast
import re
from typing import Any, Literal

_JAVA_DATE = re.compile(r"\bdate:toDate\(")
_BY_NAME = frozenset({"variable", "field", "member"})
"""Functions under which the compiled text read variables and entries that no identifier could name."""


def read_again(plain: dict[str, Any], form: Literal["expression", "tests"]) -> dict[str, Any]:
    """A stored cell's fields as they are today; `form` is what its place in the table asks for."""
    text, runs = str(plain["text"]), plain["runs"]
    kept = {"text": text, "line": plain["line"]}
    if runs is None or not plain["feel"]:
        return {**kept, "runs": runs}
    return {**kept, "runs": without_java_dates(text), "form": form, "names": _odd_names(runs)}


def without_java_dates(text: str) -> str:
    """`date:toDate("2026-01-31")`, which Camunda 7 wrote into its tables, as FEEL's function."""
    return _JAVA_DATE.sub("date(", text)


def _odd_names(runs: str) -> tuple[str, ...]:
    """The names with spaces and other signs without which the author's text would be cut otherwise."""
    if not any(f"{name}(" in runs for name in _BY_NAME):
        return ()
    calls = (node for node in ast.walk(ast.parse(runs.strip(), mode="eval")) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _BY_NAME)
    texts = {part.value for call in named for part in call.args if isinstance(part, ast.Constant)}
    return tuple(sorted(text for text in texts if isinstance(text, str) and text.strip() and not text.isidentifier()))
