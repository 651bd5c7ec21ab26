"""What each command does in one line, read from its source: a list of them all loads none."""

import ast
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]


def short_help(where: str, limit: int) -> str:
    """The beginning of the docstring of a command named `module:function`, in at most so many characters.

    LookupError where the source is not at hand or says nothing.
    """
    module, name = where.split(":")
    source = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    try:
        tree = ast.parse(source.read_bytes())
    except OSError as error:
        raise LookupError(where) from error
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name and (said := ast.get_docstring(node)):
            return click.Command(name, help=said).get_short_help_str(limit)
    raise LookupError(where)
