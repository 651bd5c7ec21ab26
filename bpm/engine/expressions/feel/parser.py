"""FEEL read by recursive descent into a tree; what is not FEEL is an ExpressionError that shows the place.

Source: OMG DMN 1.5 §10.3.1.2 (grammar), §7.3.5 and §10.3.2.8 (unary tests).
"""

import re
from collections.abc import Callable
from contextlib import ExitStack

from bpm.engine.expressions.feel.cells import CELL, Cells
from bpm.engine.expressions.feel.functions import builtins
from bpm.engine.expressions.feel.lexer import NAME, plain_name, skip
from bpm.engine.expressions.feel.tree import (
    Between,
    Binary,
    Call,
    Choice,
    Constant,
    Entries,
    Filter,
    For,
    Function,
    Instance,
    Items,
    Logic,
    Loop,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Quantified,
)
from bpm.engine.expressions.feel.truths import COMPARISONS
from bpm.engine.expressions.feel.values.values import negated

__all__ = ["CELL", "Parser"]

_LOOP_NAME = re.compile(rf"({NAME}[^\s\[\](){{}}\",:]*(?:\s+(?!in\b)[^\s\[\](){{}}\",:]+)*)\s+in\b")
_FOLLOWS_A_RANGE = frozenset([",", ".", ")", "]", "}", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "..", "and",
                              "or", "then", "else", "return", "satisfies", "in", "between", "instance"])  # fmt: skip


class Parser(Cells):
    """FEEL's grammar over its smallest parts."""

    def whole(self) -> Node:
        tree = self.expression()
        self.end()
        return tree

    # Expressions, from the loosest to the tightest

    def expression(self) -> Node:
        with self.deeper():
            form = {"if": self._if, "for": self._for, "some": self._some, "every": self._some}.get(self.now.text)
            if form is not None and self.now.kind == "word":
                return form()
            return self._either()

    def _if(self) -> Node:
        self.need("if")
        test = self.expression()
        self.need("then")
        first = self.expression()
        self.need("else")
        return Choice(test, first, self.expression())

    def _for(self) -> Node:
        self.need("for")
        with ExitStack() as scopes:
            loops = self._loops(scopes)
            self.need("return")
            scopes.enter_context(self.scope(["partial"]))
            start = self.at
            made = self.expression()
            return For(loops, made, partial="partial" in self.source[start : self.at])

    def _some(self) -> Node:
        word = self.took("some", "every")
        with ExitStack() as scopes:
            loops = self._loops(scopes)
            self.need("satisfies")
            return Quantified(word, loops, self.expression())

    def _loops(self, scopes: ExitStack) -> tuple[Loop, ...]:
        """The names that are counted through, each known to what stands behind it."""
        loops: list[Loop] = []
        while True:
            found = _LOOP_NAME.match(self.source, skip(self.source, self.at))
            if not found:
                raise self.problem("The name of what is counted through is missing")
            self.at = found.end(1)
            self.need("in")
            values = self.expression()
            loops.append(Loop(plain_name(found[1]), values, self.expression() if self.took("..") else None))
            scopes.enter_context(self.scope([loops[-1].name]))
            if not self.took(","):
                return tuple(loops)

    def _either(self) -> Node:
        return self._chain(self._both, "or")

    def _both(self) -> Node:
        return self._chain(self._comparison, "and")

    def _chain(self, part: Callable[[], Node], word: str) -> Node:
        parts = [part()]
        while self.took(word):
            parts.append(part())
        return Logic(word, tuple(parts)) if len(parts) > 1 else parts[0]

    def _comparison(self) -> Node:
        if self.now.text == "not" and self.now.kind == "word" and self.after(self.now).text != "(":
            self.need("not")
            with self.deeper():
                return Not(self._comparison())
        tree = self.operand()
        while (wider := self._compared(tree)) is not None:
            tree = wider
        return tree

    def _compared(self, tree: Node) -> Node | None:
        if mark := self.took(*COMPARISONS):
            return _chained(tree, mark, self.operand())
        if self.took("between"):
            low = self.operand()
            self.need("and")
            return Between(tree, low, self.operand())
        if self.took("in"):
            return self.within(tree)
        if self.now.text == "not" and self.now.kind == "word" and self.after(self.now).text == "in":
            self.at = self.after(self.now).end
            return Not(self.within(tree))
        return None

    def operand(self) -> Node:
        tree = self._product()
        while mark := self.took("+", "-"):
            tree = Binary(mark, tree, self._product())
        return tree

    def _product(self) -> Node:
        tree = self._power()
        while mark := self.took("*", "/"):
            tree = Binary(mark, tree, self._power())
        return tree

    def _power(self) -> Node:
        tree = self._signed()
        while self.took("**"):
            tree = Binary("**", tree, self._signed())
        return tree

    def _signed(self) -> Node:
        tree = self._negated()
        while self.took("instance"):
            if self.now.text != "of":
                raise self.problem("'of' is missing")
            self.at = self.now.end
            tree = Instance(tree, self.type())
        return tree

    def _negated(self) -> Node:
        if not self.took("-"):
            return self._path(self.atom())
        with self.deeper():
            value = self._negated()
        if isinstance(value, Constant) and not isinstance(value.value, str | bool | None):
            return Constant(negated(value.value))
        return Negative(value)

    # Paths, filters and calls behind a value

    def _path(self, tree: Node) -> Node:
        while True:
            if self.took("."):
                tree = self.member(tree)
            elif self.is_now("[") and self._filters():
                self.need("[")
                tree = Filter(tree, self._condition())
                self.need("]")
            elif self.is_now("("):
                tree = self._call(tree)
            else:
                return tree

    def _filters(self) -> bool:
        """`[` behind a value is a filter, unless it closes an open range such as `]1..5[`."""
        following = self.after(self.now)
        return following.kind != "end" and (following.kind == "text" or following.text not in _FOLLOWS_A_RANGE)

    def _condition(self) -> Node:
        outer, self.asks = self.asks, False
        self.filters += 1
        try:
            with self.scope(["item"]):
                condition = self.expression()
        finally:
            self.filters -= 1
        self.asks = outer
        return condition

    def _call(self, tree: Node) -> Node:
        root = tree
        while isinstance(root, Member | Filter):
            root = root.owner if isinstance(root, Member) else root.items
        if not self._may_hold_functions(root):
            path = f"{root.name}.{tree.name}" if isinstance(tree, Member) and isinstance(root, Name) else ""
            path = path or (f".{tree.name}" if isinstance(tree, Member) else "")
            raise self.problem(f"The function {path}(...), which has no counterpart here,")
        names, arguments = self.arguments()
        return Call(tree, arguments, names)

    def _may_hold_functions(self, root: Node) -> bool:
        """Whether a function can come out of it: what the file or the expression named, and what defines functions."""
        if isinstance(root, Call):
            builtin = isinstance(root.function, Name) and builtins.find(root.function.name) is not None
            return not builtin
        if isinstance(root, Name):
            return self.is_local(root.name) or root.name in self.declared
        if isinstance(root, Items):
            return any(self._may_hold_functions(item) for item in root.items)
        return isinstance(root, Function | Entries | Choice)


def _chained(left: Node, mark: str, right: Node) -> Node:
    """`1 < x <= 5` means what it says, though FEEL itself would compare a truth with a number."""
    if mark not in ("=", "!="):
        last = left.parts[-1] if isinstance(left, Logic) else left
        if isinstance(last, Binary) and last.mark in ("<", "<=", ">", ">="):
            return Logic("and", (left, Binary(mark, last.right, right)))
    return Binary(mark, left, right)
