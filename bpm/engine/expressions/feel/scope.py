"""What an evaluation carries along: the names in scope, the instant, and what it may still use up.

Source: OMG DMN 1.5 §10.3.2.11 (scopes).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.engine.expressions.feel.tree import Type
from bpm.engine.expressions.feel.types import coerced
from bpm.engine.expressions.language import Budget
from bpm.engine.plain_values import weight
from bpm.foundation.errors import ExpressionError

DEEPEST_CALL = 48


@dataclass
class Run:
    """One evaluation: the instant of the step, the budget, how deep its calls are, and the types of its file."""

    now: datetime
    budget: Budget
    types: Mapping[str, Type]
    depth: int = 0
    notes: list[str] = field(default_factory=list)
    """What is to stand in the record beside the result."""

    def pay(self, value: Any) -> None:
        """Pay for handling a value once: its items and those inside them, and its characters."""
        if isinstance(value, str):
            if len(value) > 64:
                self.budget.pay(len(value) // 64)
        elif isinstance(value, list | dict):
            self.budget.pay(weight(value, self.budget.steps))


class Scope:
    """Names and their values, and those of the scope round it."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, Any], outer: "Scope | None", run: Run) -> None:
        self.names, self.outer, self.run = names, outer, run

    def inside(self, names: Mapping[str, Any]) -> "Scope":
        return Scope(names, self, self.run)

    def knows(self, name: str) -> bool:
        at: Scope | None = self
        while at is not None:
            if name in at.names:
                return True
            at = at.outer
        return False


Evaluate = Callable[[Scope], Any]


@dataclass(frozen=True)
class Lambda:
    """A function as a value: it was defined in an expression, or is a knowledge model; its arguments are in order."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Callable[[Mapping[str, Any], Run], Any]

    def call(self, arguments: list[Any], run: Run, names: tuple[str, ...] = ()) -> Any:
        """What it comes to; null where the arguments are not those that it takes."""
        given = dict(zip(names or self.parameters, arguments, strict=False))
        if len(arguments) != len(self.parameters) or given.keys() != set(self.parameters):
            return None
        for name, kind in zip(self.parameters, self.types, strict=True):
            if kind is not None:
                value = given[name]
                given[name] = coerced(value, kind, run.types)
                if given[name] is None and value is not None:
                    return None
        run.depth += 1
        run.budget.pay()
        try:
            if run.depth > DEEPEST_CALL:
                raise ExpressionError(
                    f"Functions call each other more than {DEEPEST_CALL} deep.",
                    remedy="End the recursion earlier, or go through a list with `for`.",
                )
            return self.body(given, run)
        finally:
            run.depth -= 1


def failing(message: str, remedy: str) -> Evaluate:
    """What a part comes to that FEEL knows and nothing here can hold."""

    def evaluate(_scope: Scope) -> Any:
        raise ExpressionError(message, remedy=remedy)

    return evaluate
