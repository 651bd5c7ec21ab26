"""Reads JUEL by precedence climbing into a syntax tree of our own expression language.

Source: Jakarta Expression Language 5.0 §1 and its grammar in appendix A.
"""

import ast
import builtins
import re

from bpm.engine.expressions.functions import (
    CLASS_CONSTANTS,
    CLASS_METHODS,
    EQUALITIES,
    GETTER,
    JAVA_METHODS,
    JUEL_COMPARISONS,
    JUEL_FUNCTIONS,
    NO_PROPERTIES,
    ORDERS,
    PRODUCTS,
    STRICT_EQUALITIES,
    SUMS,
    VARIABLE_CALLS,
    VARIABLE_COMPARISONS,
    VARIABLE_QUESTIONS,
    UnknownCallError,
    call_of,
    compare,
    named_by,
)
from bpm.foundation.errors import ExpressionError

_PIECE = re.compile(r"(?<!\\)[$#]\{(?P<inside>(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[^{}\"'])*)\}")
"""One `${...}` or `#{...}`; a text in quotes may hold braces."""

_ESCAPED = re.compile(r"\\([$#]\{)")
"""`\\${` or `\\#{`: the mark itself, no expression (§1.2.3)."""


def pieces(text: str) -> list[re.Match[str]]:
    """The expressions inside a text, each with its `inside`."""
    return list(_PIECE.finditer(text))


def is_template(text: str) -> bool:
    """Whether a text holds expressions, or marks of them that are written as text."""
    return bool(_PIECE.search(text) or _ESCAPED.search(text))


def juel(text: str, *, is_code: bool = False) -> ast.expr:
    """What stands inside of `${...}`, or an expression of Java and its like, which also have `===` and `!==`."""
    return Reading(text, is_code=is_code).whole()


