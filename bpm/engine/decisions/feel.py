"""FEEL read by recursive descent into a tree of our own expression language, and written out as its text.

Source: OMG DMN 1.5 §10.3.1.2 (grammar), §7.3.5 and §10.3.2.8 (unary tests). What has no counterpart is an
ExpressionError that names it; nothing is guessed.
"""

import ast
import keyword
from collections.abc import Callable
from functools import lru_cache

from bpm.engine.decisions.evaluation import CELL
from bpm.engine.decisions.kinds import KINDS
from bpm.engine.decisions.primaries import CALLABLE, Primaries
from bpm.engine.decisions.trees import call, is_truth, named
from bpm.errors import ExpressionError

__all__ = ["CALLABLE", "expression", "unary_tests"]

_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE,
}  # fmt: skip
_DEEPEST = 30


@lru_cache(maxsize=4096)
def expression(text: str, names: frozenset[str] = frozenset()) -> str:
    """A FEEL expression as text of our language; `names` are the names that the file declares."""
    return _written(_Reading(text, names).whole())


@lru_cache(maxsize=4096)
def unary_tests(text: str, names: frozenset[str] = frozenset(), *, subject: str = "") -> str | None:
    """A cell of a rule as a condition of our language; None for `-`, which holds always.

    `subject` is the variable that a cell is about; by default the column's value.
    """
    if text.strip() in ("", "-"):
        return None
    about = named(subject) if subject else named(CELL)
    return _written(_Reading(text, names, about).tests_only())


