"""The uses of variables in a text of any language of models."""

import ast
import builtins

from bpm.engine.expressions import tagged
from bpm.engine.expressions.feel.parser import Parser
from bpm.engine.expressions.uses import feel, python
from bpm.engine.expressions.uses.use import Evidence, Gathered, Path, Use
from bpm.foundation.errors import ExpressionError


def uses_of(text: str, expected: Evidence = "any") -> tuple[Use, ...]:
    """What an expression that says its language (`tagged`) does with variables; nothing where it cannot be read.

    `expected` is what it has to come to: a condition to `boolean`, a timer to `duration`.
    """
    try:
        read = tagged.parse(text)
    except ExpressionError:
        return ()
    return of_expression(read, expected)


def of_expression(read: tagged.Expression, expected: Evidence) -> tuple[Use, ...]:
    """The same for an expression that was read; the parts of a list and of an object one by one."""
    found = Gathered()
    if read.feel is not None:
        feel.walk(Parser(read.feel.text, frozenset()).whole(), found, expected)
    elif read.compiled is not None:
        python.walk(read.compiled.body, found, expected)
    return (*found.all(), *(use for part in read.parts for use in of_expression(part, "any")))


def uses_of_feel(text: str, names: frozenset[str], *, expected: Evidence = "any", is_cell: bool = False,
                 about: Path = ()) -> tuple[Use, ...]:  # fmt: skip
    """The same for FEEL of decisions; `about` is the variable, or the entry of one, that a cell's tests are about."""
    found = Gathered()
    try:
        parser = Parser(text, names)
        tree = parser.whole_cell() if is_cell else parser.whole()
    except (ExpressionError, RecursionError):
        return ()
    feel.walk(tree, found, expected, about=about or None)
    return found.all()


def uses_of_script(source: str) -> tuple[Use, ...]:
    """What a script reads before it has set it itself, as far as that can be told without running it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = Gathered()
    python.walk_script(tree, found)
    hidden = frozenset(dir(builtins))
    return tuple(use for use in found.all() if use.path[0] not in hidden)
