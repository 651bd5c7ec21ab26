"""What FEEL's expressions are made of: literals, names, calls, lists, contexts, paths and filters.

Source: OMG DMN 1.5 §10.3.1.2, rules 15 to 21 and 33 to 57. What has no counterpart is an ExpressionError that names it.
"""

import ast
import inspect

from bpm.engine.decisions.evaluation import CLOCK, FUNCTIONS
from bpm.engine.decisions.list_functions import WRITTEN
from bpm.engine.decisions.patterns import problem_of
from bpm.engine.decisions.tokens import Token, odd_names, tokens
from bpm.engine.decisions.trees import Inside, call, is_truth, named
from bpm.engine.spiff.expressions import MAX_TEXT
from bpm.errors import ExpressionError

CALLABLE = frozenset({*FUNCTIONS, *CLOCK})
_MOMENTS = frozenset({"date", "time", "date_and_time", "duration"})


class Primaries:
    """One pass over the tokens of a FEEL text, and its smallest parts."""

    def __init__(self, text: str, names: frozenset[str], about: ast.expr | None = None) -> None:
        """`names` are those that the file declares, `about` the value that the cell is about."""
        if len(text) > MAX_TEXT:
            raise ExpressionError(f"The expression is longer than {MAX_TEXT} characters.")
        self.text, self.about = text.strip(), about
        self.tokens = tokens(text, odd_names(names))
        self.at = self.depth = 0
        self.asked = False
        """Whether `?` was read."""

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def took(self, *texts: str) -> str:
        if self.now.kind in ("mark", "word") and self.now.text in texts:
            self.at += 1
            return self.tokens[self.at - 1].text
        return ""

    def need(self, text: str) -> None:
        if not self.took(text):
            raise self.odd(f"{text!r} is missing")

    def odd(self, what: str) -> ExpressionError:
        return ExpressionError(f"{what} in {self.text!r}.")

    def value(self) -> ast.expr:
        """A whole expression; the grammar over this class says what that is."""
        raise NotImplementedError

    def subject(self) -> ast.expr:
        """What a test is about."""
        if self.about is None:
            raise self.odd("A value is missing before the comparison")
        return self.about

    def name(self) -> str:
        """One name; several in a row are one with spaces, for FEEL knows no two names side by side."""
        if self.now.kind != "name":
            raise self.odd("A name is missing")
        parts = []
        while self.now.kind == "name":
            parts.append(self.now.text)
            self.at += 1
        return " ".join(parts)

    # Paths, filters, and what they start with

    def path(self, tree: ast.expr) -> ast.expr:
        while True:
            if self.took("."):
                tree = call("member", tree, ast.Constant(self.name()))
            elif self.now.text == "[" and self.now.kind == "mark" and self._filters():
                self.need("[")
                tree = self._filtered(tree)
                self.need("]")
            else:
                return tree

    def _filters(self) -> bool:
        """`[` behind a value is a filter, unless it closes an open range such as `]1..5[`."""
        following = self.tokens[self.at + 1]
        return following.kind != "end" and following.text not in (",", ")")

    def _filtered(self, items: ast.expr) -> ast.expr:
        outer, self.asked = self.asked, False
        condition = self.value()
        self.asked = outer
        if not is_truth(condition) and not isinstance(condition, ast.List):
            return ast.Subscript(items, condition, ast.Load())
        inside = ast.comprehension(
            ast.Name("item", ast.Store()), call("as_list", items), [Inside().visit(condition)], 0
        )
        return ast.ListComp(ast.Name("item", ast.Load()), [inside])

    def primary(self) -> ast.expr:
        token = self.now
        self.at += 1
        if token.kind in ("number", "text") or token.text in _CONSTANTS:
            return ast.Constant(_constant(token))
        match token.kind, token.text:
            case "moment", text:
                return self._moment(text)
            case "word", "not":
                self.need("(")
                inside = self.value()
                self.need(")")
                return ast.UnaryOp(ast.Not(), inside)
            case "mark", "?":
                self.asked = True
                return self.subject()
            case "mark", "(":
                inside = self.value()
                self.need(")")
                return inside
            case "mark", "[":
                return ast.List(self._until("]"), ast.Load())
            case "mark", "{":
                return self._context()
            case "name", _:
                self.at -= 1
                return self._named()
        raise self.odd(f"{token.text!r} is not expected" if token.text else "Something is missing at the end")

    def _moment(self, text: str) -> ast.expr:
        for function in ("date", "date_and_time", "time", "duration"):
            if FUNCTIONS[function](text) is not None:
                return call(function, ast.Constant(text))
        raise self.odd(f"@{text!r} is no date, time or duration")

    def _until(self, closing: str) -> list[ast.expr]:
        items: list[ast.expr] = []
        while not self.took(closing):
            items.append(self.value())
            if self.now.text != closing:
                self.need(",")
        return items

    def _context(self) -> ast.expr:
        keys: list[ast.Constant] = []
        values: list[ast.expr] = []
        while not self.took("}"):
            if self.now.kind == "text":
                keys.append(ast.Constant(self.now.text))
                self.at += 1
            else:
                keys.append(ast.Constant(self.name()))
            if keys[-1].value in [key.value for key in keys[:-1]]:
                raise self.odd("A key that is there twice")
            self.need(":")
            values.append(self.value())
            for name in ast.walk(values[-1]):
                if isinstance(name, ast.Name) and name.id in [key.value for key in keys[:-1]]:
                    raise self.odd(f"An entry that uses another one, {name.id!r},")
            if self.now.text != "}":
                self.need(",")
        return ast.Dict([*keys], values)

    def joined_name(self) -> str:
        """A name with `date and time`, `years and months duration` and their like as one."""
        name = self.name()
        while self.now.text == "and" and self._joins(name):
            self.need("and")
            name = f"{name} and {self.name()}"
        return name

    def _named(self) -> ast.expr:
        name = self.joined_name()
        if self.now.text == "(" and self.now.kind == "mark":
            return self._function(name)
        return named(name)

    def _joins(self, name: str) -> bool:
        following = self.tokens[self.at + 1].text
        return (name.removeprefix("of "), following) in (("date", "time"), ("years", "months"), ("days", "time"))

    def _function(self, name: str) -> ast.expr:
        self.need("(")
        arguments = self._until(")")
        function = _ALIASES.get(name, name.replace(" ", "_"))
        if function not in CALLABLE or function in WRITTEN or (function in CLOCK and arguments):
            raise self.odd(f"The function {name}(...) has no counterpart here")
        if function in FUNCTIONS:
            try:
                inspect.signature(FUNCTIONS[function]).bind(*arguments)
            except TypeError:
                raise self.odd(f"{name}(...) does not take {len(arguments)} values") from None
        constant = [part.value for part in arguments if isinstance(part, ast.Constant)]
        if function in _MOMENTS and len(constant) == len(arguments) and FUNCTIONS[function](*constant) is None:
            raise self.odd(f"{name}({', '.join(map(repr, constant))}) is none")
        said = [part.value or "" for part in arguments[1:] if isinstance(part, ast.Constant)]
        if function == "matches" and said and (problem := problem_of(*map(str, said))):
            raise self.odd(problem[0].upper() + problem[1:])
        return call(function, *arguments)


_ALIASES = {"assert": "assert_that", "Decimal": "number", "fn_date": "date", "fn_now": "now"}
"""Names of FEEL that Python keeps for itself, and what other engines call the same."""

_CONSTANTS = {"true": True, "false": False, "null": None}


def _constant(token: Token) -> str | int | float | bool | None:
    if token.kind == "number":
        return int(token.text) if token.text.isdigit() and len(token.text) < 19 else float(token.text)
    return token.text if token.kind == "text" else _CONSTANTS[token.text]
