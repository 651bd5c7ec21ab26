"""Which expressions can only be true, false or unknown, so that a cell or filter of them is a condition."""

from bpm.engine.expressions.feel.functions import builtins
from bpm.engine.expressions.feel.tree import (
    Between,
    Binary,
    Call,
    Instance,
    Logic,
    Name,
    Node,
    Not,
    Quantified,
    Test,
)

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def is_truth(tree: Node) -> bool:
    """Whether the expression can only be true, false or unknown."""
    if isinstance(tree, Call):
        function = builtins.find(tree.function.name) if isinstance(tree.function, Name) else None
        return function is not None and function.is_truth
    if isinstance(tree, Binary):
        return tree.mark in COMPARISONS
    return isinstance(tree, Logic | Not | Between | Test | Quantified | Instance)
