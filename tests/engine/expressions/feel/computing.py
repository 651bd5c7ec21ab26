"""Computes FEEL for tests."""

from datetime import UTC, datetime
from typing import Any

from bpm.engine.expressions.feel import language
from bpm.engine.expressions.feel.values.values import plain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def value(text: str, **variables: Any) -> Any:
    """What an expression comes to, as plain JSON."""
    return plain(language.expression(text, frozenset(variables)).value(variables, now=NOW))
