"""What FEEL knows and nothing here can hold is refused by name, never null and never cut in silence."""

import pytest

from bpm.engine.decisions import decide, read_decisions
from bpm.foundation.errors import ExpressionError
from tests.engine.decisions.drawing import NOW, definitions, table
from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    "expression",
    [
        'date("10000-01-01")',
        'date("999999999-12-31") > date("2026-01-01")',
        'date("-0001-01-01")',
        'date("0000-02-29")',
        "date(10000, 1, 1)",
        'date and time("12345-01-01T00:00:00Z")',
        '@"12345-01-01"',
        'date("9999-12-31") + duration("P1D")',
        'date("0001-01-01") - duration("P1M")',
        'date and time("9999-12-31T23:00:00Z") + duration("PT1H")',
        "date(written)",
        'date("2026-01-01") < written',
    ],
)
def test_a_year_outside_1_to_9999_is_named(expression: str) -> None:
    with pytest.raises(ExpressionError, match="years 1 to 9999"):
        value(expression, written="12026-01-01")


@pytest.mark.parametrize(
    "expression",
    [
        'time("10:00:00.1234567")',
        'date and time("2026-01-01T10:00:00.123456789Z")',
        '@"2026-01-01T10:00:00.000000001"',
        'duration("PT0.000000001S") = duration("PT0S")',
        "time(10, 0, 0.0000001)",
    ],
)
def test_nanoseconds_in_a_model_are_named(expression: str) -> None:
    with pytest.raises(ExpressionError, match="counts in nanoseconds"):
        value(expression)


def test_what_only_looks_far_is_read() -> None:
    assert value('date("9999-12-31").year') == 9999
    assert value('time("10:00:00.123456000")') == "10:00:00.123456"
    assert value('date("12345-13-01")') is None, "no calendar has it"
    assert value('date("2025-02-29")') is None
    assert value("time(said)", said="10:00:00.1234567") == "10:00:00.123456", "from data it is cut, as documented"


@pytest.mark.parametrize("cell", ['< date("10000-01-01")', '= time("10:00:00.123456789")', '>= @"0000-01-01"'])
def test_a_cell_of_a_decision_that_says_so_is_named_with_its_place_and_fails_who_decides_by_it(cell: str) -> None:
    read = read_decisions(definitions(table(["x"], ["y"], [([cell], ["1"])])), "d.dmn")
    (finding,) = [each for each in read.findings if each.code == "dmn-out-of-reach"]
    assert cell in finding.message
    assert "1 to 9999" in finding.message or "nanoseconds" in finding.message
    with pytest.raises(ExpressionError, match=r"1 to 9999|nanoseconds"):
        decide(read.decisions, "rate", {"x": "2026-01-01"}, now=NOW)


def test_a_duration_that_nothing_holds_is_named() -> None:
    for expression in ('duration("P99999999999D")', 'duration("P900000000D") * 1000'):
        with pytest.raises(ExpressionError, match="million years"):
            value(expression)
