"""Pieces of trees of our expression language, as the reading of FEEL puts them together."""

import ast
import keyword

_TRUTHS = frozenset(
    [
        "all",
        "any",
        "contains",
        "starts_with",
        "ends_with",
        "list_contains",
        "is_defined",
        "odd",
        "even",
        "matches",
        "instance_of",
    ]
)


def named(name: str) -> ast.expr:
    """A variable of that name, whatever signs it holds."""
    if name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_"):
        return ast.Name(name, ast.Load())
    return call("variable", ast.Constant(name))


def call(function: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(function, ast.Load()), list(arguments), [])


class Inside(ast.NodeTransformer):
    """Names inside a filter are entries of the item first."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return call("field", ast.Name("item", ast.Load()), ast.Constant(node.id), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id == "variable":
            return call("field", ast.Name("item", ast.Load()), node.args[0], node)
        return ast.Call(node.func, [self.visit(argument) for argument in node.args], [])


def is_truth(tree: ast.expr) -> bool:
    """Whether the expression can only be true, false or unknown."""
    if isinstance(tree, ast.Call):
        return isinstance(tree.func, ast.Name) and tree.func.id in _TRUTHS
    return isinstance(tree, ast.Compare | ast.BoolOp) or (
        isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    )
