"""Conditions in code of other engines: each language with its own truth, equality, order and division."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)
VARIABLES: dict[str, Any] = {
    "five": 5, "word": "five", "digit": "5", "yes": True, "nothing": None, "items": ["a", "b"], "empty_list": [],
}  # fmt: skip
JAVA, GROOVY, JAVASCRIPT, MVEL = (
    "http://www.java.com/java", "groovy", "http://www.javascript.com/javascript", "http://www.mvel.org/2.0",
)  # fmt: skip


def value(language: str, text: str) -> Any:
    return tagged.evaluate(translate(text, use="condition", language=language), VARIABLES, now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('five == "5"', (False, False, True, True)),
        ('five != "5"', (True, True, False, False)),
        ("five / 2 == 2", (True, False, False, False)),
        ("-7 / 2 == -3", (True, False, False, False)),
        ("five / 2 == 2.5", (False, True, True, True)),
        ("five == 5.0", (True, True, True, True)),
        ("nothing == null", (True, True, True, True)),
        ('word == "five" && five > 4', (True, True, True, True)),
        ('word + five == "five5"', (True, True, True, True)),
        ('"a" < "b"', (True, True, True, True)),
    ],
)
def test_each_language_compares_and_divides_in_its_own_way(text: str, expected: tuple[bool, ...]) -> None:
    assert tuple(value(language, text) for language in (JAVA, GROOVY, JAVASCRIPT, MVEL)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (JAVA, "return Boolean.TRUE.equals(yes);", True),
        (JAVA, "return Integer.parseInt(digit) > 4;", True),
        (JAVA, "return Objects.equals(five, digit);", False),
        (GROOVY, "!empty_list", True),
        (GROOVY, "word && five > 4", True),
        (GROOVY, "nothing < five", True),
        (JAVASCRIPT, "five === digit", False),
        (JAVASCRIPT, "five !== digit", True),
        (JAVASCRIPT, "digit > 4", True),
        (JAVASCRIPT, "word > 4", False),
        (JAVASCRIPT, "yes == 1", True),
        (JAVASCRIPT, "!!empty_list", True),
        (JAVASCRIPT, "nothing == 0", False),
        (JAVASCRIPT, "items.length > 1 && word.length == 4", True),
        (MVEL, "return nothing == empty;", True),
        (MVEL, "word != empty && five > 4", True),
    ],
)
def test_a_language_has_its_own_words_and_truths(language: str, text: str, expected: bool) -> None:
    assert value(language, text) is expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (JAVA, "return !nothing;"),
        (JAVA, "return word && yes;"),
        (JAVA, "return nothing > 4;"),
        (JAVA, "return five > digit;"),
        (GROOVY, "five > digit"),
    ],
)
def test_what_a_language_cannot_judge_is_an_error(language: str, text: str) -> None:
    with pytest.raises(ExpressionError):
        value(language, text)


def test_juel_has_no_strict_equality_and_binds_an_order_closer_than_an_equality() -> None:
    with pytest.raises(ExpressionError):
        tagged.tag("juel", "${five === 5}")
    assert tagged.evaluate(tagged.tag("juel", "${yes == five < 6}"), VARIABLES, now=NOW) is True
