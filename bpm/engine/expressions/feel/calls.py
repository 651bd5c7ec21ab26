"""Functions as FEEL writes them: definitions with their types, calls by position and by name.

Source: OMG DMN 1.5 §10.3.1.2, rules 37 to 47. What has no counterpart is an ExpressionError that names it.
"""

import re

from bpm.engine.expressions.feel.functions import builtins
from bpm.engine.expressions.feel.lexer import NAME, plain_name, skip
from bpm.engine.expressions.feel.reader import Reader
from bpm.engine.expressions.feel.tree import Call, Constant, Function, Interval, Name, Node, Not, Type, Unequal
from bpm.engine.expressions.feel.truths import COMPARISONS
from bpm.engine.expressions.feel.types import is_type
from bpm.engine.expressions.feel.values.iso8601 import OutOfReachError, demand_whole_microseconds
from bpm.engine.expressions.feel.values.patterns import is_pattern, problem_of

_PARAMETER = re.compile(rf"""({NAME}[^:,(){{}}"\[\]]*)[:,)]""")
_ARGUMENT = re.compile(rf"({NAME}(?:[\s']+\w+)*)\s*:")


class Calls(Reader):
    """Function definitions and calls; what an expression is, a class over this one says."""

    def expression(self) -> Node:
        raise NotImplementedError

    def operand(self) -> Node:
        """A sum, which is what the ends of a range are."""
        raise NotImplementedError

    def function(self) -> Node:
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
        if function.is_moment:
            try:
                self._check_moment(name, function, arguments, names)
            except OutOfReachError as error:
                return self.out_of_reach(error)
        if name in ("matches", "replace", "split", "extract"):
            self._check_pattern(name, arguments)
        return Call(Name(name), arguments, names)

    def _check_moment(
        self, name: str, function: builtins.Builtin, arguments: tuple[Node, ...], names: tuple[str, ...]
    ) -> None:
        """Raise OutOfReachError for a date, time or duration that is written out and cannot be held here."""
        said = [each.value for each in arguments if isinstance(each, Constant)]
        for each in said:
            demand_whole_microseconds(each)
        if said and len(said) == len(arguments) and function.call(said, names) is None:
            self.remarks.append(f"{name}({', '.join(map(repr, said))}) is none and comes to null")

    def _check_pattern(self, name: str, arguments: tuple[Node, ...]) -> None:
        pattern = arguments[1] if len(arguments) > 1 else None
        flags = arguments[-1] if len(arguments) > (3 if name == "replace" else 2) else Constant("")
        if isinstance(pattern, Constant) and isinstance(pattern.value, str) and isinstance(flags, Constant):
            if problem := problem_of(pattern.value):
                raise self.problem(problem[0].upper() + problem[1:])
            if not is_pattern(pattern.value, str(flags.value or "")):
                self.remarks.append(
                    f"{pattern.value!r} with its flags is no pattern, so that {name}(...) comes to null"
                )

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
            values.append(self.half_range() or self.expression())
            if not self.is_now(")"):
                self.need(",")
        if names and len(names) != len(values):
            raise self.problem("A call whose values are named in part")
        return tuple(names), tuple(values)

    def half_range(self) -> Node | None:
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
