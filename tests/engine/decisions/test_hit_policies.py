"""Each hit policy: which rules count, in which order, and what is refused."""

from typing import Any

import pytest

from bpm.foundation.errors import ExpressionError
from tests.engine.decisions.drawing import Rows, decided, table

ROWS: Rows = [(["> 10"], ["10"]), (["> 20"], ["30"]), (["> 30"], ["20"])]
ORDER = {"y": "30, 20, 10"}


def value(amount: Any, policy: str, **more: Any) -> Any:
    return decided(table(["amount"], ["y"], ROWS, policy=policy, **more), {"amount": amount}).value


def test_unique_answers_with_the_one_rule_that_holds() -> None:
    assert value(15, "UNIQUE") == 10


def test_unique_refuses_two_rules_and_names_them() -> None:
    with pytest.raises(ExpressionError, match="The decision 'Rate': Rules 1, 2 and 3 hold together"):
        value(40, "UNIQUE")


def test_first_answers_with_the_first_rule_in_order() -> None:
    assert value(40, "FIRST") == 10


def test_first_does_not_look_at_the_rules_behind() -> None:
    rows: Rows = [(["> 10"], ["1"]), (["${missing > 1}"], ["2"])]
    drawn = table(["amount"], ["y"], rows, policy="FIRST")
    assert decided(drawn, {"amount": 11}).value == 1
    with pytest.raises(ExpressionError, match="There is no variable missing"):
        decided(drawn, {"amount": 1})


def test_any_takes_rules_that_agree_and_refuses_those_that_do_not() -> None:
    rows: Rows = [(["> 10"], ["1"]), (["> 20"], ["1.0"]), (["> 30"], ["2"])]
    drawn = table(["amount"], ["y"], rows, policy="ANY")
    outcome = decided(drawn, {"amount": 25})
    assert (outcome.value, outcome.matched) == (1, (1, 2))
    with pytest.raises(ExpressionError, match="Rules 1 and 3 hold together and answer differently"):
        decided(drawn, {"amount": 35})


def test_priority_answers_with_the_most_important_value() -> None:
    assert value(40, "PRIORITY", order=ORDER) == 30


def test_output_order_lists_the_most_important_value_first() -> None:
    assert value(40, "OUTPUT ORDER", order=ORDER) == [30, 20, 10]


def test_priority_goes_by_the_first_output_and_then_by_the_next() -> None:
    rows: Rows = [(["-"], ['"b"', '"y"']), (["-"], ['"a"', '"y"']), (["-"], ['"a"', '"x"'])]
    drawn = table(["k"], ["p", "q"], rows, policy="PRIORITY", order={"p": '"a","b"', "q": '"x","y"'})
    assert decided(drawn, {}).value == {"p": "a", "q": "x"}


def test_rule_order_and_collect_list_every_answer() -> None:
    assert value(40, "RULE ORDER") == [10, 30, 20]
    assert value(25, "COLLECT") == [10, 30]


@pytest.mark.parametrize(("how", "result"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collect_adds_up_compares_and_counts(how: str, result: int) -> None:
    assert value(40, "COLLECT", aggregation=how) == result


def test_collect_adds_money_exactly() -> None:
    rows: Rows = [(["-"], ["0.1"])] * 3
    assert decided(table(["k"], ["y"], rows, policy="COLLECT", aggregation="SUM"), {}).value == 0.3


def test_a_sum_of_texts_is_refused() -> None:
    rows: Rows = [(["-"], ['"a"'])]
    with pytest.raises(ExpressionError, match="SUM needs numbers, and the rules answer 'a'"):
        decided(table(["k"], ["y"], rows, policy="COLLECT", aggregation="SUM"), {})


@pytest.mark.parametrize(
    ("policy", "aggregation", "nothing"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", None),
        ("ANY", "", None),
        ("PRIORITY", "", None),
        ("OUTPUT ORDER", "", []),
        ("RULE ORDER", "", []),
        ("COLLECT", "", []),
        ("COLLECT", "SUM", None),
        ("COLLECT", "MAX", None),
        ("COLLECT", "COUNT", 0),
    ],
)
def test_without_a_rule_that_holds_the_result_is_nothing(policy: str, aggregation: str, nothing: Any) -> None:
    assert value(1, policy, aggregation=aggregation, order=ORDER) == nothing
    assert value(None, policy, aggregation=aggregation, order=ORDER) == nothing


def test_the_defaults_of_the_outputs_answer_where_no_rule_does() -> None:
    drawn = table(["amount"], ["y"], ROWS).replace(
        '<output name="y">', '<output name="y"><defaultOutputEntry><text>99</text></defaultOutputEntry>'
    )
    assert decided(drawn, {"amount": 1}).value == 99
    assert decided(drawn, {"amount": 15}).value == 10


def test_several_outputs_come_as_named_values() -> None:
    drawn = table(["k"], ["limit", "who"], [(['"a"'], ["100", '"service"'])])
    outcome = decided(drawn, {"k": "a"})
    assert outcome.value == {"limit": 100, "who": "service"}
    assert outcome.rows == ({"limit": 100, "who": "service"},)


def test_all_cells_of_a_rule_must_hold() -> None:
    drawn = table(["a", "b"], ["y"], [(["1", "2"], ['"both"']), (["1", "-"], ['"one"'])], policy="FIRST")
    assert decided(drawn, {"a": 1, "b": 2}).value == "both"
    assert decided(drawn, {"a": 1, "b": 9}).value == "one"
    assert decided(drawn, {"a": 2, "b": 2}).value is None


def test_the_least_and_the_largest_of_texts_and_dates_are_found_as_well() -> None:
    rows: Rows = [(["-"], ['date("2026-03-01")']), (["-"], ['date("2026-02-01")'])]
    of_days = table(["amount"], ["y"], rows, policy="COLLECT", aggregation="MIN")
    assert decided(of_days, {"amount": 1}).value == "2026-02-01"
    words: Rows = [(["-"], ['"ant"']), (["-"], ['"bee"'])]
    assert decided(table(["a"], ["y"], words, policy="COLLECT", aggregation="MAX"), {"a": 1}).value == "bee"
    mixed: Rows = [(["-"], ['"ant"']), (["-"], ["1"])]
    with pytest.raises(ExpressionError, match="MAX needs values that have an order"):
        decided(table(["a"], ["y"], mixed, policy="COLLECT", aggregation="MAX"), {"a": 1})
