"""Scripts of models: a Python subset in a separate process with limits, only plain values in and out."""

import ast
import atexit
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bpm.engine.plain_values import problem_of
from bpm.foundation.errors import ExpressionError

MAX_SOURCE = 50_000
MAX_TRANSLATED = 4_000
MAX_RESULT = 1_000_000
_PYTHON = re.compile(r"^(?:text/|application/)?(?:x-)?(?:python[23]?|py|jython)?(?:\d.*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class ScriptLimits:
    """What one run may use: seconds of run time, bytes of memory, depth of calls."""

    seconds: float = 1.0
    memory: int = 32 * 2**20
    depth: int = 100


@dataclass(frozen=True)
class ScriptResult:
    """What a script left: `changed` has the variables that it set or changed, `deleted` names those that it removed."""

    changed: dict[str, Any]
    deleted: frozenset[str] = frozenset()


def run_script(
    source: str, variables: dict[str, Any], *, limits: ScriptLimits | None = None, now: datetime | None = None
) -> ScriptResult:
    """Run a script and return what it set, changed and deleted.

    `variables` are bound as names (those that are no identifiers are left out). Only values that JSON knows come
    back; functions, modules and names that start with an underscore stay inside. Any failure, an exceeded limit
    included, is an ExpressionError with the line. `now` is the time that the script sees.
    """
    if len(source) > MAX_SOURCE:
        raise ExpressionError(f"The script is longer than {MAX_SOURCE} characters.")
    tree = _tree(source)
    inputs = {name: value for name, value in variables.items() if name.isidentifier() and not name.startswith("_")}
    outputs = _assigned(tree) | set(inputs)
    texts = _run(_without_delete(tree, source), inputs, outputs, limits or ScriptLimits(), now)
    deleted = frozenset(name for name, text in texts.items() if text == _DELETED)
    values = {name: _stored(name, text) for name, text in texts.items() if name not in deleted}
    return ScriptResult(_changed(values, inputs), deleted & set(inputs))


def check_script(source: str, language: str) -> str | None:
    """What stands against running the script, in plain words; None if nothing does."""
    if language and not _PYTHON.match(language.strip()):
        return f"Its language is {language!r}; scripts run in Python."
    if len(source) > MAX_SOURCE:
        return f"It is longer than {MAX_SOURCE} characters."
    try:
        tree = _tree(source)
    except ExpressionError as error:
        return f"It is no Python: {error.message}" if language else f"{error.message} It does not say its language."
    if tree.body and all(isinstance(part, ast.Expr) and isinstance(part.value, ast.Name) for part in tree.body):
        return f"{source.strip()!r} only names something and does nothing."
    return None


def is_foreign(language: str) -> bool:
    """Whether a script says that it is written in another language than Python."""
    return bool(language.strip()) and not _PYTHON.match(language.strip())


def translate_script(source: str, language: str, *, keeps_own: bool = True) -> str | None:
    """A script of trivial assignments (`x = 5;`, `var ok = true`) as Python; None when it is more than that.

    Without `keeps_own` only what it gives to the instance (`execution.setVariable`) is kept, not its own variables;
    what Groovy declares by `def` is always its own.
    """
    if len(source) > MAX_TRANSLATED:
        return None
    text = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    if not text.strip(" \t\r\n;"):
        return ""
    if _PYTHON.match(language.strip()) and language:
        return None
    if not language and check_script(source, "") is None and not re.search(r"^\s*System\.", text, re.MULTILINE):
        return None
    text = _without_functions(text)
    lines = [re.sub(r"^\s*//.*$", "", line).strip().rstrip(";").strip() for line in text.splitlines()]
    own = re.compile(r"def\s.*" if keeps_own and "groovy" in language.lower() else r"" if keeps_own else r".*")
    translated = [_assignment(line, own=own) for line in lines if line]
    return None if any(line is None for line in translated) else "\n".join(line for line in translated if line)


_VALUE = r"""(?:-?\d+(?:\.\d+)?|true|false|True|False|null|None|"[^"\\]*"|'[^'\\]*')"""
_ASSIGN = re.compile(rf"(?:var |let |const |def )?\s*(?P<name>[A-Za-z]\w*)\s*=\s*(?P<value>{_VALUE})")
_SET = re.compile(
    rf"(?:execution|kcontext)\.setVariable\(\s*['\"](?P<name>[A-Za-z]\w*)['\"]\s*,\s*(?P<value>{_VALUE})\s*\)"
)
_SAME = {"true": "True", "false": "False", "null": "None"}


_PRINT = re.compile(r"(?:(?:java\.lang\.)?System\.(?:out|err)\.print(?:ln)?|console\.\w+|println|print)\s*\(.*\)")


def _without_functions(text: str) -> str:
    """The script without function declarations; one that is called makes its call untranslatable."""
    while found := re.search(r"\bfunction\s+\w+\s*\([^)]*\)\s*\{", text):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        if depth:
            return text
        text = text[: found.start()] + text[at:]
    return text


def _assignment(line: str, *, own: re.Pattern[str]) -> str | None:
    """The line as Python; an assignment to a variable of the script's `own` does nothing."""
    if _PRINT.fullmatch(line) and ";" not in line:
        return "pass"
    if own.fullmatch(line) and _ASSIGN.fullmatch(line):
        return "pass"
    found = _ASSIGN.fullmatch(line) or _SET.fullmatch(line)
    return f"{found['name']} = {_SAME.get(found['value'], found['value'])}" if found else None


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise ExpressionError(f"Line {error.lineno}: {error.msg}.", remedy="Write the script in Python.") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"The script cannot be read: {error}.") from None


