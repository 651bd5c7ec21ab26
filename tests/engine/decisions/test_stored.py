"""Rules that an earlier release compiled and stored still decide as they did."""

from typing import Any

import pytest

from bpm.engine.decisions import decide, from_plain, variables_of
from bpm.foundation.errors import ExpressionError
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
    ("text", "runs", "held", "not_held"),
    [
        ('"gold"', "variable('?') == 'gold'", "gold", "silver"),
        ("< 5", "variable('?') < 5", 4, 5),
        ("[1..5]", "1 <= variable('?') <= 5", 1, 6),
        ('not("a", "b")', "not (variable('?') == 'a' or variable('?') == 'b')", "c", "a"),
        ("limit", "fits(variable('?'), limit)", 7, 8),
        ("> Credit Limit", "variable('?') > variable('Credit Limit')", 11, 10),
        ('in {net worth: 3, r: [1, net worth]}.r', "variable('?') in member({'net worth': 3, 'r': [1, 3]}, 'r')", 3, 2),
        ('< today() - duration("P14D")', "variable('?') < today() - duration('P14D')", "2026-02-01", "2026-03-01"),
        ("some x in ? satisfies x > 4", "any([x > 4 for x in variable('?')])", [1, 5], [1]),
        ("?[a > 1] = [{a: 2}]",
         "[item for item in as_list(variable('?')) if field(item, 'a', a) > 1] == [{'a': 2}]", [{"a": 2}], []),
    ],
)  # fmt: skip
def test_a_stored_cell_holds_for_what_it_held_for(text: str, runs: str, held: Any, not_held: Any) -> None:
    decisions = {"rate": from_plain(stored([cell(text, runs)], cell("1", "1"), cell("x", "x")))}
    known = {"limit": 7, "Credit Limit": 10}
    assert decide(decisions, "rate", {"x": held, **known}, now=NOW).value == 1
    assert decide(decisions, "rate", {"x": not_held, **known}, now=NOW).value is None


def test_a_stored_cell_of_another_language_holds_for_what_it_held_for() -> None:
    test = cell('.startsWith("ab")', "cellInput.startswith('ab')", feel=False)
    decisions = {"rate": from_plain(stored([test], cell("${1 + 1}", "1 + 1", feel=False), cell("x", "x")))}
    assert decide(decisions, "rate", {"x": "abc"}, now=NOW).value == 2
    assert decide(decisions, "rate", {"x": "cab"}, now=NOW).value is None


@pytest.mark.parametrize(
    ("text", "runs", "value"),
    [
        ("0.1 + 0.2", "0.1 + 0.2", 0.3),
        ('date("2026-01-31") + duration("P1M")', "date('2026-01-31') + duration('P1M')", "2026-02-28"),
        ('date:toDate("2026-01-31")', "date('2026-01-31')", "2026-01-31"),
        ("lines.a", "member(lines, 'a')", [1, 2]),
        ("Late Fee * 2", "variable('Late Fee') * 2", 8),
        ("7", "7", 7),
        ('"a text"', "'a text'", "a text"),
    ],
)
def test_a_stored_answer_comes_to_what_it_came_to(text: str, runs: str, value: Any) -> None:
    plain = stored([cell("-", None)], cell(text, runs), cell("x", "x"))
    known = {"x": 1, "lines": [{"a": 1}, {"a": 2}], "Late Fee": 4}
    assert decide({"rate": from_plain(plain)}, "rate", known, now=NOW).value == value


def test_what_stored_cells_read_is_known_by_its_name() -> None:
    plain = stored([cell("> Credit Limit", "variable('?') > variable('Credit Limit')")], cell("1", "1"), cell("x", "x"))
    assert variables_of({"rate": from_plain(plain)}, "rate") == {"x": "number", "Credit Limit": ""}


def test_a_failure_in_a_stored_cell_shows_what_its_author_wrote() -> None:
    plain = stored(
        [cell('assert(x, x > 5, "too small")', "assert_that(x, x > 5, 'too small')")], cell("1", "1"), cell("x", "x")
    )
    with pytest.raises(ExpressionError) as caught:
        decide({"rate": from_plain(plain)}, "rate", {"x": 1}, now=NOW)
    assert "assert_that" not in str(caught.value)
    assert "too small" in str(caught.value)
