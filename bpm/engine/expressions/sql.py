"""Conditions as SQL and its kin write them, rewritten as FEEL where they can mean one thing only.

Read: AND, OR, NOT, `=`, `<>`, IS NULL, IN, BETWEEN, LIKE with `%`, single quotes, sums, and the ways in which engines
mark variables: `:F4A$name` (Flows for APEX), `{{name}}`, `@@name` and `$name` (ProcessMaker). All else (functions,
dates, statements, binds of other kinds) is UnreadableError: whoever knows the language has to answer it.
As in SQL a comparison with nothing is not true, and neither is its negation: NOT is moved inwards to the comparisons,
and those that would hold for nothing ask for something. Source: ISO/IEC 9075-2, 8.1-8.6.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bpm.foundation.errors import ExpressionError

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*'|"[^"]*")
  | (?P<number>\d+(?:\.\d+)?(?![\w.]))
  | :F4A\$(?P<bind>\w+)|\{\{\s*(?P<braces>[^\W\d]\w*(?:\.\w+)*)\s*\}\}|(?:@[@\#%=]|\$)(?P<marked>[^\W\d]\w*(?:\.\w+)*)
  | (?P<word>(?i:in|and|or|not|is|null|between|like)\b)
  | (?P<name>(?>[^\W\d]\w*(?:\.[^\W\d]\w*)*+))(?!\s*\()(?![$'"])
  | (?P<mark>===|!==|<=|>=|<>|!=|==|&&|[=<>()+\-*/,])
    )""",
    re.VERBOSE | re.UNICODE,
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "null", "between", "like", "true", "false"})
_SAME = {
    "=": "=",
    "==": "=",
    "===": "=",
    "<>": "!=",
    "!=": "!=",
    "!==": "!=",
    "<": "<",
    ">": ">",
    "<=": "<=",
    ">=": ">=",
}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_LONGEST, _DEEPEST = 2_000, 30

_Written = Callable[[bool], str]
"""Writes itself as FEEL; True: negated."""


class UnreadableError(ExpressionError):
    """The text is no condition that can mean one thing only."""


def as_feel(text: str) -> str:
    """The condition as a FEEL expression; raises UnreadableError."""
    if len(text) > _LONGEST or text.count("(") > _DEEPEST:
        raise UnreadableError("The condition is too long or nested too deeply.")
    body = re.fullmatch(r"(?is)\s*return\b(.*?);?\s*", text)
    reading = _Reading(_tokens(body[1] if body else text))
    tree = reading.either()
    if reading.at < len(reading.tokens):
        raise UnreadableError(f"{reading.tokens[reading.at].text!r} is not expected in {text.strip()!r}.")
    return tree(False)  # noqa: FBT003 -- not negated


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise UnreadableError(f"{text[at : at + 20]!r} is not understood in {text!r}.")
        found.append(_token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _token(kind: str, text: str) -> _Token:
    if text == "&&":
        return _Token("word", "and")
    if kind in ("name", "word") and text.lower() in _WORDS:
        return _Token("word", text.lower())
    if kind == "text":
        inside = text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1]
        if "\\" in inside or '"' in inside or "&" in inside:
            raise UnreadableError(f"{text} can be read in several ways.")
        return _Token("text", f'"{inside}"')
    return _Token("name" if kind in ("bind", "braces", "marked") else kind, text)


