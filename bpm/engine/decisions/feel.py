"""FEEL as text of our language: a call that holds the author's text, so that conditions and cells run by one FEEL.

`feel('amount > 5', amount)` is evaluated with FEEL's meaning (`evaluation.Feel`); what stands behind the text are the
variables that it reads, for those who list them.
"""

import ast
import keyword
from functools import lru_cache

from bpm.engine.decisions.evaluation import CALLABLE, CALLED
from bpm.engine.expressions.feel import language
from bpm.engine.expressions.feel.lexer import odd_names

__all__ = ["CALLABLE", "expression", "source", "tree", "unary_tests"]


@lru_cache(maxsize=4096)
def expression(text: str, names: frozenset[str] = frozenset()) -> str:
    """A FEEL expression as text of our language; `names` are the names that the file declares."""
    read = language.expression(text, names)
    if read.text in read.reads:
        return ast.unparse(_variable(read.text))
    return _call(read.text, "", odd_names(names), read.reads)


@lru_cache(maxsize=4096)
def unary_tests(text: str, names: frozenset[str] = frozenset(), *, subject: str = "") -> str | None:
    """A cell of a rule as a condition of our language; None for `-`, which holds always.

    `subject` is the variable that a cell is about; by default the column's value.
    """
    if text.strip() in ("", "-"):
        return None
    read = language.unary_tests(text, names)
    return _call(read.text, subject or language.CELL, odd_names(names), read.reads)


def tree(text: str, names: frozenset[str] = frozenset()) -> ast.expr:
    """What `expression` writes, as a tree of our language."""
    return ast.parse(expression(text, names), mode="eval").body


def source(text: str) -> str:
    """The author's text inside what `expression` and `unary_tests` made; any other text as it is."""
    found = _called(text)
    return str(found.args[0].value) if found is not None and isinstance(found.args[0], ast.Constant) else text


def _called(text: str) -> ast.Call | None:
    if not text.startswith(f"{CALLED}("):
        return None
    body = ast.parse(text, mode="eval").body
    return body if isinstance(body, ast.Call) else None


def _call(text: str, subject: str, odd: frozenset[str], reads: tuple[str, ...]) -> str:
    """The call; its second value is what the cell is about, its third the odd names without which it is misread."""
    used = sorted(name for name in odd if name in " ".join(text.split()))
    arguments: list[ast.expr] = [ast.Constant(text), ast.Constant(subject)]
    arguments.append(ast.List([ast.Constant(name) for name in used], ast.Load()))
    call = ast.Call(ast.Name(CALLED, ast.Load()), [*arguments, *map(_variable, reads)], [])
    return ast.unparse(ast.fix_missing_locations(call))


def _variable(name: str) -> ast.expr:
    if name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_"):
        return ast.Name(name, ast.Load())
    return ast.Call(ast.Name("variable", ast.Load()), [ast.Constant(name)], [])