def _written(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


class _Reading(Primaries):
    """FEEL's grammar over its smallest parts."""

    def whole(self) -> ast.expr:
        tree = self.value()
        if self.now.kind != "end":
            raise self.odd(f"{self.now.text!r} is not expected")
        return tree

    # Cells

    def tests_only(self) -> ast.expr:
        if self.now.text == "not" and self.tokens[self.at + 1].text == "(":
            start = self.at
            self.at += 2
            tree: ast.expr = ast.UnaryOp(ast.Not(), self._tests())
            self.need(")")
            if self.now.kind == "end":
                return tree
            self.at = start
        tree = self._tests()
        if self.now.kind != "end":
            raise self.odd(f"{self.now.text!r} is not expected")
        return tree

    def _tests(self) -> ast.expr:
        parts = [self._test()]
        while self.took(","):
            parts.append(self._test())
        return ast.BoolOp(ast.Or(), parts) if len(parts) > 1 else parts[0]

    def _test(self) -> ast.expr:
        about = self.subject()
        if mark := self.took(*_COMPARISONS):
            return _compare(about, mark, self._sum())
        if (interval := self._interval(about)) is not None:
            return interval
        if self.took("in"):
            return self._within(about)
        if self.now.text == "not" and self.tokens[self.at + 1].text == "in":
            self.at += 2
            return ast.UnaryOp(ast.Not(), self._within(about))
        before, self.asked = self.asked, False
        tree = self.value()
        truth = self.asked or is_truth(tree)
        self.asked = self.asked or before
        if truth:
            return tree
        if isinstance(tree, ast.Constant) or (isinstance(tree, ast.UnaryOp) and isinstance(tree.operand, ast.Constant)):
            return ast.Compare(about, [ast.Eq()], [tree])
        return call("fits", about, tree)

    def _interval(self, about: ast.expr) -> ast.expr | None:
        """`[1..5]`, `(1..5)`, `]1..5[` about a value; None where no interval stands here."""
        start, opening = self.at, self.took("[", "(", "]")
        if not opening:
            return None
        try:
            low = self._sum()
            if self.took(".."):
                return self._up_to(about, low, opening)
        except ExpressionError:
            if opening == "]":
                raise
        self.at = start
        return None

    def _up_to(self, about: ast.expr, low: ast.expr, opening: str) -> ast.expr:
        high = self._sum()
        closing = self.took("]", ")", "[")
        if not closing:
            raise self.odd("The end of the range is missing")
        above: ast.cmpop = ast.LtE() if opening == "[" else ast.Lt()
        below: ast.cmpop = ast.LtE() if closing == "]" else ast.Lt()
        return ast.Compare(low, [above, below], [about, high])

    # Expressions, from the loosest to the tightest

    def value(self) -> ast.expr:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionError("The expression is nested too deeply.")
        form = {"if": self._if, "for": self._for, "some": self._some, "every": self._some}.get(self.now.text)
        tree = form() if form is not None and self.now.kind == "word" else self._either()
        self.depth -= 1
        return tree

    def _if(self) -> ast.expr:
        self.need("if")
        test = self.value()
        self.need("then")
        first = self.value()
        self.need("else")
        return ast.IfExp(test, first, self.value())

    def _for(self) -> ast.expr:
        self.need("for")
        loops = self._loops()
        self.need("return")
        made = self.value()
        if any(isinstance(name, ast.Name) and name.id == "partial" for name in ast.walk(made)):
            raise self.odd("`partial` has no counterpart here")
        return ast.ListComp(made, loops)

    def _some(self) -> ast.expr:
        form = self.took("some", "every")
        loops = self._loops()
        self.need("satisfies")
        return call("any" if form == "some" else "all", ast.ListComp(self.value(), loops))

    def _loops(self) -> list[ast.comprehension]:
        loops = []
        while True:
            name = self.name()
            if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
                raise self.odd(f"{name!r} cannot name what is counted through")
            self.need("in")
            values = self.value()
            if self.took(".."):
                values = call("span", values, self.value())
            loops.append(ast.comprehension(ast.Name(name, ast.Store()), values, [], 0))
            if not self.took(","):
                return loops

    def _either(self) -> ast.expr:
        return self._chain(self._both, "or", ast.Or())

    def _both(self) -> ast.expr:
        return self._chain(self._comparison, "and", ast.And())

    def _chain(self, part: Callable[[], ast.expr], word: str, operator: ast.boolop) -> ast.expr:
        parts = [part()]
        while self.took(word):
            parts.append(part())
        return ast.BoolOp(operator, parts) if len(parts) > 1 else parts[0]

    def _comparison(self) -> ast.expr:
        if self.now.text == "not" and self.tokens[self.at + 1].text != "(":
            self.need("not")
            return ast.UnaryOp(ast.Not(), self._comparison())
        tree = self._sum()
        while True:
            if mark := self.took(*_COMPARISONS):
                tree = _chained(tree, mark, self._sum())
            elif self.now.text == "not" and self.tokens[self.at + 1].text == "in":
                self.at += 2
                tree = ast.UnaryOp(ast.Not(), self._within(tree))
            elif self.took("between"):
                low = self._sum()
                self.need("and")
                tree = ast.Compare(low, [ast.LtE(), ast.LtE()], [tree, self._sum()])
            elif self.took("in"):
                tree = self._within(tree)
            elif self.took("instance"):
                tree = self._instance(tree)
            else:
                return tree

    def _instance(self, tree: ast.expr) -> ast.expr:
        of, _space, kind = self.joined_name().partition(" ")
        if of != "of" or kind not in KINDS:
            raise self.odd(f"The type {kind!r} has no counterpart here")
        return call("instance_of", tree, ast.Constant(kind))

    def _within(self, about: ast.expr) -> ast.expr:
        """`x in [1..5]`, `x in (< 3, 7)`, `x in ["a", "b"]`, `x in names`."""
        outer, self.about = self.about, about
        try:
            start = self.at
            if self.took("("):
                tests = self._tests()
                if self.took(")"):
                    return tests
                self.at = start
            if mark := self.took(*_COMPARISONS):
                return _compare(about, mark, self._sum())
            interval = self._interval(about)
            return interval if interval is not None else ast.Compare(about, [ast.In()], [self._sum()])
        finally:
            self.about = outer

    def _sum(self) -> ast.expr:
        tree = self._product()
        while mark := self.took("+", "-"):
            tree = ast.BinOp(tree, ast.Add() if mark == "+" else ast.Sub(), self._product())
        return tree

    def _product(self) -> ast.expr:
        tree = self._power()
        while mark := self.took("*", "/"):
            tree = ast.BinOp(tree, ast.Mult() if mark == "*" else ast.Div(), self._power())
        return tree

    def _power(self) -> ast.expr:
        tree = self._sign()
        while self.took("**"):
            tree = ast.BinOp(tree, ast.Pow(), self._sign())
        return tree

    def _sign(self) -> ast.expr:
        if self.took("-"):
            return ast.UnaryOp(ast.USub(), self._sign())
        return self.path(self.primary())


def _chained(left: ast.expr, mark: str, right: ast.expr) -> ast.expr:
    """`1 < x <= 5` means what it says, though FEEL itself would compare a truth with a number."""
    in_order = isinstance(left, ast.Compare) and not any(isinstance(op, ast.Eq | ast.NotEq | ast.In) for op in left.ops)
    if in_order and mark not in ("=", "!="):
        assert isinstance(left, ast.Compare)  # noqa: S101 -- told to the type checker
        return ast.Compare(left.left, [*left.ops, _COMPARISONS[mark]()], [*left.comparators, right])
    return _compare(left, mark, right)


def _compare(left: ast.expr, mark: str, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [_COMPARISONS[mark]()], [right])
