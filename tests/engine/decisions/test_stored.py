"""Rules that an earlier release compiled and stored still decide as they did."""

from typing import Any

import pytest

from bpm.engine.decisions import decide, from_plain
from bpm.errors import ExpressionError
from tests.engine.decisions.drawing import NOW


def cell(text: str, runs: str | None, *, feel: bool = True) -> dict[str, Any]:
    return {"text": text, "runs": runs, "feel": feel, "line": 3}


def stored(tests: list[dict[str, Any]], answer: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """A decision as release 0.1 wrote it: no form, no boxes, no knowledge."""
    column = {"label": "x", "expression": asked, "type": "", "variable": ""}
    output = {"name": "y", "label": "", "type": "", "order": [], "default": None}
    rules = [{"tests": [test], "answers": [answer], "annotation": "", "line": 4} for test in tests]
    table = {"hit_policy": "FIRST", "inputs": [column], "outputs": [output], "rules": rules, "aggregation": None}
    return {
        "id": "rate", "name": "Rate", "variable": "Rate", "type": "", "requires": [], "inputs": [["x", "number"]],
        "table": table, "literal": None, "question": "", "line": 2, "file": "rate.dmn",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "feel", "held", "not_held"),
    [
        ("variable('?') == 'gold'", True, "gold", "silver"),
        ("variable('?') < 5", True, 4, 5),
        ("1 <= variable('?') <= 5", True, 1, 6),
        ("not (variable('?') == 'a' or variable('?') == 'b')", True, "c", "a"),
        ("fits(variable('?'), limit)", True, 7, 8),
        ("variable('?') < today() - duration('P14D')", True, "2026-02-01", "2026-03-01"),
        ("any([x > 4 for x in variable('?')])", True, [1, 5], [1]),
        ("[item for item in as_list(variable('?')) if field(item, 'a', a) > 1] == [{'a': 2}]", True, [{"a": 2}], []),
        ("cellInput.startswith('ab')", False, "abc", "cab"),
    ],
)
def test_a_stored_cell_holds_for_what_it_held_for(runs: str, feel: bool, held: Any, not_held: Any) -> None:
    plain = stored([cell("as written", runs, feel=feel)], cell("1", "1"), cell("x", "x"))
    decisions = {"rate": from_plain(plain)}
    assert decide(decisions, "rate", {"x": held, "limit": 7}, now=NOW).value == 1
    assert decide(decisions, "rate", {"x": not_held, "limit": 7}, now=NOW).value is None


@pytest.mark.parametrize(
    ("runs", "value"),
    [
        ("0.1 + 0.2", 0.3),
        ("date('2026-01-31') + duration('P1M')", "2026-02-28"),
        ("member(lines, 'a')", [1, 2]),
        ("7", 7),
    ],
)
def test_a_stored_answer_comes_to_what_it_came_to(runs: str, value: Any) -> None:
    plain = stored([cell("-", None)], cell("as written", runs), cell("x", "x"))
    lines = [{"a": 1}, {"a": 2}]
    assert decide({"rate": from_plain(plain)}, "rate", {"x": 1, "lines": lines}, now=NOW).value == value


def test_a_failure_in_a_stored_cell_shows_what_its_author_wrote() -> None:
    plain = stored(
        [cell('assert(x, x > 5, "too small")', "assert_that(x, x > 5, 'too small')")], cell("1", "1"), cell("x", "x")
    )
    with pytest.raises(ExpressionError) as caught:
        decide({"rate": from_plain(plain)}, "rate", {"x": 1}, now=NOW)
    assert "assert_that" not in str(caught.value)
    assert "too small" in str(caught.value)
