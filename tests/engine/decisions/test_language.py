"""FEEL inside our own language: a call that holds the author's text and names the variables it reads."""

import ast
from typing import Any

import pytest

from bpm.engine.decisions import feel
from bpm.engine.decisions.evaluation import NOW as INSTANT
from bpm.engine.decisions.evaluation import Feel
from bpm.engine.decisions.values import plain
from bpm.engine.spiff.expressions import evaluate, parse
from bpm.errors import ExpressionError
from tests.engine.decisions.drawing import NOW


def run(text: str, **variables: Any) -> Any:
    read = parse(text, functions=feel.CALLABLE)
    return plain(evaluate(read, {**variables, INSTANT: NOW}, kind=Feel))


@pytest.mark.parametrize(
    ("text", "variables", "value", "names"),
    [
        ("amount > 5", {"amount": 7}, True, {"amount"}),
        ("amount", {"amount": 7}, 7, {"amount"}),
        ('"a" + name', {"name": "b"}, "ab", {"name"}),
        ("orders[total > 5].id", {"orders": [{"id": 1, "total": 9}]}, [1], {"orders"}),
        ("for x in xs return x * factor", {"xs": [1, 2], "factor": 3}, [3, 6], {"xs", "factor"}),
        ("today() + duration(\"P1D\")", {}, "2026-03-03", set()),
        ("{a: 1, b: a + c}", {"c": 2}, {"a": 1, "b": 3}, {"c"}),
        ("missing.part", {}, None, {"missing"}),
        ("0.1 + 0.2", {}, 0.3, set()),
    ],
)  # fmt: skip
def test_an_expression_runs_inside_our_language_and_says_what_it_reads(
    text: str, variables: dict[str, Any], value: Any, names: set[str]
) -> None:
    written = feel.expression(text)
    assert run(written, **variables) == value
    assert parse(written, functions=feel.CALLABLE).names == names
    assert feel.source(written) == text
    assert ast.unparse(feel.tree(text)) == written


def test_names_that_only_their_file_knows_are_kept_with_the_text() -> None:
    written = feel.expression("net-price * 2 + order id", frozenset({"net-price", "order id"}))
    assert run(written, **{"net-price": 3, "order id": 1}) == 7
    assert feel.source(written) == "net-price * 2 + order id"


def test_a_cell_runs_about_a_variable_or_the_value_of_its_column() -> None:
    assert run(feel.unary_tests("> 5", subject="amount") or "", amount=7) is True
    assert run(feel.unary_tests("[1..5], > 9") or "", **{"?": 7}) is False
    assert feel.unary_tests("-") is None


def test_a_loop_of_our_language_gives_its_names_to_feel() -> None:
    assert run(f"[{feel.expression('x + 1')} for x in [1, 2]]") == [2, 3]


def test_the_budget_of_our_language_holds_for_feel() -> None:
    with pytest.raises(ExpressionError, match="too many steps"):
        run(feel.expression("for x in 1..99999 return x"))
