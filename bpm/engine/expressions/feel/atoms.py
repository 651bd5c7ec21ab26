"""The smallest parts of FEEL's expressions: literals, names, calls, lists, contexts, ranges, function definitions.

Source: OMG DMN 1.5 §10.3.1.2, rules 15 to 21 and 33 to 66. What has no counterpart is an ExpressionError that names it.
"""

import re
from contextlib import ExitStack
from decimal import Decimal, DecimalException

from bpm.engine.expressions.feel.calls import Calls
from bpm.engine.expressions.feel.functions import builtins
from bpm.engine.expressions.feel.lexer import NAME, plain_name, skip
from bpm.engine.expressions.feel.tree import (
    Constant,
    Entries,
    Interval,
    Items,
    Member,
    Moment,
    Name,
    Node,
)
from bpm.engine.expressions.feel.values.iso8601 import OutOfReachError, demand_whole_microseconds
from bpm.engine.expressions.feel.values.values import DIGITS
from bpm.foundation.errors import ExpressionError

_CONSTANTS = {"true": True, "false": False, "null": None}
_KEY = re.compile(rf"""((?:{NAME}|\?)[^:{{}}"\[\]()]*):""")


class Atoms(Calls):
    """The grammar's leaves; what an expression is, the class over this one says."""

    asks = False
    """Whether `?` was read."""
    about: Node | None = None
    """What a unary test is about here."""

    def subject(self) -> Node:
        if self.about is None:
            raise self.problem("A value is missing before the comparison")
        return self.about

    def atom(self) -> Node:
        token = self.now
        if token.kind == "name":
            return self._named()
        if token.kind == "end":
            raise self.problem("Something is missing at the end")
        self.at = token.end
        if token.kind in ("number", "text"):
            return Constant(_number(token.text) if token.kind == "number" else token.text)
        if token.kind == "moment":
            return self._moment(token.text)
        if token.kind == "word":
            return self._worded(token.text, token.start)
        if token.text == "?":
            self.asks = True
            return self.subject()
        if token.text in ("(", "[", "]", "{"):
            return self._opened(token.text)
        raise self.problem(f"{token.text!r} is not expected")

    def _moment(self, text: str) -> Node:
        try:
            demand_whole_microseconds(text)
            if builtins.moment(text) is None:
                self.remarks.append(f'@"{text}" is no date, time or duration and comes to null')
        except OutOfReachError as error:
            return self.out_of_reach(error)
        return Moment(text)

    def _worded(self, word: str, at: int) -> Node:
        if word in _CONSTANTS:
            return Constant(_CONSTANTS[word])
        if word == "not" and self.is_now("("):
            return self.called("not")
        if word == "function" and self.is_now("("):
            return self.function()
        if word in ("if", "for", "some", "every"):
            self.at = at
            return self.expression()
        raise self.problem(f"{word!r} is not expected")

    def _opened(self, mark: str) -> Node:
        if mark == "{":
            return self._context()
        if mark == "[" and self.took("]"):
            return Items(())
        first = self.half_range() if mark != "]" else None
        if first is None:
            first = self.expression()
            if self.took(".."):
                return self.interval(mark, first)
        if mark == "]":
            raise self.problem("The end of the range is missing")
        if mark == "(":
            self.need(")")
            return first
        items = [first]
        while self.took(","):
            items.append(self.half_range() or self.expression())
        self.need("]")
        return Items(tuple(items))

    # Ranges

    def interval(self, opening: str, low: Node) -> Node:
        """What stands behind `[1..`."""
        high = self.operand()
        closing = self.took("]", ")", "[")
        if not closing:
            raise self.problem("The end of the range is missing")
        return Interval(low, high, low_included=opening == "[", high_included=closing == "]")

    # Contexts

    def _context(self) -> Node:
        entries: dict[str, Node] = {}
        twice = False
        with ExitStack() as scopes:
            while not self.took("}"):
                key = self._key()
                if key in entries:
                    twice = True
                    self.remarks.append(f"the key {key!r} is there twice, so that the context comes to null")
                self.need(":")
                # A function may call itself; any other entry knows those before it alone.
                with self.scope([key] if self.is_now("function") else []):
                    entries[key] = self.expression()
                self.keys.add(key)
                scopes.enter_context(self.scope([key]))
                if not self.is_now("}"):
                    self.need(",")
        return Constant(None) if twice else Entries(tuple(entries.items()))

    def _key(self) -> str:
        if self.now.kind == "text":
            key = self.now.text
            self.at = self.now.end
            return key
        found = _KEY.match(self.source, skip(self.source, self.at))
        if not found:
            raise self.problem("The name of an entry is missing")
        self.at = found.end(1)
        return plain_name(found[1])

    def _named(self) -> Node:
        name = self.joined_name()
        if self.is_now("("):
            return self.called(name)
        self.saw(name)
        return Name(name)

    def member(self, owner: Node) -> Node:
        """`.name` behind a value."""
        token = self.now
        if token.kind == "word":
            self.at = token.end
            return Member(owner, token.text)
        with self.knowing(self.keys):
            return Member(owner, self.name())


def _number(text: str) -> int | Decimal:
    try:
        return int(text) if text.isdigit() and len(text) < 34 else DIGITS.create_decimal(text)
    except DecimalException:
        raise ExpressionError(f"The number {text} is too large.") from None
