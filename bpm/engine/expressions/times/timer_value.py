"""What an expression of a timer comes to: ISO 8601 text, or seconds as a number."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bpm.engine.expressions import tagged
from bpm.engine.expressions.feel.values.values import to_datetime
from bpm.foundation.errors import ExpressionError


def timer_value(text: str, variables: Mapping[str, Any], *, now: datetime) -> Any:
    """The value of a timer's expression; FEEL's `2026-01-31T09:00:00@Europe/Berlin` as the instant in UTC.

    Raises ExpressionError.
    """
    value = tagged.evaluate(text, variables, now=now)
    if isinstance(value, int | float) and tagged.language_of(text) in ("feel", "juel"):
        raise ExpressionError(
            f"A timer needs a date, a duration or a cycle, not the number {value} (in: {tagged.shown(text)}).",
            remedy='Say what it counts, as in duration("PT5M").',
        )
    instant = to_datetime(value) if isinstance(value, str) and "@" in value else None
    return value if instant is None else instant.astimezone(UTC).isoformat()
