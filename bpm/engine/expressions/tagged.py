"""An expression of an executable model as one text that says its language, read once and evaluated with its meaning.

`feel:=amount > 100`, `juel:${amount > 100}`, `java:return amount > 100;` (so groovy and javascript; `code` for MVEL
and what does not say its language), `python:amount > 100`: behind the colon stands what the author wrote.
`list:[...]` and `map:{...}` are JSON of such texts. No expression of our own language can begin like this, so a text
without a language is one that the first release saved: Python with Python's truth. It is also what the engine writes
itself: constants and names of variables.
"""

import ast
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, Literal, get_args

from bpm.engine.expressions import language as expressions
from bpm.engine.expressions.code_meaning import Code, Groovy, Java, JavaScript
from bpm.engine.expressions.feel.language import Expression as FeelExpression
from bpm.engine.expressions.feel.language import expression as read_feel
from bpm.engine.expressions.feel.values.iso8601 import nanoseconds_in
from bpm.engine.expressions.feel.values.values import plain
from bpm.engine.expressions.functions import INSTANT
from bpm.engine.expressions.juel import juel, template
from bpm.engine.expressions.juel_meaning import OWN, Juel
from bpm.engine.expressions.language import Budget, CompiledExpression, Evaluation
from bpm.engine.expressions.truth import truth
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

Language = Literal["feel", "juel", "code", "java", "groovy", "javascript", "python", "list", "map", ""]
_TAG = re.compile(f"({'|'.join(filter(None, get_args(Language)))}):(.*)", re.DOTALL)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
_SOME_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)
_HIDDEN = re.compile(r"\b__")
_ASKS_TIME = re.compile(r"\b(?:now|dateTime)\s*\(")
_RETURN = re.compile(r"^return\b|;$")


@dataclass(frozen=True)
class Expression:
    """A text that was read: its language, what the author wrote, and how it is evaluated."""

    language: Language
    text: str
    names: frozenset[str]
    """Variables that it reads, where that can be known; FEEL's filters may also read an entry of the item."""
    compiled: CompiledExpression | None = None
    feel: "FeelExpression | None" = None
    parts: "tuple[Expression, ...]" = ()
    """Items of a list, values of a map."""
    keys: tuple[str, ...] = ()
    kind: type[Evaluation] = Evaluation

    @property
    def required(self) -> frozenset[str]:
        """Variables without which it has no value; in FEEL a missing variable is null."""
        return frozenset() if self.language == "feel" else self.names


def tag(language: Language, written: str) -> str:
    """The text of an expression in `language`; raises ExpressionError when it is none."""
    text = f"{language}:{written}" if language else written
    parse(text)
    return text


def listed(parts: list[str]) -> str:
    """The text of a list of expressions."""
    return tag("list", json.dumps(parts, ensure_ascii=False))


def mapped(parts: Mapping[str, str]) -> str:
    """The text of an object whose entries are expressions."""
    return tag("map", json.dumps(dict(parts), ensure_ascii=False))


def written(text: str) -> str:
    """What the author wrote, without the name of the language; lists and objects with their parts so."""
    found = _TAG.fullmatch(text)
    if found is None:
        return text
    if found[1] == "list":
        return f"[{', '.join(written(part) for part in json.loads(found[2]))}]"
    if found[1] == "map":
        return f"{{{', '.join(f'{key}: {written(part)}' for key, part in json.loads(found[2]).items())}}}"
    return found[2]


def language_of(text: str) -> Language:
    """The language that a text names; "" for our own without a name."""
    found = _TAG.fullmatch(text)
    return found[1] if found else ""  # type: ignore[return-value] # one of the words of the pattern


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The text, read and checked; raises ExpressionError that shows it as it was written."""
    found = _TAG.fullmatch(text.strip())
    if found is None:
        # Its text is what we wrote ourselves, so that nobody would know it again in a message.
        compiled = replace(expressions.parse(text), text="")
        return Expression("", text, compiled.names, compiled)
    return _READERS[found[1]](found[2])


def remarks_on(text: str) -> tuple[str, ...]:
    """What FEEL understands in an expression and yet comes to null always, in words; nothing for other languages."""
    if language_of(text) != "feel":
        return ()
    read = parse(text).feel
    if read is None or read.remarks:
        return read.remarks if read is not None else ()
    return (_("it reads no variable and comes to null"),) if _is_null_without_variables(text) else ()


def beyond_reach(text: str) -> tuple[str, ...]:
    """What FEEL knows in an expression and nothing here can hold, in words: to compute it is a Failure."""
    read = parse(text).feel if language_of(text) == "feel" else None
    return read.beyond if read is not None else ()


def _is_null_without_variables(text: str) -> bool:
    """Whether an expression that reads nothing comes to null, and does not just say so."""
    expression = parse(text)
    if expression.names or written(text).strip().removeprefix("=").strip() == "null":
        return False
    try:
        return _value(expression, {}, _SOME_INSTANT, None) is None
    except ExpressionError:
        return False


def evaluate(text: str, variables: Mapping[str, Any], *, now: datetime, budget: Budget | None = None) -> Any:
    """The value of an expression over `variables` as plain JSON values; `now` is the instant of the step.

    Raises ExpressionError that shows the expression as it was written.
    """
    return _value(parse(text), variables, now, budget)


def holds(text: str, variables: Mapping[str, Any], *, now: datetime) -> bool | None:
    """Whether a condition holds, None where it came to FEEL's null; raises ExpressionError for what is neither."""
    expression = parse(text)
    try:
        return truth(expression.language, _value(expression, variables, now, None))
    except ExpressionError as error:
        if "(in: " not in error.message:
            error.message = f"{error.message} (in: {shown(expression.text)})"
        raise