def bound_names(source: str) -> set[str]:
    """The variables that a script may set; raises ExpressionError for what is no Python."""
    return _assigned(_tree(source))


def _assigned(tree: ast.Module) -> set[str]:
    """Names that the script binds at its top level, functions and modules left out."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and not node.id.startswith("_"):
            found.add(node.id)
        waiting.extend(ast.iter_child_nodes(node))
    return found


_DELETED = "..."
"""What stands in place of a variable that was deleted: an ellipsis, which no variable can hold."""


def _without_delete(tree: ast.Module, source: str) -> str:
    """The script without `del`, which the interpreter does not have: a name becomes an ellipsis, an entry is popped.

    Lines stay where they are.
    """
    lines = source.splitlines()
    for node in sorted(_deletions(tree), key=lambda found: (found.lineno, found.col_offset), reverse=True):
        line = lines[node.lineno - 1].encode()
        instead = "; ".join(_instead(target) for target in node.targets)
        lines[node.lineno - 1] = (
            line[: node.col_offset] + instead.encode() + line[node.end_col_offset or len(line) :]
        ).decode()
    return "\n".join(lines)


def _deletions(tree: ast.Module) -> Iterator[ast.Delete]:
    """Every `del` of names and entries that stands on one line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Delete) and node.lineno == node.end_lineno and all(map(_is_replaced, node.targets)):
            yield node


def _is_replaced(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) or (
        isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice | ast.Tuple)
    )


def _instead(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        return f"{ast.unparse(target.value)}.pop({ast.unparse(target.slice)})"
    return f"{ast.unparse(target)} = {_DELETED}"


def _run(
    source: str, inputs: dict[str, Any], outputs: set[str], limits: ScriptLimits, now: datetime | None
) -> dict[str, str]:
    """{variable: its JSON text, or `_DELETED`} of what the script left."""
    import pydantic_monty

    settings: dict[str, Any] = {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.memory,
        "max_recursion_depth": limits.depth,
        "max_suspensions": 1,
    }
    try:
        policy: dict[str, Any] = {"sleep": "call_host"} | ({"datetime": now} if now else {})
        with _pool().checkout(limits=settings, os_policy=policy, script_name="script") as session:
            session.feed_run(source, inputs=inputs, print_callback=_ignore)
            texts = session.feed_run(_collection(outputs), print_callback=_ignore)
    except pydantic_monty.MontyError as error:
        raise ExpressionError(_plain(error), remedy="Correct the script, or do this work in a service task.") from None
    except (TypeError, ValueError, TimeoutError, OSError, RuntimeError) as error:
        raise ExpressionError(f"The script could not run: {type(error).__name__}: {error}") from None
    return {str(name): str(text) for name, text in texts.items()}


def _collection(names: set[str]) -> str:
    """Code that writes the variables as JSON inside the box, where functions and the like are still told from text."""
    reads = (
        f"try:\n    __texts[{name!r}] = {_DELETED!r} if {name} is {_DELETED} else __dumps({name})\n"
        f"except NameError:\n    pass\nexcept (TypeError, ValueError, RecursionError):\n    __texts[{name!r}] = ''"
        for name in sorted(names)
    )
    return "\n".join(["from json import dumps as __dumps", "__texts = {}", *reads, "__texts"])


def _stored(name: str, text: str) -> Any:
    if len(text) > MAX_RESULT:
        raise ExpressionError(f"The variable {name} is larger than {MAX_RESULT} bytes.")
    try:
        value = json.loads(text)
        problem = problem_of({name: value})
    except (ValueError, RecursionError):
        problem = "it is no plain JSON"
    if problem:
        raise ExpressionError(
            f"The variable {name} holds a value that cannot be stored: {problem}.",
            remedy="Store text, finite numbers, true/false, lists and objects with text keys.",
        )
    return value


def _ignore(_stream: str, _text: str) -> None:
    """Nobody reads what a script prints."""


def _plain(error: Any) -> str:
    """The interpreter's message with the line of the script, and nothing about our own machine."""
    inner = error.exception()
    frames = error.traceback() if hasattr(error, "traceback") else []
    line = f"Line {frames[-1].line}: " if frames else ""
    return f"{line}{type(inner).__name__}: {str(inner)[:300]}"


def _changed(values: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """What is not as before; compared as JSON, so that 1 is not true."""
    return {
        name: value
        for name, value in values.items()
        if name not in inputs or orjson.dumps(value) != orjson.dumps(inputs[name])
    }


_lock = threading.Lock()
_pools: list[Any] = []


def _pool() -> Any:
    """The pool of interpreter processes of this process, started when the first script runs."""
    import pydantic_monty

    with _lock:
        if not _pools:
            pool = pydantic_monty.Monty(min_processes=1, max_processes=4, request_timeout=10, checkout_timeout=10)
            _pools.append(pool.__enter__())
            atexit.register(_close)
        return _pools[0]


def _close() -> None:
    with _lock:
        while _pools:
            _pools.pop().__exit__(None, None, None)