class _Reading:
    """One pass over the tokens by recursive descent."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def took(self, *texts: str) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "")
        if token.kind in ("word", "mark") and token.text in texts:
            self.at += 1
            return token.text
        return ""

    def need(self, text: str) -> None:
        if not self.took(text):
            raise UnreadableError(f"{text!r} is missing.")

    def either(self) -> _Written:
        parts = [self._both()]
        while self.took("or"):
            parts.append(self._both())
        return _joined(parts, "or", "and")

    def _both(self) -> _Written:
        parts = [self._negated()]
        while self.took("and"):
            parts.append(self._negated())
        return _joined(parts, "and", "or")

    def _negated(self) -> _Written:
        turns = 0
        while self.took("not"):
            turns += 1
        inner = self._comparison()
        return (lambda negated: inner(not negated)) if turns % 2 else inner

    def _comparison(self) -> _Written:
        start = self.at
        if self.took("("):
            # Either a condition in brackets or a sum that is compared.
            inner = self._bracketed()
            if inner is not None:
                return inner
            self.at = start
        left = self._sum()
        if mark := self.took(*_SAME):
            return _compared(left, _SAME[mark], self._sum())
        if self.took("is"):
            wants = not self.took("not")
            self.need("null")
            return lambda negated: f"{left} {'=' if wants != negated else '!='} null"
        return self._membership(left)

    def _bracketed(self) -> _Written | None:
        try:
            inner = self.either()
        except UnreadableError:
            return None
        after = self.tokens[self.at + 1].text if self.at + 1 < len(self.tokens) else ""
        if not self.took(")") or after in (*_SAME, *"+-*/", "is", "in", "between", "like"):
            return None
        return lambda negated: f"({inner(negated)})"

    def _membership(self, left: str) -> _Written:
        turned = bool(self.took("not"))
        if self.took("in"):
            return _turned(self._within(left), turned)
        if self.took("between"):
            low = self._sum()
            self.need("and")
            high = self._sum()
            inside = f"{left} >= {low} and {left} <= {high}"
            return lambda negated: f"({left} < {low} or {left} > {high})" if negated != turned else f"({inside})"
        if self.took("like"):
            return _turned(self._like(left), turned)
        if turned:
            raise UnreadableError("NOT stands where an operator is expected.")
        return lambda negated: f"{left} = {'false' if negated else 'true'}"

    def _within(self, left: str) -> _Written:
        self.need("(")
        items = [self._sum()]
        while self.took(","):
            items.append(self._sum())
        self.need(")")
        alike = [_compared(left, "=", item) for item in items]
        return _joined(alike, "or", "and")

    def _like(self, left: str) -> _Written:
        token = self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "")
        self.at += 1
        found = re.fullmatch(r'"(%?)([^%_"]+)(%?)"', token.text) if token.kind == "text" else None
        if found is None:
            raise UnreadableError(f"The pattern {token.text} of LIKE is not one that is read here.")
        part = f'"{found[2]}"'
        if not found[1] and not found[3]:
            return _compared(left, "=", part)
        name = "contains" if found[1] and found[3] else "ends with" if found[1] else "starts with"
        call = f"{name}({left}, {part})"
        return lambda negated: f"({left} != null and {f'not({call})' if negated else call})"

    def _sum(self) -> str:
        text = self._product()
        while mark := self.took("+", "-"):
            text = f"{text} {mark} {self._product()}"
        return text

    def _product(self) -> str:
        text = self._primary()
        while mark := self.took("*", "/"):
            text = f"{text} {mark} {self._primary()}"
        return text

    def _primary(self) -> str:
        if self.took("-"):
            return f"-{self._primary()}"
        if self.took("("):
            text = self._sum()
            self.need(")")
            return f"({text})"
        if word := self.took("true", "false"):
            return word
        if self.at >= len(self.tokens) or self.tokens[self.at].kind not in ("name", "number", "text"):
            raise UnreadableError("A value is missing.")
        self.at += 1
        return self.tokens[self.at - 1].text


def _joined(parts: Sequence[_Written], word: str, opposite: str) -> _Written:
    if len(parts) == 1:
        return parts[0]
    return lambda negated: f"({f' {opposite if negated else word} '.join(part(negated) for part in parts)})"


def _turned(inner: _Written, turned: bool) -> _Written:  # noqa: FBT001 -- a fact about the text, not a switch
    return (lambda negated: inner(not negated)) if turned else inner


def _compared(left: str, mark: str, right: str) -> _Written:
    def write(negated: bool) -> str:  # noqa: FBT001 -- the shape that all parts share
        meant = _OPPOSITE[mark] if negated else mark
        if meant != "!=":
            return f"{left} {meant} {right}"
        asked = [side for side in (left, right) if side[0] not in '"-0123456789' and side not in ("true", "false")]
        return f"({' and '.join([*(f'{side} != null' for side in asked), f'{left} != {right}'])})"

    return write
