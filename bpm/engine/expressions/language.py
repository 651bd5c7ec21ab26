"""The one expression language of executable models: a small, safe part of Python, evaluated by ourselves.

The text is parsed by `ast` and walked over an allow-list: nothing is compiled to byte code, no attribute of a Python
object is ever read (a dot reads a key of a mapping or calls a method from a short table), and every operation pays
from a Budget, so that an expression ends within milliseconds whatever it says.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from bpm.engine.expressions.operations import BINARY, COMPARE, FUNCTIONS, METHODS, UNARY, as_text, bounded, joined
from bpm.engine.plain_values import is_finite, weight
from bpm.foundation.errors import ExpressionError

MAX_TEXT = 4_000


MAX_NODES = 500


MAX_DEPTH = 40


MAX_ITEMS = 100_000
"""Items of a value, those of its lists and mappings included."""


MAX_NESTED = 100


@dataclass
class Budget:
    """What one evaluation may use up: `steps` are visited nodes, iterated items and characters handled."""

    steps: int = 50_000

    def pay(self, cost: int = 1) -> None:
        """Take `cost` steps; raises ExpressionError when none are left."""
        self.steps -= cost
        if self.steps < 0:
            raise ExpressionError("The expression needs too many steps.", remedy="Move long work to a service task.")


@dataclass(frozen=True)
class CompiledExpression:
    """A checked expression; `names` are the variables that it reads."""

    text: str
    body: ast.expr
    names: frozenset[str]


def parse(text: str, *, functions: frozenset[str] = frozenset()) -> CompiledExpression:
    """Check `text` and return it ready to be evaluated; raises ExpressionError that says what is not allowed.

    `functions` are names that may be called beside the common ones, where the kind of evaluation knows more.
    """
    return _parse(text.strip(), functions)


def checked(text: str, body: ast.expr, *, functions: frozenset[str] = frozenset()) -> CompiledExpression:
    """A tree that was read from the `text` of another language, under the same limits; raises ExpressionError."""
    _check(body, functions)
    return CompiledExpression(text, body, frozenset(_free_names(body)))


def evaluate(
    compiled: CompiledExpression,
    variables: Mapping[str, Any],
    *,
    budget: Budget | None = None,
    kind: "type[Evaluation] | None" = None,
) -> Any:
    """The value of the expression over `variables`; every failure is an ExpressionError."""
    try:
        return kept((kind or Evaluation)(variables, budget or Budget()).value(compiled.body))
    except ExpressionError as error:
        if "(in: " not in error.message:
            error.message += _place(compiled)
        raise
    except RecursionError:
        raise ExpressionError(f"The values are nested too deeply.{_place(compiled)}") from None
    except Exception as error:  # noqa: BLE001 -- whatever a model does is its failure, not ours
        # Whatever the values do (KeyError, TypeError, ZeroDivisionError ...) is a failure of the model, not of us.
        raise ExpressionError(f"{type(error).__name__}: {error}{_place(compiled)}") from None


def _place(compiled: CompiledExpression) -> str:
    """Where in the model something happened: the text as its author wrote it, if one did."""
    return f" (in: {_short(compiled.text)})" if compiled.text else ""


def kept(value: Any) -> Any:
    """Let a value pass that can be stored: a list that holds one list twice, twenty times over, is a million items."""
    bounded(value)
    level = [value] if isinstance(value, list | tuple | dict | set) else []
    total = 0
    for _depth in range(MAX_NESTED):
        if not level:
            return value
        inner: list[Any] = []
        for item in level:
            parts = item.values() if isinstance(item, dict) else item
            total += len(item)
            if total > MAX_ITEMS:
                raise ExpressionError("The value is too large.", remedy="Keep less in one variable.")
            if not all(map(is_finite, parts)):
                raise ExpressionError("The value holds a number that is not finite.")
            inner.extend(part for part in parts if isinstance(part, list | tuple | dict | set))
        level = inner
    raise ExpressionError("The value is nested too deeply.", remedy="Keep what is nested less.")


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}..."


@lru_cache(maxsize=2048)
def _parse(text: str, functions: frozenset[str]) -> CompiledExpression:
    if not text:
        raise ExpressionError("The expression is empty.", remedy="Write a condition such as amount > 100.")
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"The expression is longer than {MAX_TEXT} characters.")
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ExpressionError(f"This is no expression we understand: {_short(text)} ({reason}).") from None
    _check(body, functions)
    return CompiledExpression(text, body, frozenset(_free_names(body)))


def _check(body: ast.expr, functions: frozenset[str]) -> None:
    count = 0
    level: list[ast.AST] = [body]
    for _depth in range(MAX_DEPTH + 1):
        count += len(level)
        for node in level:
            _check_node(node, functions)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            break
    if level or count > MAX_NODES:
        raise ExpressionError("The expression is too large or nested too deeply.", remedy="Split it up.")


def _check_node(node: ast.AST, functions: frozenset[str]) -> None:
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"{type(node).__name__} is not allowed in an expression.")
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        raise ExpressionError("Names that start with an underscore are not allowed.")
    if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
        raise ExpressionError("Names that start with two underscores are not allowed.")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise ExpressionError(f"The value {node.value!r} is not allowed.")
    if isinstance(node, ast.Constant):
        bounded(node.value)
    if isinstance(node, ast.Call):
        _check_call(node, functions)
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        raise ExpressionError("Format specifications are not allowed.")
    if isinstance(node, ast.comprehension) and node.is_async:
        raise ExpressionError("async is not allowed.")


_CALLABLE = frozenset({*FUNCTIONS, "variable", "has_variable"})


def _check_call(node: ast.Call, functions: frozenset[str]) -> None:
    called = node.func
    if isinstance(called, ast.Name) and called.id not in _CALLABLE and called.id not in functions:
        raise ExpressionError(f"There is no function {called.id}.", remedy="Use a service task for it.")
    if isinstance(called, ast.Attribute) and called.attr not in METHODS:
        raise ExpressionError(f"There is no method {called.attr}.", remedy="Use a service task for it.")
    if not isinstance(called, ast.Name | ast.Attribute):
        raise ExpressionError("Only named functions can be called.")
    if any(keyword.arg != "default" for keyword in node.keywords):
        raise ExpressionError("Keyword arguments are not allowed.")


def _free_names(body: ast.expr) -> set[str]:
    bound = {node.id for node in ast.walk(body) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    called = {id(node.func) for node in ast.walk(body) if isinstance(node, ast.Call)}
    return {
        node.id
        for node in ast.walk(body)
        if isinstance(node, ast.Name) and node.id not in bound and id(node) not in called
    }


_ALLOWED = (
    ast.Attribute | ast.BinOp | ast.BoolOp | ast.And | ast.Or | ast.Call | ast.Compare | ast.Constant | ast.Dict
    | ast.DictComp | ast.FormattedValue | ast.GeneratorExp | ast.IfExp | ast.JoinedStr | ast.List | ast.ListComp
    | ast.Load | ast.Name | ast.Set | ast.SetComp | ast.Slice | ast.Store | ast.Subscript | ast.Tuple | ast.UnaryOp
    | ast.comprehension | ast.keyword
    | ast.Add | ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow | ast.Not | ast.USub | ast.UAdd
    | ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Is | ast.IsNot | ast.In | ast.NotIn
)  # fmt: skip


_CONSTANTS = {"true": True, "false": False, "null": None}


class Evaluation:
    """One walk over an expression. A subclass may give operators and functions another meaning, JUEL's for one."""

    functions: ClassVar[Mapping[str, Callable[..., Any]]] = FUNCTIONS
    walk: ClassVar[dict[type[ast.expr], Callable[[Any, Any], Any]]] = {}

    def __init_subclass__(cls) -> None:
        cls.walk = {kind: getattr(cls, function.__name__) for kind, function in cls.walk.items()}

    def __init__(self, variables: Mapping[str, Any], budget: Budget) -> None:
        self.variables = variables
        self.local: dict[str, Any] = {}
        self.budget = budget

    def value(self, node: ast.expr) -> Any:
        self.budget.steps -= 1
        if self.budget.steps < 0:
            self.budget.pay()
        return self.walk[type(node)](self, node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        for scope in (self.local, self.variables, _CONSTANTS):
            if node.id in scope:
                return scope[node.id]
        raise ExpressionError(
            f"There is no variable {node.id}.", remedy="Set it when the process starts or in an earlier form."
        )

    def _boolop(self, node: ast.BoolOp) -> Any:
        result: Any = None
        for part in node.values:
            result = self.value(part)
            if bool(result) is isinstance(node.op, ast.Or):
                return result
        return result

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        return UNARY[type(node.op)](self.value(node.operand))

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        self._pay_for(left)
        self._pay_for(right)
        return bounded(BINARY[type(node.op)](left, right))

    def _compare(self, node: ast.Compare) -> bool | None:
        left = self.value(node.left)
        for comparison, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            self._pay_for(left)
            self._pay_for(right)
            if not COMPARE[type(comparison)](left, right):
                return False
            left = right
        return True

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _attribute(self, node: ast.Attribute) -> Any:
        owner = self.value(node.value)
        if not isinstance(owner, Mapping):
            raise ExpressionError(f"{type(owner).__name__} has no field {node.attr}.")
        if node.attr not in owner:
            raise ExpressionError(f"There is no field {node.attr}.")
        return owner[node.attr]

    def _subscript(self, node: ast.Subscript) -> Any:
        owner = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [part and self.value(part) for part in (node.slice.lower, node.slice.upper, node.slice.step)]
            self._pay_for(owner)
            return owner[slice(*bounds)]
        return owner[self.value(node.slice)]

    def _call(self, node: ast.Call) -> Any:
        arguments = [self.value(argument) for argument in node.args]
        keywords = {str(keyword.arg): self.value(keyword.value) for keyword in node.keywords}
        for argument in arguments:
            self._pay_for(argument)
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, arguments)
        name = node.func.id  # type: ignore[attr-defined]  # only calls of names come here
        if name == "variable":
            return self.variables.get(arguments[0])
        if name == "has_variable":
            return arguments[0] in self.variables
        return bounded(self.functions[name](*arguments, **keywords))

    def _method(self, node: ast.Attribute, arguments: list[Any]) -> Any:
        owner = self.value(node.value)
        self._pay_for(owner)
        kinds, function = METHODS[node.attr]
        if not isinstance(owner, kinds):
            raise ExpressionError(f"{type(owner).__name__} has no method {node.attr}.")
        return bounded(function(owner, *arguments))

    def _pay_for(self, value: Any) -> None:
        if isinstance(value, str):
            self.budget.pay(len(value) // 64)
        elif isinstance(value, list | tuple | dict | set):
            self.budget.pay(weight(value, self.budget.steps))

    def _list(self, node: ast.List) -> list[Any]:
        return [self.value(item) for item in node.elts]

    def _tuple(self, node: ast.Tuple) -> tuple[Any, ...]:
        return tuple(self.value(item) for item in node.elts)

    def _set(self, node: ast.Set) -> set[Any]:
        return {self.value(item) for item in node.elts}

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        if any(key is None for key in node.keys):
            raise ExpressionError("** is not allowed.")
        return {self.value(key): self.value(item) for key, item in zip(node.keys, node.values, strict=True) if key}

    def _joinedstr(self, node: ast.JoinedStr) -> str:
        return joined("", [self.value(part) for part in node.values])

    def _formattedvalue(self, node: ast.FormattedValue) -> str:
        value = self.value(node.value)
        self._pay_for(value)
        return as_text(value)

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp) -> list[Any]:
        return self._comprehend(node.generators, lambda: self.value(node.elt))

    _generatorexp = _listcomp

    def _setcomp(self, node: ast.SetComp) -> set[Any]:
        return set(self._comprehend(node.generators, lambda: self.value(node.elt)))

    def _dictcomp(self, node: ast.DictComp) -> dict[Any, Any]:
        return dict(self._comprehend(node.generators, lambda: (self.value(node.key), self.value(node.value))))

    def _comprehend(self, loops: list[ast.comprehension], make: Callable[[], Any]) -> list[Any]:
        if not loops:
            return [make()]
        outer, results = dict(self.local), []
        values = self.value(loops[0].iter)
        self._pay_for(values)
        for value in values:
            self.budget.pay()
            self._bind(loops[0].target, value)
            if all(self.value(condition) for condition in loops[0].ifs):
                results.extend(self._comprehend(loops[1:], make))
        self.local = outer
        return results

    def _bind(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            self.local[target.id] = value
            return
        if not isinstance(target, ast.Tuple) or len(target.elts) != len(value):
            raise ExpressionError("The names of the loop do not fit its values.")
        for name, part in zip(target.elts, value, strict=True):
            self._bind(name, part)


Evaluation.walk = {
    kind: getattr(Evaluation, f"_{kind.__name__.lower()}")
    for kind in (
        ast.Constant, ast.Name, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.IfExp, ast.Attribute,
        ast.Subscript, ast.Call, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr, ast.FormattedValue,
        ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp,
    )
}  # fmt: skip
