"""Translates the expression languages of other engines, JUEL and simple FEEL, into ours.

Both are read by one precedence-climbing parser into a Python syntax tree, which is then written out as text, so that
designers see what runs. What has no counterpart is an ExpressionError that names it.
Sources: Jakarta Expression Language 5.0 §1; OMG DMN 1.5 §10.3 (FEEL).
"""

import ast
import keyword
import re
from collections.abc import Callable
from typing import Literal

from bpm.engine.spiff.expressions import MAX_TEXT, parse
from bpm.errors import ExpressionError

Use = Literal["condition", "value", "template"]
"""condition: prose is a FreeTextError; value: the whole text is an expression; template: plain text is itself."""

_WRAPPED = re.compile(r"^[$#]\{(?P<inside>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}$", re.DOTALL)
_PIECE = re.compile(r"[$#]\{(?P<inside>[^{}]*)\}")
_ANSWERS = frozenset(
    [
        "yes",
        "no",
        "ja",
        "nein",
        "oui",
        "non",
        "si",
        "y",
        "n",
        "ok",
        "else",
        "otherwise",
        "default",
        "sonst",
        "always",
        "never",
    ]
)
_CODE = re.compile(r"java|mvel|groovy|javascript|ecmascript|drools", re.IGNORECASE)


class FreeTextError(ExpressionError):
    """The text is prose for people, not an expression."""


def translate(text: str, *, use: Use, language: str = "") -> str:
    """`text` of a model as text of our own language.

    `language` is the model's language attribute, if any. Raises FreeTextError for prose in a condition and
    ExpressionError for whatever cannot be translated.
    """
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"The expression is longer than {MAX_TEXT} characters.")
    if use == "template" and not _PIECE.search(text) and not text.startswith("="):
        return repr(text)
    return parse(_translate(text, use, language)).text


def _translate(text: str, use: Use, language: str) -> str:
    wrapped = _WRAPPED.match(text)
    if wrapped and len(_PIECE.findall(text)) <= 1:
        return juel(wrapped["inside"])
    if text.startswith("=") and not text.startswith("=="):
        return _written(_Reading(text[1:], feel=True, spaced=True).whole())
    if "feel" in language.lower():
        return _written(_Reading(text, feel=True, spaced=True).whole())
    if _PIECE.search(text):
        if use == "condition":
            raise ExpressionError(f"{text} is a text with expressions in it, not a condition.")
        return _template(text)
    if _CODE.search(language):
        return juel(re.sub(r"^return\b|;$", "", text).strip())
    return _unmarked(text, use)


def _unmarked(text: str, use: Use) -> str:
    """Text without any mark of its language: Python, or what reads as JUEL or FEEL, or prose."""
    if use == "condition" and text.lower() in _ANSWERS:
        raise FreeTextError(f"{text!r} is a word for people, not a condition.")
    if _is_python(text):
        return text
    for reading in (juel, feel):
        try:
            return reading(text)
        except ExpressionError:
            continue
    raise FreeTextError(f"{text!r} is a text for people, not an expression.")


def _is_python(text: str) -> bool:
    """Whether the text is Python; `customer is happy` reads as Python too, but compares no variables."""
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not (
        isinstance(body, ast.Compare)
        and isinstance(body.ops[0], ast.Is | ast.IsNot)
        and not isinstance(body.comparators[0], ast.Constant)
    )


def _template(text: str) -> str:
    parts: list[ast.expr] = []
    at = 0
    for piece in _PIECE.finditer(text):
        if piece.start() > at:
            parts.append(ast.Constant(text[at : piece.start()]))
        parts.append(_call("str", _Reading(piece["inside"], feel=False).whole()))
        at = piece.end()
    if at < len(text):
        parts.append(ast.Constant(text[at:]))
    sum_of_parts = parts[0]
    for part in parts[1:]:
        sum_of_parts = ast.BinOp(sum_of_parts, ast.Add(), part)
    return _written(sum_of_parts)


def juel(text: str) -> str:
    """The inside of `${...}` in our language."""
    return _written(_Reading(text, feel=False).whole())


def feel(text: str) -> str:
    """A FEEL expression in our language."""
    return _written(_Reading(text, feel=True).whole())


