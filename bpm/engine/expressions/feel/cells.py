"""Unary tests: what a rule's cell asks of its column, and what stands behind `in`.

Source: OMG DMN 1.5 §7.3.5 and §10.3.2.8.
"""

from bpm.engine.expressions.feel.atoms import Atoms
from bpm.engine.expressions.feel.tree import Compared, Fits, Name, Node, Not, Test
from bpm.engine.expressions.feel.truths import COMPARISONS, is_truth
from bpm.foundation.errors import ExpressionError

CELL = "?"
"""The name under which a unary test knows the value that it is about."""


class Cells(Atoms):
    """The tests of a cell, over the grammar's leaves."""

    def whole_cell(self) -> Node:
        """What a rule asks of its column: tests with commas between them, or `not(...)` round them."""
        self.about = Name(CELL)
        if self.now.text == "not" and self.after(self.now).text == "(":
            start = self.at
            self.at = self.after(self.now).end
            try:
                tests = self._tests()
                self.need(")")
                self.end()
                return Not(Test(self.about, tests))
            except ExpressionError:
                self.at = start
        tests = self._tests()
        self.end()
        return Test(self.about, tests)

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self.took(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Node:
        if mark := self.took(*COMPARISONS):
            return Compared(mark, self.operand())
        if self.is_now("in"):
            self.need("in")
            return Fits(self.within(self.subject()), asks=True)
        if self.now.text == "not" and self.after(self.now).text == "in":
            self.at = self.after(self.now).end
            return Fits(Not(self.within(self.subject())), asks=True)
        before, self.asks = self.asks, False
        tree = self.expression()
        asks = self.asks or is_truth(tree)
        self.asks = self.asks or before
        return Fits(tree, asks)

    def within(self, about: Node) -> Node:
        """`x in [1..5]`, `x in (< 3, 7)`, `x in ["a", "b"]`, `x in names`, `x in < 5`."""
        outer, self.about, asks = self.about, about, self.asks
        try:
            if mark := self.took(*COMPARISONS):
                return Test(about, (Compared(mark, self.operand()),))
            if self.took("("):
                return Test(about, self._listed())
            return Test(about, (Fits(self.operand(), asks=False),))
        finally:
            self.about, self.asks = outer, asks

    def _listed(self) -> tuple[Node, ...]:
        """`< 3, 7)` or `1..5)` behind its bracket."""
        tests = [self._test()]
        if isinstance(first := tests[0], Fits) and self.took(".."):
            return (Fits(self.interval("(", first.value), asks=False),)
        while self.took(","):
            tests.append(self._test())
        self.need(")")
        return tuple(tests)
