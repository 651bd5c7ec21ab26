"""Decisions tested as tables: rows of inputs and what is expected of them.

A case is `{"id", "decision", "rows": [{"inputs": {...}, "expect": ..., "rules": [1]}]}`; `rules`, the numbers of the
rules that hold, may be left out, and `"refused": true` expects that the hit policy is broken.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bpm.engine.decisions.decide import decide
from bpm.engine.decisions.model import Decision
from bpm.foundation.errors import ExpressionError


def wrong_rows(case: Mapping[str, Any], decisions: Mapping[str, Decision], *, now: datetime) -> list[str]:
    """What is wrong in a case, one text a row; empty when every row comes out as expected."""
    found = []
    for number, row in enumerate(case["rows"], 1):
        problem = _problem(row, decisions, str(case["decision"]), now)
        if problem:
            found.append(f"row {number}: {problem}")
    return found


def _problem(row: Mapping[str, Any], decisions: Mapping[str, Decision], decision: str, now: datetime) -> str:
    try:
        outcome = decide(decisions, decision, row.get("inputs", {}), now=now)
    except ExpressionError as error:
        return "" if row.get("refused") else str(error)
    if row.get("refused"):
        return f"{outcome.value!r} where it was to be refused"
    if outcome.value != row.get("expect"):
        return f"{outcome.value!r} instead of {row.get('expect')!r}"
    if "rules" in row and list(outcome.matched) != list(row["rules"]):
        return f"rules {list(outcome.matched)} hold instead of {row['rules']}"
    return ""
