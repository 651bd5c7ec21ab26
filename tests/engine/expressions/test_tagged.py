"""An expression is one text with the name of its language; what release 0.1 saved without one means what it meant."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpm.engine.expressions import tagged
from bpm.engine.expressions.language import Budget
from bpm.engine.expressions.times.timer_value import timer_value
from bpm.foundation.errors import ExpressionError

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)


def feel(text: str, **variables: Any) -> Any:
    return tagged.evaluate(tagged.tag("feel", text), variables, now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('=date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('=date and time(due) - duration("PT1H30M")', "2026-03-01T06:30:00Z"),
        ("=date(date and time(due))", "2026-03-01"),
        ('=time("10:00:00") + duration("PT1H")', "11:00:00"),
        ('=date("2026-03-01") - date("2026-02-01")', "P28D"),
        ('=date and time("2026-03-01T08:00:00@Europe/Berlin")', "2026-03-01T08:00:00@Europe/Berlin"),
        ("=now()", "2026-01-01T09:00:00Z"),
        ("=today()", "2026-01-01"),
        ("=0.1 + 0.2", 0.3),
        ("=1 / 3", 0.3333333333333333),
        ("=9007199254740993 * 1", 9007199254740993),
        ("=!missing and 1 != 2", None),
        ("=!(1 = 2)", True),
        ('=if "!" != "!!" then "!" else 0', "!"),
        ("=function(x) x", None),
        ("=[1..3]", "[1..3]"),
        ("=6 / 2", 3),
        ("=string(6 / 2)", "3"),
        ('=[duration("P1D"), {when: today()}]', ["P1D", {"when": "2026-01-01"}]),
        ("=missing", None),
        ("=missing + 1", None),
        ("=missing.part", None),
        ('=duration("PT25H") > duration("P1D")', True),
        ("=date(due) = null", True),
        ('=due > date and time("2026-02-28T23:00:00Z")', True),
        ("=sum(for each in [1, 2] return each * 10)", 30),
        ("=[{price: 5}, {price: 20}][price > 10].price", [20]),
    ],
)
def test_what_feel_comes_to_is_a_plain_value(text: str, expected: Any) -> None:
    assert feel(text, due="2026-03-01T08:00:00Z") == expected


def test_a_value_that_was_a_date_is_one_again_where_it_meets_one() -> None:
    ends = feel('=date(start) + duration("P1M")', start="2026-01-31")
    assert feel('=ends < date("2026-03-01") and date(ends) + duration("P1D") = date("2026-03-01")', ends=ends) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount > 100", {"amount"}),
        ("juel:${order.total > limit}", {"order", "limit"}),
        ("juel:Dear ${name}", {"name"}),
        ("juel:${vars:get('x') == 1}", set()),
        ("feel:=items[price > 10 and kind = wanted]", {"items"}),
        ("feel:=some each in items satisfies each.price > limit", {"items", "limit"}),
        ("feel:=Vacation Status.reason", {"Vacation Status"}),
        ("feel:=for x in xs return x * factor", {"xs", "factor"}),
        ("feel:={a: 1, b: a + c}", {"c"}),
        ("feel:={f: function(n) n + step, r: f(1)}.r", {"step"}),
        ('feel:=today() + duration("P1D")', set()),
        ("python:[each for each in items if each.price > limit]", {"items", "limit"}),
        ('list:["juel:${a}", "b"]', {"a", "b"}),
        ('map:{"key": "feel:=c"}', {"c"}),
    ],
)
def test_the_variables_that_an_expression_reads_are_known(text: str, expected: set[str]) -> None:
    assert tagged.parse(text).names == expected


def test_feel_needs_no_variable_to_be_there() -> None:
    assert tagged.parse("feel:=a > b").required == set()
    assert tagged.parse("juel:${a > b}").required == {"a", "b"}


def test_lists_and_objects_hold_expressions_of_any_language() -> None:
    text = tagged.mapped({"all": tagged.listed(["juel:${a}", "feel:=a + 1", "'plain'"]), "said": "juel:a is ${a}"})
    assert tagged.evaluate(text, {"a": 1}, now=NOW) == {"all": [1, 2, "plain"], "said": "a is 1"}
    assert tagged.written(text) == "{all: [${a}, =a + 1, 'plain'], said: a is ${a}}"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("x", "false", True),
        ("x", "", False),
        ("x", None, False),
        ("python:x", [], False),
        ("python:x", 3, True),
        ("python:x", None, False),
        ("python:x", "yes", "the text 'yes'"),
        ("python:x", "", "the text ''"),
        ("feel:x", True, True),
        ("feel:x", None, None),
        ("feel:x", "rejected", "the text 'rejected'"),
        ("feel:x", 1, "the number 1"),
        ("feel:x", [True], "a list"),
        ("feel:date(x)", "2026-01-01", "the text '2026-01-01'"),
        ("juel:${x}", False, False),
        ("juel:${x}", None, "nothing (null)"),
        ("juel:${x}", "true", "the text 'true'"),
        ("juel:${x}", 1, "the number 1"),
        ("juel:${x}", {"a": 1}, "an object"),
        ("code:x", "true", "the text 'true'"),
    ],
)
def test_a_condition_is_true_or_false_or_says_what_it_came_to(text: str, value: Any, expected: Any) -> None:
    if not isinstance(expected, str):
        assert tagged.holds(text, {"x": value}, now=NOW) is expected
        return
    with pytest.raises(ExpressionError) as caught:
        tagged.holds(text, {"x": value}, now=NOW)
    assert f"came to {expected}, not to true or false. (in: {tagged.written(text)})" in caught.value.message


@pytest.mark.parametrize(
    "text", ["feel:=assert(x, false)", "juel:${x.unknown.part > y}", "python:x['unknown']", "code:return x.part;"]
)
def test_an_error_shows_what_the_author_wrote(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        tagged.evaluate(text, {"x": 5}, now=NOW)
    assert caught.value.message.count("(in: ") == 1
    assert caught.value.message.endswith(f"{tagged.written(text).removeprefix('=')})")


@pytest.mark.parametrize("text", ["!(amount > 5", "amount >> 5", "!!!", "[1, 2", 'sum(for x in return "!")'])
def test_what_cannot_be_read_is_shown_as_it_was_written(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        tagged.tag("feel", f"={text}")
    assert f" in {text!r}." in caught.value.message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("=10 ** 400", "is too large to be kept"),
        ("=[1, {a: 10 ** 400}]", "is too large to be kept"),
        ("=for i in 1..1000 return for j in 1..1000 return j", "too large|too many steps"),
        ("=x + x", "too long"),
    ],
)
def test_what_no_variable_could_hold_is_a_failure_that_shows_its_expression(text: str, problem: str) -> None:
    with pytest.raises(ExpressionError, match=problem) as caught:
        feel(text, x="a" * 60_000)
    assert caught.value.message.endswith(f"(in: {text.removeprefix('=')})")


def test_an_error_in_what_the_engine_wrote_itself_shows_no_code() -> None:
    with pytest.raises(ExpressionError) as caught:
        tagged.evaluate("decision_g == 'yes'", {}, now=NOW)
    assert caught.value.message == "There is no variable decision_g."


@pytest.mark.parametrize("text", ["feel:=for i in 1..9999, j in 1..9999 return i", "juel:${empty x ? x : x}"])
def test_every_language_pays_from_the_same_budget(text: str) -> None:
    with pytest.raises(ExpressionError, match="too many steps"):
        tagged.evaluate(text, {"x": list(range(500))}, now=NOW, budget=Budget(steps=200))


@pytest.mark.parametrize("text", ["feel:=", "juel:${}", "python:", "code:", "feel:=a +", "juel:${a ==}", "feel:=x.__y"])
def test_what_is_no_expression_of_its_language_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        tagged.parse(text)


def test_a_timer_understands_a_zone_as_feel_names_it() -> None:
    text = '=date and time("2026-07-01T09:00:00@Europe/Berlin") + duration("PT1H")'
    assert timer_value(tagged.tag("feel", text), {}, now=NOW) == "2026-07-01T08:00:00+00:00"
    assert timer_value("juel:${wait}", {"wait": "PT5M"}, now=NOW) == "PT5M"