def template(text: str) -> ast.expr:
    """A text with `${...}` in it: the one expression that it is, else all its parts as one text (§1.2.2, §1.2.3)."""
    found = pieces(text)
    if len(found) == 1 and found[0][0] == text:
        return juel(found[0]["inside"])
    parts: list[ast.expr] = []
    at = 0
    for piece in found:
        if piece.start() > at:
            parts.append(ast.Constant(text[at : piece.start()]))
        parts.append(juel(piece["inside"]))
        at = piece.end()
    if at < len(text):
        parts.append(ast.Constant(text[at:]))
    for part in parts:
        if isinstance(part, ast.Constant):
            if re.search(r"(?<!\\)[$#]\{", str(part.value)):
                raise ExpressionError(f"An expression in {text!r} has no end.", remedy="Close it with a brace: ${...}.")
            part.value = _ESCAPED.sub(r"\1", str(part.value))
    return call_of("concat", *parts)


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w])|(?:\d+\.\d+|\.\d+|\d+)[LlFfDd](?!\w))
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<name>(?:vars?|variables):\w+(?=\s*\()|[^\W\d]\w*)
  | (?P<mark>===|!==|&&|\|\||==|!=|<=|>=|\+=|[-+*/%<>=!?:.,()\[\]{}])
    )""",
    re.VERBOSE | re.UNICODE,
)


_OWNERS = frozenset(["execution", "variables", "task", "delegateTask", "vars", "kcontext"])
"""What other engines call the running instance in their expressions."""


class Reading:
    """One pass over the tokens of a JUEL text."""

    def __init__(self, text: str, *, is_code: bool = False) -> None:
        self.text = text
        self.is_code = is_code
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
        tree = self._either()
        if self.took("?"):
            first = self.choice()
            self.need(":")
            tree = ast.IfExp(tree, first, self.choice())
        self.depth -= 1
        return tree

    def _word(self) -> str:
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind != "name":
            raise ExpressionError(f"A name is missing in {self.text.strip()!r}.")
        self.at += 1
        return word

    def _either(self) -> ast.expr:
        parts = [self._both()]
        while self.took("||", "or"):
            parts.append(self._both())
        return ast.BoolOp(ast.Or(), parts) if len(parts) > 1 else parts[0]

    def _both(self) -> ast.expr:
        parts = [self._comparison()]
        while self.took("&&", "and"):
            parts.append(self._comparison())
        return ast.BoolOp(ast.And(), parts) if len(parts) > 1 else parts[0]

    def _comparison(self) -> ast.expr:
        tree = self._order()
        while True:
            if mark := self.took(*EQUALITIES):
                tree = compare(tree, JUEL_COMPARISONS[mark], self._order())
            elif self.is_code and (mark := self.took(*STRICT_EQUALITIES)):
                tree = call_of(STRICT_EQUALITIES[mark], tree, self._order())
            else:
                return tree

    def _order(self) -> ast.expr:
        tree = self._joined()
        while mark := self.took(*ORDERS):
            tree = compare(tree, JUEL_COMPARISONS[mark], self._joined())
        return tree

    def _joined(self) -> ast.expr:
        parts = [self._sum()]
        while self.took("+="):
            parts.append(self._sum())
        return call_of("concat", *parts) if len(parts) > 1 else parts[0]

    def _sum(self) -> ast.expr:
        tree = self._product()
        while mark := self.took("+", "-"):
            tree = ast.BinOp(tree, SUMS[mark](), self._product())
        return tree

    def _product(self) -> ast.expr:
        tree = self._unary()
        while mark := self.took(*PRODUCTS):
            tree = ast.BinOp(tree, PRODUCTS[mark](), self._unary())
        return tree

    def _unary(self) -> ast.expr:
        if self.took("-"):
            return ast.UnaryOp(ast.USub(), self._unary())
        if self.took("!", "not"):
            return ast.UnaryOp(ast.Not(), self._unary())
        if self.took("empty"):
            return call_of("is_empty", self._unary())
        return self._postfix()

    def _postfix(self) -> ast.expr:
        start = self.at
        tree = self._primary()
        while True:
            if self.took("."):
                tree = self._member(tree, self._word(), is_first=self.at == start + 3)
            elif self.took("["):
                key = self.choice()
                self.need("]")
                tree = ast.Subscript(tree, key, ast.Load())
            else:
                return tree

    def _member(self, owner: ast.expr, name: str, *, is_first: bool) -> ast.expr:
        if self.peek() != "(":
            if name.startswith("__"):
                raise ExpressionError("Names that start with two underscores are not allowed.")
            if self.is_code and is_first and isinstance(owner, ast.Name) and f"{owner.id}.{name}" in CLASS_CONSTANTS:
                return ast.Constant(CLASS_CONSTANTS[f"{owner.id}.{name}"])
            return ast.Attribute(owner, name, ast.Load())
        arguments = self._arguments()
        called = owner.id if is_first and isinstance(owner, ast.Name) else ""
        if self.is_code and (f"{called}.{name}", len(arguments)) in CLASS_METHODS:
            return CLASS_METHODS[f"{called}.{name}", len(arguments)](*arguments)
        if called in _OWNERS and arguments:
            if name in VARIABLE_CALLS and len(arguments) == 1:
                return call_of("variable", *arguments)
            if name == "hasVariable":
                return call_of("has_variable", *arguments)
        build = JAVA_METHODS.get((name, len(arguments)))
        build = JUEL_FUNCTIONS.get((f"{called}.{name}", len(arguments)), build)
        if build:
            return build(owner, *arguments) if f"{called}." != "KieFunctions." else build(*arguments)
        getter = GETTER.fullmatch(name)
        if getter and not arguments and name not in NO_PROPERTIES and called not in _OWNERS:
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
            return ast.Constant(_number(word))
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
        raise ExpressionError(f"{word!r} is not expected in {self.text.strip()!r}.")

    def _named(self, word: str) -> ast.expr:
        constants = {"true": True, "false": False, "null": None}
        if word in constants and self.peek() != "(":
            return ast.Constant(constants[word])
        if self.peek() == "(":
            return self._function(word)
        if word.startswith("_"):
            return call_of("variable", ast.Constant(word))
        return ast.Name(word, ast.Load())

    def _function(self, name: str) -> ast.expr:
        arguments = self._arguments()
        prefix, colon, function = name.partition(":")
        if colon and arguments and (built := _over_variable(function, arguments)) is not None:
            return built
        if (name, len(arguments)) in JUEL_FUNCTIONS:
            return JUEL_FUNCTIONS[name, len(arguments)](*arguments)
        message = f"The function {name}(...) in {self.text.strip()!r} has no counterpart here."
        if len(prefix) == 1 or name.startswith("_") or hasattr(builtins, name):
            raise ExpressionError(message)
        raise UnknownCallError(message, called=name)


def _over_variable(function: str, arguments: list[ast.expr]) -> ast.expr | None:
    """Flowable's functions over a variable, which the first argument names: `vars:get(x)`, `variables:lt('x', 5)`."""
    variable, *others = named_by(arguments[0]), *arguments[1:]
    if function in VARIABLE_COMPARISONS and len(others) == 1:
        return call_of(VARIABLE_COMPARISONS[function], variable, *others)
    if function in ("contains", "containsAny") and others:
        return call_of("contains_all" if function == "contains" else "contains_any", variable, *others)
    if function in ("getOrDefault", "getOrDefaultIfNotExist") and len(others) == 1:
        return _or_default(arguments[0], variable, others[0], is_null_a_value=function.endswith("IfNotExist"))
    if others or function not in VARIABLE_QUESTIONS:
        return None
    return VARIABLE_QUESTIONS[function](variable)


def _or_default(named: ast.expr, variable: ast.expr, other: ast.expr, *, is_null_a_value: bool) -> ast.expr:
    if not is_null_a_value:
        return ast.IfExp(compare(variable, ast.IsNot, ast.Constant(None)), variable, other)
    name = ast.Constant(named.id) if isinstance(named, ast.Name) else named
    return ast.IfExp(call_of("has_variable", name), variable, other)


def _number(word: str) -> int | float:
    word = word.rstrip("LlFfDd")
    return int(word[:30]) if word.isdigit() else float(word)