def cut_times(text: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """What is to be said of variables that an expression of FEEL reads and that count nanoseconds."""
    read = parse(text)
    names = read.names if read.language == "feel" else ()
    said = ((name, nanoseconds_in(variables.get(name))) for name in sorted(names))
    return tuple(f"{name}: {each}" for name, each in said if each)


def shown(text: str) -> str:
    """What the author wrote, at a length for a message."""
    text = written(text)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _value(expression: Expression, variables: Mapping[str, Any], now: datetime, budget: Budget | None) -> Any:
    if expression.feel is not None:
        return _of_feel(expression.feel, variables, now, budget)
    if expression.compiled is not None:
        if expression.kind is not Evaluation and _ASKS_TIME.search(expression.text):
            variables = {**variables, INSTANT: now.isoformat()}
        return expressions.evaluate(expression.compiled, variables, budget=budget, kind=expression.kind)
    budget = budget or Budget()
    values = [_value(part, variables, now, budget) for part in expression.parts]
    return dict(zip(expression.keys, values, strict=True)) if expression.language == "map" else values


def _of_feel(read: "FeelExpression", variables: Mapping[str, Any], now: datetime, budget: Budget | None) -> Any:
    """FEEL's value as JSON knows it: dates and durations as text, numbers that a double holds."""
    try:
        return expressions.kept(plain(read.value(variables, now=now, budget=budget)))
    except ExpressionError as error:
        if "(in: " not in error.message:
            error.message = f"{error.message} (in: {shown(read.text)})"
        raise


def _feel(text: str) -> Expression:
    """FEEL as decisions have it, behind the `=` by which Camunda 8 marks it."""
    author = text.strip().removeprefix("=").strip()
    if not author:
        raise ExpressionError("The expression is empty.", remedy="Write a condition such as amount > 100.")
    if _HIDDEN.search(_QUOTED.sub("", author)):
        raise ExpressionError("Names that start with two underscores are not allowed.")
    read = read_feel(author)
    return Expression("feel", text, frozenset(read.reads), feel=read)


def _juel(text: str) -> Expression:
    return _of_tree("juel", text, template(text.strip()), Juel)


_CODE: dict[Language, type[Evaluation]] = {"code": Code, "java": Java, "groovy": Groovy, "javascript": JavaScript}
_WITH_VARIABLES = re.compile(r'"[^"]*\$[^"]*"')
"""Groovy's text in double quotes with a dollar sign."""
_MVELS_EMPTY = re.compile(r"([\w.]+)\s*(==|!=)\s*empty\b")


def _code(language: Language, text: str) -> Expression:
    plain = _RETURN.sub("", text.strip()).strip()
    if language == "groovy" and _WITH_VARIABLES.search(plain):
        raise ExpressionError(_("A text with variables in it is not read here."))
    if language == "code":
        # MVEL's literal for what is empty, where JUEL has an operator.
        plain = _MVELS_EMPTY.sub(lambda said: f"{'not ' if said[2] == '!=' else ''}empty {said[1]}", plain)
    return _of_tree(language, text, juel(plain, is_code=True), _CODE[language])


def _of_tree(language: Language, text: str, tree: ast.expr, kind: type[Evaluation]) -> Expression:
    if len(text) > expressions.MAX_TEXT:
        raise ExpressionError(f"The expression is longer than {expressions.MAX_TEXT} characters.")
    compiled = expressions.checked(text, tree, functions=frozenset(OWN))
    return Expression(language, text, compiled.names, compiled, kind=kind)


def _python(text: str) -> Expression:
    compiled = expressions.parse(text)
    return Expression("python", text, compiled.names, compiled)


def _list(text: str) -> Expression:
    parts = tuple(parse(str(part)) for part in json.loads(text))
    return Expression("list", text, frozenset[str]().union(*(part.names for part in parts)), parts=parts)


def _map(text: str) -> Expression:
    entries = json.loads(text)
    parts = tuple(parse(str(part)) for part in entries.values())
    names = frozenset[str]().union(*(part.names for part in parts))
    return Expression("map", text, names, parts=parts, keys=tuple(entries))


_READERS: dict[str, Callable[[str], Expression]] = {
    "feel": _feel,
    "juel": _juel,
    "python": _python,
    "list": _list,
    "map": _map,
    **{language: partial(_code, language) for language in _CODE},
}
