"""FEEL from text to value: expressions and cells of rules, read once and kept.

Source: OMG DMN 1.5 chapter 10. Messages show what the author wrote and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bpm.engine.expressions.feel.compiler import compiled
from bpm.engine.expressions.feel.parser import CELL, Parser
from bpm.engine.expressions.feel.scope import Evaluate, Run, Scope
from bpm.engine.expressions.feel.tree import Constant, Fits, Name, Node, Test, Type, size
from bpm.engine.expressions.language import Budget
from bpm.foundation.errors import ExpressionError

__all__ = ["CELL", "NOW", "Expression", "expression", "unary_tests"]

NOW = "?now"
"""The name under which variables may hold the instant of the step; no variable can have it."""
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 120


@dataclass(frozen=True)
class Expression:
    """A FEEL text that was read: what it reads, what was remarked about it, and how it is computed."""

    text: str
    reads: tuple[str, ...]
    """Variables that it reads, in order."""
    may_read: tuple[str, ...]
    """Names inside filters: entries of the items, or variables."""
    remarks: tuple[str, ...]
    """What comes to null always, in words."""
    evaluate: Evaluate = field(repr=False, compare=False)
    beyond: tuple[str, ...] = ()
    """What cannot be held here, in words: to compute it is a Failure."""
    size: int = 1
    """What one computation takes off the budget, beside what loops and calls do."""

    def value(
        self, variables: Mapping[str, Any], *, now: datetime | None = None, budget: Budget | None = None,
        types: Mapping[str, Type] | None = None,
    ) -> Any:  # fmt: skip
        """What it comes to over plain JSON variables; dates and durations are Python's until `plain` writes them.

        Raises ExpressionError where the budget ends or an assertion fails.
        """
        instant = now or variables.get(NOW) or _START
        return self.within(Scope(variables, None, Run(instant, budget or Budget(), types or {})))

    def within(self, scope: Scope) -> Any:
        """What it comes to in a scope that is there already."""
        try:
            scope.run.budget.pay(self.size)
            return self.evaluate(scope)
        except ExpressionError as error:
            if "(in: " not in error.message:
                error.message = f"{error.message} (in: {_short(self.text)})"
            raise
        except RecursionError:
            raise ExpressionError(f"The values are nested too deeply. (in: {_short(self.text)})") from None
        except Exception as error:  # noqa: BLE001 -- values of any kind find faults that nobody foresaw
            # Whatever the values do is a failure of the model, not of us.
            raise ExpressionError(f"{type(error).__name__}: {error} (in: {_short(self.text)})") from None


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


@lru_cache(maxsize=8192)
def expression(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """A FEEL expression; `names` are those that the file declares. Raises ExpressionError that shows the place."""
    return _read(text, names, is_cell=False)


@lru_cache(maxsize=8192)
def unary_tests(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """A cell of a rule, computed in a scope where CELL is the value that it is about; `-` holds always."""
    return _read(text, names, is_cell=True) if text.strip() not in ("", "-") else _read("true", names, is_cell=False)


_LITERAL = re.compile(r"""-?(?:0|[1-9]\d{0,14})|"[^"\\]*\"""")
"""Most cells of most tables; they need no parser."""


def _read(text: str, names: frozenset[str], *, is_cell: bool) -> Expression:
    if _LITERAL.fullmatch(text):
        literal: Node = Constant(text[1:-1] if text.startswith('"') else int(text))
        return Expression(text, (), (), (), compiled(_about_cell(literal) if is_cell else literal))
    parser = Parser(text, names)
    try:
        tree = parser.whole_cell() if is_cell else parser.whole()
        evaluate, nodes = compiled(tree), size(tree)
    except RecursionError:
        raise ExpressionError("The expression is nested too deeply.", remedy="Split it up.") from None
    reads = tuple(name for name in parser.reads if name != CELL)
    return Expression(
        parser.text, reads, tuple(parser.may_read), tuple(parser.remarks), evaluate, tuple(parser.beyond), nodes
    )


def _about_cell(literal: Node) -> Node:
    return Test(Name(CELL), (Fits(literal, asks=False),))
