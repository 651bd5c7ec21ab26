"""Normalisation: the one place where texts of mappings, loops and settings become text of the engine's language."""

import re

from bpm.engine.expressions.dialects import Use, translate
from bpm.foundation.errors import ExpressionError

_EXPRESSION = re.compile(r"[$#]\{")


def expressed(text: str, *, use: Use = "template", language: str = "") -> str:
    """`text` of a model as the engine evaluates it; raises ExpressionError for what cannot be translated."""
    return translate(text, use=use, language=language)


def variable_named(name: str) -> str:
    """An expression that is the variable of that name, and nothing where there is none."""
    return translate(f"${{execution.getVariable('{name}')}}", use="value")


def is_expression(text: str) -> bool:
    """Whether a setting is worked out when it is needed: `${...}`, `#{...}` or, in FEEL, `=...`."""
    return bool(_EXPRESSION.search(text)) or text.strip().startswith("=")


def computed(text: str) -> str:
    """An expression of a setting in the engine's language; "" for what has no counterpart."""
    try:
        return expressed(text)
    except ExpressionError:
        return ""
