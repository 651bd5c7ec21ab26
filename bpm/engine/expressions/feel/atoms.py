"""The smallest parts of FEEL's expressions: literals, names, calls, lists, contexts, ranges, function definitions.

Source: OMG DMN 1.5 §10.3.1.2, rules 15 to 21 and 33 to 66. What has no counterpart is an ExpressionError that names it.
"""

import re
from contextlib import ExitStack
from decimal import Decimal, DecimalException

from bpm.engine.decisions.patterns import problem_of
from bpm.engine.decisions.values import DIGITS
from bpm.engine.expressions.feel import builtins
from bpm.engine.expressions.feel.lexer import NAME, plain_name, skip
from bpm.engine.expressions.feel.reader import Reader
from bpm.engine.expressions.feel.tree import (
    Call,
    Constant,
    Entries,
    Function,
    Interval,
    Items,
    Member,
    Moment,
    Name,
    Node,
    Not,
    Type,
    Unequal,
)
from bpm.engine.expressions.feel.types import is_type
from bpm.errors import ExpressionError

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}
_KEY = re.compile(rf"""((?:{NAME}|\?)[^:{{}}"\[\]()]*):""")
_PARAMETER = re.compile(rf"""({NAME}[^:,(){{}}"\[\]]*)[:,)]""")
_ARGUMENT = re.compile(rf"({NAME}(?:[\s']+\w+)*)\s*:")


class Atoms(Reader):
    """The grammar's leaves; what an expression is, the class over this one says."""

    asks = False
    """Whether `?` was read."""
    about: Node | None = None
    """What a unary test is about here."""

    def expression(self) -> Node:
        raise NotImplementedError

    def operand(self) -> Node:
        """A sum, which is what the ends of a range are."""
        raise NotImplementedError

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
            if builtins.moment(token.text) is None:
                self.remarks.append(f'@"{token.text}" is no date, time or duration and comes to null')
            return Moment(token.text)
        if token.kind == "word":
            return self._worded(token.text)
        if token.text == "?":
            self.asks = True
            return self.subject()
        if token.text in ("(", "[", "]", "{"):
            return self._opened(token.text)
        raise self.problem(f"{token.text!r} is not expected")

    def _worded(self, word: str) -> Node:
        if word in _CONSTANTS:
            return Constant(_CONSTANTS[word])
        if word == "not" and self.is_now("("):
            return self.called("not")
        if word == "function" and self.is_now("("):
            return self._function()
        raise self.problem(f"{word!r} is not expected")

    def _opened(self, mark: str) -> Node:
        if mark == "{":
            return self._context()
        if mark == "[" and self.took("]"):
            return Items(())
        first = self._half_range() if mark != "]" else None
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
            items.append(self._half_range() or self.expression())
        self.need("]")
        return Items(tuple(items))

    # Ranges

    def _half_range(self) -> Node | None:
        """`< 5` as a value: the range of all that is smaller."""
        mark = self.took(*COMPARISONS)
        if not mark:
            return None
        value = self.operand()
        if mark == "=":
            return Interval(value, value, low_included=True, high_included=True)
        if mark == "!=":
            return Unequal(value)
        if mark in ("<", "<="):
            return Interval(None, value, low_included=False, high_included=mark == "<=")
        return Interval(value, None, low_included=mark == ">=", high_included=False)

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

    # Functions

    def _function(self) -> Node:
        parameters: list[str] = []
        types: list[Type | None] = []
        self.need("(")
        while not self.took(")"):
            found = _PARAMETER.match(self.source, skip(self.source, self.at))
            if not found:
                raise self.problem("The name of a parameter is missing")
            self.at = found.end(1)
            parameters.append(plain_name(found[1]))
            types.append(self.type() if self.took(":") else None)
            if not self.is_now(")"):
                self.need(",")
        if self.now.text == "external":
            raise self.problem("An external function, which is not executed,")
        with self.scope(parameters):
            return Function(tuple(parameters), tuple(types), self.expression())

    def type(self) -> Type:
        """`list<number>`, `function<a, b>->c`, `context<name: string>`, a plain name or a declared one."""
        name = "function" if self.took("function") else self.joined_name()
        if name not in self.declared and not is_type(name):
            raise self.problem(f"The type {name!r}, which is not known here,")
        parts: list[Type] = []
        names: list[str] = []
        if name in ("list", "range", "function", "context") and self.took("<"):
            while not self.took(">"):
                if name == "context":
                    names.append(self.name())
                    self.need(":")
                parts.append(self.type())
                if not self.is_now(">"):
                    self.need(",")
        if name == "function" and self.took("->"):
            parts.append(self.type())
        return Type(name, tuple(parts), tuple(names))

    def _named(self) -> Node:
        name = self.joined_name()
        if self.is_now("("):
            return self.called(name)
        self.saw(name)
        return Name(name)

    def called(self, name: str) -> Node:
        """A call of a function by its name."""
        names, arguments = self.arguments()
        if name == "not" and len(arguments) == 1 and not self.is_local(name):
            return Not(arguments[0])
        function = builtins.find(name)
        if self.is_local(name) or name in self.declared:
            if function is None:
                self.saw(name)
            return Call(Name(name), arguments, names)
        if function is None:
            raise self.problem(builtins.why_not(name))
        if not function.takes(len(arguments), names):
            self.remarks.append(f"{name}(...) does not take these {len(arguments)} values and comes to null")
        said = [each.value for each in arguments if isinstance(each, Constant)]
        if said and len(said) == len(arguments) and function.is_moment and function.call(said, names) is None:
            self.remarks.append(f"{name}({', '.join(map(repr, said))}) is none and comes to null")
        if name in ("matches", "replace", "split", "extract"):
            self._check_pattern(name, arguments)
        return Call(Name(name), arguments, names)

    def _check_pattern(self, name: str, arguments: tuple[Node, ...]) -> None:
        pattern = arguments[1] if len(arguments) > 1 else None
        flags = arguments[-1] if len(arguments) > (3 if name == "replace" else 2) else Constant("")
        if isinstance(pattern, Constant) and isinstance(pattern.value, str) and isinstance(flags, Constant):
            problem = problem_of(pattern.value, str(flags.value or ""))
            if problem:
                raise self.problem(problem[0].upper() + problem[1:])

    def arguments(self) -> tuple[tuple[str, ...], tuple[Node, ...]]:
        """What stands between the brackets of a call: names, if the values are named, and values."""
        self.need("(")
        names: list[str] = []
        values: list[Node] = []
        while not self.took(")"):
            named = _ARGUMENT.match(self.source, skip(self.source, self.at))
            if named:
                names.append(plain_name(named[1]))
                self.at = named.end()
            values.append(self._half_range() or self.expression())
            if not self.is_now(")"):
                self.need(",")
        if names and len(names) != len(values):
            raise self.problem("A call whose values are named in part")
        return tuple(names), tuple(values)

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
