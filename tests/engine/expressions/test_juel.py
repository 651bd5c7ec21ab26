"""JUEL's operators coerce as Jakarta Expression Language 5.0 says, and refuse what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)
VARIABLES: dict[str, Any] = {
    "five": 5, "half": 0.5, "text": "5", "word": "five", "yes": "TRUE", "no": "no", "on": True, "off": False,
    "nothing": None, "blank": "", "many": [1, 2], "none": [], "order": {"total": 10, "lines": ["a", "b"]},
}  # fmt: skip


def value(inside: str) -> Any:
    return tagged.evaluate(tagged.tag("juel", f"${{{inside}}}"), VARIABLES, now=NOW)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("five == text", True),
        ("five == '5'", True),
        ("five != '6'", True),
        ("half == '0.5'", True),
        ("on == yes", True),
        ("off == no", True),
        ("text == five", True),
        ("word == 'five'", True),
        ("nothing == null", True),
        ("nothing == ''", False),
        ("five > '10'", False),
        ("text > '10'", True),
        ("five >= '5'", True),
        ("nothing < 1", False),
        ("nothing <= null", True),
        ("five + text", 10),
        ("text + '1.5'", 6.5),
        ("five + nothing", 5),
        ("nothing + nothing", 0),
        ("blank + 1", 1),
        ("five - '2'", 3),
        ("five * half", 2.5),
        ("five / 2", 2.5),
        ("nothing / nothing", 0),
        ("-7 % 3", -1),
        ("7 mod -3", 1),
        ("five div 2", 2.5),
        ("-text", -5),
        ("-nothing", 0),
        ("yes and on", True),
        ("no or nothing", False),
        ("not no", True),
        ("!blank", True),
        ("on && !off", True),
        ("off && five", False),
        ("empty nothing and empty blank and empty none", True),
        ("empty many or empty five", False),
        ("yes ? 1 : 2", 1),
        ("no ? 1 : 2", 2),
        ("order.lines[1]", "b"),
        ("order['total'] + 1", 11),
        ("order.lines['0']", "a"),
        ("order.lines[7]", None),
        ("order.unknown.part", None),
        ("nothing.part", None),
        ("word += five += on", "five5true"),
        ("1 == 1.0", True),
        ("2 lt 10", True),
        ("'2' lt '10'", False),
    ],
)  # fmt: skip
def test_operators_coerce(inside: str, expected: Any) -> None:
    result = value(inside)
    assert result == expected
    assert isinstance(result, bool) is isinstance(expected, bool)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("five == word", "whole number is needed here, not the text 'five'"),
        ("five == on", "whole number is needed here, not true"),
        ("five + word", "number is needed here, not the text 'five'"),
        ("word + 'x'", "number is needed here, not the text"),
        ("five and on", "True or false is needed here, not the number 5"),
        ("many ? 1 : 2", "True or false is needed here, not a list"),
        ("many < order", "no order between a list and an object"),
        ("five / 0", "divided by zero"),
        ("five % 0", "divided by zero"),
        ("missing", "no variable missing"),
        ("missing == null", "no variable missing"),
        ("empty missing", "no variable missing"),
        ("five.part", "no field part"),
    ],
)
def test_what_cannot_be_coerced_is_an_error_that_shows_the_expression(inside: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        value(inside)
    assert said in caught.value.message
    assert f"(in: ${{{inside}}})" in caught.value.message


@pytest.mark.parametrize("prefix", ["var", "vars", "variables"])
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("get({five}) > 3", True),
        ("get({missing}) == null", True),
        ("getOrDefault({missing}, 7)", 7),
        ("getOrDefault({five}, 7)", 5),
        ("exists({five})", True),
        ("exists({missing})", False),
        ("isEmpty({blank})", True),
        ("empty({missing})", True),
        ("isNotEmpty({many})", True),
        ("notEmpty({none})", False),
        ("equals({five}, 5)", True),
        ("eq({missing}, 5)", False),
        ("notEquals({five}, 6)", True),
        ("ne({five}, 5)", False),
        ("contains({word}, 'iv')", True),
        ("contains({many}, 1, 2)", True),
        ("contains({many}, 1, 3)", False),
        ("containsAny({many}, 3, 2)", True),
        ("contains({missing}, 1)", False),
        ("lowerThan({five}, 6)", True),
        ("lessThan({five}, 5)", False),
        ("lt({missing}, 5)", False),
        ("lowerThanOrEquals({five}, 5)", True),
        ("lessThanOrEquals({five}, 4)", False),
        ("lte({five}, 5)", True),
        ("greaterThan({five}, 4)", True),
        ("gt({five}, 5)", False),
        ("greaterThanOrEquals({five}, 5)", True),
        ("gte({missing}, 5)", False),
    ],
)
def test_flowables_functions_take_the_name_of_a_variable_in_quotes_or_without(
    prefix: str, call: str, expected: Any
) -> None:
    for quote in ("", "'", '"'):
        written = call.replace("{", quote).replace("}", quote)
        assert value(f"{prefix}:{written}") == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("eq(five, '5')", False),
        ("ne(five, '5')", True),
        ("eq(missing, null)", True),
        ("lte(missing, null)", False),
        ("contains(digits, '1')", False),
        ("contains(digits, 1, 2)", True),
        ("containsAny(digits, '1', 9)", False),
        ("exists(nothing)", False),
        ("exist(five)", True),
        ("base64(word)", "Zml2ZQ=="),
        ("base64(missing)", None),
        ("getOrDefault(nothing, 3)", 3),
        ("getOrDefaultIfNotExist(nothing, 3)", None),
        ("getOrDefaultIfNotExist(missing, 3)", 3),
    ],
)
def test_flowables_functions_coerce_nothing_and_a_null_does_not_exist(call: str, expected: Any) -> None:
    own = {"digits": [1, 2], "nothing": None}
    assert tagged.evaluate(tagged.tag("juel", f"${{vars:{call}}}"), VARIABLES | own, now=NOW) == expected


def test_flowables_functions_know_no_order_between_a_number_and_a_text() -> None:
    with pytest.raises(ExpressionError, match="no order"):
        value("vars:lt(five, '6')")


@pytest.mark.parametrize(("pattern", "expected"), [("f.*e", True), ("f", False), ("a|five", True)])
def test_a_text_matches_a_pattern_as_a_whole(pattern: str, expected: bool) -> None:
    assert value(f"word.matches('{pattern}')") is expected


@pytest.mark.parametrize("pattern", ["(", "(?=x)five"])
def test_a_pattern_that_is_not_executed_is_an_error(pattern: str) -> None:
    with pytest.raises(ExpressionError, match="no pattern"):
        value(f"word.matches('{pattern}')")


@pytest.mark.parametrize("text", ["${a", "Dear ${name", "${a} and ${", "${a} ${b"])
def test_an_expression_without_an_end_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="no end"):
        tagged.tag("juel", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("\\${word}", "${word}"), ("Pay \\${word} of \\#{five} for ${five}", "Pay ${word} of #{five} for 5")],
)
def test_a_mark_behind_a_backslash_is_text(text: str, expected: str) -> None:
    assert tagged.evaluate(translate(text, use="template"), VARIABLES, now=NOW) == expected


def test_java_adds_to_a_text_what_juel_refuses() -> None:
    assert tagged.evaluate(tagged.tag("code", 'return word + " of " + five;'), VARIABLES, now=NOW) == "five of 5"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("now()", "2026-01-01T09:00:00+00:00"),
        ("dateTime().plusDays(2).toDate()", "2026-01-03T09:00:00Z"),
        ("dateTime().plusMonths(1).minusHours(five)", "2026-02-01T04:00:00Z"),
    ],
)
def test_the_instant_of_the_step_is_known_and_moved(inside: str, expected: str) -> None:
    assert value(inside) == expected


def test_an_instant_is_moved_by_whole_numbers_only() -> None:
    with pytest.raises(ExpressionError, match="whole number of days"):
        value("dateTime().plusDays(half)")