def _written(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


_FEEL_FUNCTIONS = (
    "string length|string join|date and time|index of|upper case|lower case|starts with|ends with"
    "|list contains|is defined|get value|get or else"
).replace(" ", "[ ]")
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>\d+\.\d+|\.\d+|\d+)(?![\w])[LlfFdD]?
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<name>(?:vars?|variables):\w+|(?:{_FEEL_FUNCTIONS})(?=\s*\()|[^\W\d]\w*)
  | (?P<mark>\*\*|\.\.|&&|\|\||==|!=|<=|>=|[-+*/%<>=!?:.,()\[\]{{}}])
    )""",
    re.VERBOSE | re.UNICODE,
)
_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "eq": ast.Eq, "!=": ast.NotEq, "ne": ast.NotEq, "<": ast.Lt, "lt": ast.Lt, "<=": ast.LtE,
    "le": ast.LtE, ">": ast.Gt, "gt": ast.Gt, ">=": ast.GtE, "ge": ast.GtE,
}  # fmt: skip
_FEEL_COMPARISONS = {**{mark: kind for mark, kind in _COMPARISONS.items() if not mark.isalpha()}, "=": ast.Eq}
_SUMS: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub}
_PRODUCTS: dict[str, type[ast.operator]] = {
    "*": ast.Mult, "/": ast.Div, "%": ast.Mod, "div": ast.Div, "mod": ast.Mod,
}  # fmt: skip


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _method(owner: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(owner, name, ast.Load()), list(arguments), [])


def _compare(left: ast.expr, kind: type[ast.cmpop], right: ast.expr) -> ast.expr:
    if isinstance(right, ast.Constant) and right.value is None and kind in (ast.Eq, ast.NotEq):
        return ast.Compare(_or_none(left), [ast.Is() if kind is ast.Eq else ast.IsNot()], [right])
    return ast.Compare(left, [kind()], [right])


def _or_none(value: ast.expr) -> ast.expr:
    """A variable that may be missing, as None."""
    return _call("variable", ast.Constant(value.id)) if isinstance(value, ast.Name) else value


def _lower(value: ast.expr) -> ast.expr:
    return _method(value, "lower")


_JAVA_METHODS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    ("equals", 1): lambda owner, other: _compare(owner, ast.Eq, other),
    ("equalsIgnoreCase", 1): lambda owner, other: _compare(_lower(owner), ast.Eq, _lower(other)),
    ("isEmpty", 0): lambda owner: _compare(_call("len", owner), ast.Eq, ast.Constant(0)),
    ("size", 0): lambda owner: _call("len", owner),
    ("length", 0): lambda owner: _call("len", owner),
    ("contains", 1): lambda owner, item: ast.Compare(item, [ast.In()], [owner]),
    ("containsKey", 1): lambda owner, item: ast.Compare(item, [ast.In()], [owner]),
    ("get", 1): lambda owner, key: ast.Subscript(owner, key, ast.Load()),
    ("startsWith", 1): lambda owner, text: _method(owner, "startswith", text),
    ("endsWith", 1): lambda owner, text: _method(owner, "endswith", text),
    ("toLowerCase", 0): _lower,
    ("toUpperCase", 0): lambda owner: _method(owner, "upper"),
    ("trim", 0): lambda owner: _method(owner, "strip"),
    ("indexOf", 1): lambda owner, text: _method(owner, "find", text),
    ("replace", 2): lambda owner, old, new: _method(owner, "replace", old, new),
    ("toString", 0): lambda owner: _call("str", owner),
    ("intValue", 0): lambda owner: _call("int", owner),
    ("longValue", 0): lambda owner: _call("int", owner),
    ("doubleValue", 0): lambda owner: _call("float", owner),
    ("booleanValue", 0): lambda owner: owner,
}
_VARIABLE_CALLS = ("getVariable", "getVariableLocal", "get", "getOrDefault")
_VARIABLE_FUNCTIONS: dict[str, type[ast.cmpop]] = {
    "equals": ast.Eq, "eq": ast.Eq, "notEquals": ast.NotEq, "ne": ast.NotEq, "lowerThan": ast.Lt, "lessThan": ast.Lt,
    "lt": ast.Lt, "lowerThanOrEquals": ast.LtE, "lessThanOrEquals": ast.LtE, "lte": ast.LtE, "greaterThan": ast.Gt,
    "gt": ast.Gt, "greaterThanOrEquals": ast.GtE, "gte": ast.GtE,
}  # fmt: skip
_FEEL_CALLS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    ("not", 1): lambda value: ast.UnaryOp(ast.Not(), value),
    ("count", 1): lambda values: _call("len", values),
    ("contains", 2): lambda text, part: ast.Compare(part, [ast.In()], [text]),
    ("list contains", 2): lambda values, item: ast.Compare(item, [ast.In()], [values]),
    ("starts with", 2): lambda text, part: _method(text, "startswith", part),
    ("ends with", 2): lambda text, part: _method(text, "endswith", part),
    ("upper case", 1): lambda text: _method(text, "upper"),
    ("lower case", 1): _lower,
    ("string length", 1): lambda text: _call("len", text),
    ("string", 1): lambda value: _call("str", value),
    ("number", 1): lambda value: _call("float", value),
    ("is defined", 1): lambda value: ast.Compare(_or_none(value), [ast.IsNot()], [ast.Constant(None)]),
    ("get or else", 2): lambda value, other: ast.IfExp(
        ast.Compare(_or_none(value), [ast.IsNot()], [ast.Constant(None)]), value, other
    ),
    ("string join", 1): lambda values: _method(ast.Constant(""), "join", values),
    ("string join", 2): lambda values, by: _method(by, "join", values),
    ("floor", 1): lambda value: ast.BinOp(value, ast.FloorDiv(), ast.Constant(1)),
    ("append", 2): lambda values, item: ast.BinOp(values, ast.Add(), ast.List([item], ast.Load())),
    ("concatenate", 2): lambda values, more: ast.BinOp(values, ast.Add(), more),
    ("mean", 1): lambda values: ast.BinOp(_call("sum", values), ast.Div(), _call("len", values)),
    ("modulo", 2): lambda value, by: ast.BinOp(value, ast.Mod(), by),
    ("trim", 1): lambda text: _method(text, "strip"),
    ("duration", 1): lambda text: text,
    ("date", 1): lambda text: text,
    ("date and time", 1): lambda text: text,
    ("get value", 2): lambda context, key: _method(context, "get", key),
}
_FEEL_WORDS = frozenset(
    [
        "and",
        "or",
        "then",
        "else",
        "in",
        "between",
        "return",
        "satisfies",
        "if",
        "for",
        "some",
        "every",
        "instance",
        "of",
    ]
)
_SAME_NAME = frozenset({"sum", "min", "max", "abs", "all", "any"})


class _Reading:
    """One pass over the tokens of a JUEL or FEEL text."""

    def __init__(self, text: str, *, feel: bool, spaced: bool = False) -> None:
        """`spaced`: names may have spaces, as FEEL allows; only where the text is known to be FEEL."""
        self.text, self.feel, self.spaced = text, feel, spaced
        self.comparisons = _FEEL_COMPARISONS if feel else _COMPARISONS
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
        self.need("return" if form == "for" else "satisfies")
        loop = ast.comprehension(name, values, [], 0)
        made = self.choice()
        if form == "for":
            return ast.ListComp(made, [loop])
        return _call("any" if form == "some" else "all", ast.GeneratorExp(made, [loop]))

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
                tree = _compare(tree, self.comparisons[mark], self._sum())
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
            tree = ast.BinOp(tree, _SUMS[mark](), self._product())
        return tree

    def _product(self) -> ast.expr:
        tree = self._power()
        while mark := self.took(*(("*", "/") if self.feel else tuple(_PRODUCTS))):
            tree = ast.BinOp(tree, _PRODUCTS[mark](), self._power())
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
            return ast.UnaryOp(ast.Not(), _or_none(self._unary()))
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
            if keyword.iskeyword(name) or name.startswith("__"):
                return ast.Subscript(owner, ast.Constant(name), ast.Load())
            return ast.Attribute(owner, name, ast.Load())
        arguments = self._arguments()
        called = owner.id if is_first and isinstance(owner, ast.Name) else ""
        if called in ("execution", "variables", "task", "delegateTask", "vars") and arguments:
            if name in _VARIABLE_CALLS and len(arguments) == 1:
                return _call("variable", *arguments)
            if name == "hasVariable":
                return _call("has_variable", *arguments)
        build = _JAVA_METHODS.get((name, len(arguments))) if not self.feel else None
        if not build:
            raise ExpressionError(f"The method {name}(...) in {self.text.strip()!r} has no counterpart here.")
        return build(owner, *arguments)

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
        if word in constants:
            return ast.Constant(constants[word])
        if self.peek() == "(":
            return self._function(word)
        while self.spaced and self._next_is_name():
            word = f"{word} {self._word()}"
        if " " in word:
            return _call("variable", ast.Constant(word))
        if keyword.iskeyword(word) or word.startswith("_"):
            return _call("variable", ast.Constant(word))
        return ast.Name(word, ast.Load())

    def _next_is_name(self) -> bool:
        is_name = self.at < len(self.tokens) and self.tokens[self.at][0] == "name"
        return is_name and self.peek() not in _FEEL_WORDS

    def _function(self, name: str) -> ast.expr:
        arguments = self._arguments()
        if self.feel and (name, len(arguments)) in _FEEL_CALLS:
            return _FEEL_CALLS[name, len(arguments)](*arguments)
        if self.feel and name in _SAME_NAME:
            return _call(name, *arguments)
        function = name.partition(":")[2]
        if function in _VARIABLE_FUNCTIONS and len(arguments) == 2:
            return _compare(_or_none(arguments[0]), _VARIABLE_FUNCTIONS[function], arguments[1])
        if function == "get" and len(arguments) == 1:
            return _or_none(arguments[0])
        if function in ("isEmpty", "empty") and len(arguments) == 1:
            return ast.UnaryOp(ast.Not(), _or_none(arguments[0]))
        if function in ("isNotEmpty", "notEmpty") and len(arguments) == 1:
            return _call("bool", _or_none(arguments[0]))
        raise ExpressionError(f"The function {name}(...) in {self.text.strip()!r} has no counterpart here.")
