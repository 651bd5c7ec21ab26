"""Reads JUEL and FEEL by precedence climbing into a Python syntax tree.

Sources: Jakarta Expression Language 5.0 §1; OMG DMN 1.5 §10.3 (FEEL).
"""

import ast
import builtins
import keyword
import re

from bpm.engine.spiff.counterparts import (
    FEEL_CALLS,
    FEEL_COMPARISONS,
    FEEL_FUNCTIONS,
    FEEL_WORDS,
    GETTER,
    JAVA_METHODS,
    JUEL_COMPARISONS,
    JUEL_FUNCTIONS,
    NO_PROPERTIES,
    PRODUCTS,
    SAME_NAME,
    SUMS,
    VARIABLE_CALLS,
    VARIABLE_FUNCTIONS,
    UnknownCallError,
    call_of,
    compare,
    or_none,
)
from bpm.errors import ExpressionError


def juel(text: str) -> str:
    """The inside of `${...}` in our language."""
    return written(Reading(text, feel=False).whole())


def feel(text: str) -> str:
    """A FEEL expression in our language."""
    return written(Reading(text, feel=True).whole())


def written(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>\d+\.\d+|\.\d+|\d+)(?![\w])[LlfFdD]?
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<name>(?:vars?|variables):\w+|(?:{FEEL_FUNCTIONS})(?=\s*\()|[^\W\d]\w*)
  | (?P<mark>\*\*|\.\.|&&|\|\||==|!=|<=|>=|[-+*/%<>=!?:.,()\[\]{{}}])
    )""",
    re.VERBOSE | re.UNICODE,
)


_OWNERS = frozenset(["execution", "variables", "task", "delegateTask", "vars", "kcontext"])
"""What other engines call the running instance in their expressions."""


class Reading:
    """One pass over the tokens of a JUEL or FEEL text."""

    def __init__(self, text: str, *, feel: bool, spaced: bool = False) -> None:
        """`spaced`: names may have spaces, as FEEL allows; only where the text is known to be FEEL."""
        self.text, self.feel, self.spaced = text, feel, spaced
        self.comparisons = FEEL_COMPARISONS if feel else JUEL_COMPARISONS
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0

    def _tokens(self) -> list[tuple[str, str]]:
        tokens, at, text = [], 0, self.text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found or not found.lastgroup:
                raise ExpressionError(f"{text[at : at + 20]!r} is not understood in {self.text.strip()!r}.")
            tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        return tokens

    def whole(self) -> ast.expr:
        tree = self.choice()
        if self.at < len(self.tokens):
            raise ExpressionError(f"{self.peek()!r} is not expected in {self.text.strip()!r}.")
        return tree

    def peek(self) -> str:
        """The next mark or name; strings and numbers are never mistaken for one."""
        if self.at >= len(self.tokens) or self.tokens[self.at][0] in ("string", "number"):
            return ""
        return self.tokens[self.at][1]

    def took(self, *marks: str) -> str:
        mark = self.peek()
        if mark and mark in marks:
            self.at += 1
            return mark
        return ""

    def need(self, mark: str) -> None:
        if not self.took(mark):
            raise ExpressionError(f"{mark!r} is missing in {self.text.strip()!r}.")

    def choice(self) -> ast.expr:
        self.depth += 1
        if self.depth > 30:
            raise ExpressionError("The expression is nested too deeply.")
        tree = self._feel_form() if self.feel else None
        if tree is None:
            tree = self._either()
            if not self.feel and self.took("?"):
                first = self.choice()
                self.need(":")
                tree = ast.IfExp(tree, first, self.choice())
        self.depth -= 1
        return tree

    def _feel_form(self) -> ast.expr | None:
        if self.took("if"):
            test = self.choice()
            self.need("then")
            first = self.choice()
            self.need("else")
            return ast.IfExp(test, first, self.choice())
        form = self.took("some", "every", "for")
        if not form:
            return None
        name = ast.Name(self._word(), ast.Store())
        self.need("in")
        values = self.choice()
        if self.took(".."):
            values = call_of("range", values, ast.BinOp(self._sum(), ast.Add(), ast.Constant(1)))
        self.need("return" if form == "for" else "satisfies")
        loop = ast.comprehension(name, values, [], 0)
        made = self.choice()
        if form == "for":
            return ast.ListComp(made, [loop])
        return call_of("any" if form == "some" else "all", ast.GeneratorExp(made, [loop]))

    def _word(self) -> str:
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind != "name":
            raise ExpressionError(f"A name is missing in {self.text.strip()!r}.")
        self.at += 1
        return word

    def _either(self) -> ast.expr:
        parts = [self._both()]
        while self.took(*(("or",) if self.feel else ("||", "or"))):
            parts.append(self._both())
        return ast.BoolOp(ast.Or(), parts) if len(parts) > 1 else parts[0]

    def _both(self) -> ast.expr:
        parts = [self._comparison()]
        while self.took(*(("and",) if self.feel else ("&&", "and"))):
            parts.append(self._comparison())
        return ast.BoolOp(ast.And(), parts) if len(parts) > 1 else parts[0]

    def _comparison(self) -> ast.expr:
        tree = self._sum()
        while True:
            if mark := self.took(*self.comparisons):
                tree = compare(tree, self.comparisons[mark], self._sum())
            elif self.feel and self.took("between"):
                low = self._sum()
                self.need("and")
                tree = ast.Compare(low, [ast.LtE(), ast.LtE()], [tree, self._sum()])
            elif self.feel and self.took("in"):
                tree = self._within(tree)
            else:
                return tree

    def _within(self, value: ast.expr) -> ast.expr:
        """FEEL's `x in [1..5]`, `x in (1, 2)`, `x in ["a", "b"]`, `x in names`."""
        opening = self.took("[", "(", "]")
        if not opening:
            return ast.Compare(value, [ast.In()], [self._sum()])
        items = [self._sum()]
        if self.took(".."):
            high = self._sum()
            closing = self.took("]", ")", "[")
            if not closing:
                self.need("]")
            low_kind = ast.LtE() if opening == "[" else ast.Lt()
            high_kind = ast.LtE() if closing == "]" else ast.Lt()
            return ast.Compare(items[0], [low_kind, high_kind], [value, high])
        while self.took(","):
            items.append(self._sum())
        self.need("]" if opening == "[" else ")")
        return ast.Compare(value, [ast.In()], [ast.List(items, ast.Load())])

    def _sum(self) -> ast.expr:
        tree = self._product()
        while mark := self.took("+", "-"):
            tree = ast.BinOp(tree, SUMS[mark](), self._product())
        return tree

    def _product(self) -> ast.expr:
        tree = self._power()
        while mark := self.took(*(("*", "/") if self.feel else tuple(PRODUCTS))):
            tree = ast.BinOp(tree, PRODUCTS[mark](), self._power())
        return tree

    def _power(self) -> ast.expr:
        tree = self._unary()
        while self.feel and self.took("**"):
            tree = ast.BinOp(tree, ast.Pow(), self._unary())
        return tree

    def _unary(self) -> ast.expr:
        if self.took("-"):
            return ast.UnaryOp(ast.USub(), self._unary())
        if self.feel and self.took("!"):
            # Not FEEL, but written by people who think of JUEL; there is only one thing it can mean.
            return ast.UnaryOp(ast.Not(), self._unary())
        if self.feel:
            return self._postfix()
        if self.took("!", "not"):
            return ast.UnaryOp(ast.Not(), self._unary())
        if self.took("empty"):
            return ast.UnaryOp(ast.Not(), or_none(self._unary()))
        return self._postfix()

    def _postfix(self) -> ast.expr:
        start = self.at
        tree = self._primary()
        while True:
            if self.took("."):
                tree = self._member(tree, self._word(), is_first=self.at == start + 3)
            elif not (self.feel and isinstance(tree, ast.Constant)) and self.took("["):
                key = self.choice()
                self.need("]")
                tree = ast.Subscript(tree, self._index(key), ast.Load())
            else:
                return tree

    def _index(self, key: ast.expr) -> ast.expr:
        if not self.feel:
            return key
        if isinstance(key, ast.Constant) and isinstance(key.value, int):
            return ast.Constant(key.value - 1)
        if isinstance(key, ast.UnaryOp) and isinstance(key.operand, ast.Constant):
            return key
        raise ExpressionError("A FEEL filter is not supported; use a number, which counts from 1.")

    def _member(self, owner: ast.expr, name: str, *, is_first: bool) -> ast.expr:
        if self.peek() != "(":
            if name.startswith("__"):
                raise ExpressionError("Names that start with two underscores are not allowed.")
            if keyword.iskeyword(name):
                return ast.Subscript(owner, ast.Constant(name), ast.Load())
            return ast.Attribute(owner, name, ast.Load())
        arguments = self._arguments()
        called = owner.id if is_first and isinstance(owner, ast.Name) else ""
        if called in _OWNERS and arguments:
            if name in VARIABLE_CALLS and len(arguments) == 1:
                return call_of("variable", *arguments)
            if name == "hasVariable":
                return call_of("has_variable", *arguments)
        build = JAVA_METHODS.get((name, len(arguments))) if not self.feel else None
        build = JUEL_FUNCTIONS.get((f"{called}.{name}", len(arguments)), build)
        if build:
            return build(owner, *arguments) if f"{called}." != "KieFunctions." else build(*arguments)
        getter = GETTER.fullmatch(name)
        if getter and not arguments and not self.feel and name not in NO_PROPERTIES and called not in _OWNERS:
            return ast.Attribute(owner, getter[1][0].lower() + getter[1][1:], ast.Load())
        raise self._unknown(name, f"{ast.unparse(owner)}.{name}")

    def _unknown(self, name: str, called: str) -> ExpressionError:
        """A method of something with a name is a bean's, a worker may know it; anything else nobody can mean."""
        message = f"The method {name}(...) in {self.text.strip()!r} has no counterpart here."
        if not re.fullmatch(r"[^\W_]\w*([.:][^\W_]\w*)*", called):
            return ExpressionError(message)
        return UnknownCallError(message, called=called)

    def _arguments(self) -> list[ast.expr]:
        self.need("(")
        arguments: list[ast.expr] = []
        while not self.took(")"):
            arguments.append(self.choice())
            if self.peek() != ")":
                self.need(",")
        return arguments

    def _primary(self) -> ast.expr:
        if self.at >= len(self.tokens):
            raise ExpressionError(f"Something is missing at the end of {self.text.strip()!r}.")
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return ast.Constant(float(word) if "." in word else int(word[:30]))
        if kind == "string":
            return ast.Constant(
                re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), word[1:-1])
            )
        if kind == "name":
            return self._named(word)
        if word == "(":
            inside = self.choice()
            self.need(")")
            return inside
        if word == "[" and self.feel:
            return self._list()
        if word == "{" and self.feel:
            return self._context()
        raise ExpressionError(f"{word!r} is not expected in {self.text.strip()!r}.")

    def _list(self) -> ast.expr:
        items: list[ast.expr] = []
        while not self.took("]"):
            items.append(self.choice())
            if self.peek() != "]":
                self.need(",")
        return ast.List(items, ast.Load())

    def _context(self) -> ast.expr:
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        while not self.took("}"):
            kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            self.at += 1
            if kind not in ("string", "name"):
                raise ExpressionError(f"A key is missing in {self.text.strip()!r}.")
            keys.append(ast.Constant(word.strip('"')))
            self.need(":")
            values.append(self.choice())
            if self.peek() != "}":
                self.need(",")
        return ast.Dict(keys, values)

    def _named(self, word: str) -> ast.expr:
        constants = {"true": True, "false": False, "null": None}
        if word in constants and (self.feel or self.peek() != "("):
            return ast.Constant(constants[word])
        if self.peek() == "(":
            return self._function(word)
        while self.spaced and self._next_is_name():
            word = f"{word} {self._word()}"
        if " " in word:
            return call_of("variable", ast.Constant(word))
        if keyword.iskeyword(word) or word.startswith("_"):
            return call_of("variable", ast.Constant(word))
        return ast.Name(word, ast.Load())

    def _next_is_name(self) -> bool:
        is_name = self.at < len(self.tokens) and self.tokens[self.at][0] == "name"
        return is_name and self.peek() not in FEEL_WORDS

    def _function(self, name: str) -> ast.expr:
        arguments = self._arguments()
        if self.feel and (name, len(arguments)) in FEEL_CALLS:
            return FEEL_CALLS[name, len(arguments)](*arguments)
        if self.feel and name in SAME_NAME:
            return call_of(name, *arguments)
        function = name.partition(":")[2]
        if function in VARIABLE_FUNCTIONS and len(arguments) == 2:
            return compare(or_none(arguments[0]), VARIABLE_FUNCTIONS[function], arguments[1])
        if function == "get" and len(arguments) == 1:
            return or_none(arguments[0])
        if function in ("isEmpty", "empty") and len(arguments) == 1:
            return ast.UnaryOp(ast.Not(), or_none(arguments[0]))
        if function in ("isNotEmpty", "notEmpty") and len(arguments) == 1:
            return call_of("bool", or_none(arguments[0]))
        if not self.feel and (name, len(arguments)) in JUEL_FUNCTIONS:
            return JUEL_FUNCTIONS[name, len(arguments)](*arguments)
        if not self.feel and ":" in name and (built := self._over_variables(function, arguments)) is not None:
            return built
        message = f"The function {name}(...) in {self.text.strip()!r} has no counterpart here."
        if len(name) == 1 or name.startswith("_") or hasattr(builtins, name):
            raise ExpressionError(message)
        raise UnknownCallError(message, called=name)

    def _over_variables(self, function: str, arguments: list[ast.expr]) -> ast.expr | None:
        """Flowable's functions over variables that take any number of values."""
        if function == "exists" and len(arguments) == 1:
            return call_of("has_variable", *arguments)
        if function == "getOrDefault" and len(arguments) == 2:
            there = ast.Compare(or_none(arguments[0]), [ast.IsNot()], [ast.Constant(None)])
            return ast.IfExp(there, *arguments)
        if function in ("contains", "containsAny") and len(arguments) > 1:
            tests: list[ast.expr] = [ast.Compare(item, [ast.In()], [arguments[0]]) for item in arguments[1:]]
            return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And() if function == "contains" else ast.Or(), tests)
        return None
