"""FEEL's texts and their functions come to what the standard says."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('string length("🐎ab")', 3),
        ('"\\U01F40E"', '🐎'),
        ('"\\uD83D\\uDC0E"', '🐎'),
        ('substring("\\U01F40Eab", 2)', 'ab'),
        ('"foo" + "bar"', 'foobar'),
        ('"foo" + null', None),
        ('"a" - "b"', None),
        ('substring("foobar", 3, 3)', 'oba'),
        ('substring("foobar", -2, 1)', 'a'),
        ('substring("foobar", 0)', None),
        ('substring("foobar", 8)', None),
        ('substring("foobar", -10)', None),
        ('substring("foobar", 3, 0)', None),
        ('substring(null, 1)', None),
        ('string length("")', 0),
        ('string length(null)', None),
        ('upper case("aBc4")', 'ABC4'),
        ('substring before("foobar", "bar")', 'foo'),
        ('substring before("foobar", "xyz")', ''),
        ('substring before("foobar", "")', ''),
        ('substring after("foobar", "ob")', 'ar'),
        ('substring after("", "a")', ''),
        ('substring after("foo", "")', 'foo'),
        ('substring after("foobar", "xyz")', ''),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '[1=ab][2=]cd'),
        ('replace("abracadabra", "bra", "*")', 'a*cada*'),
        ('replace("abracadabra", "a.*a", "*")', '*'),
        ('replace("abracadabra", "a", "")', 'brcdbr'),
        ('replace("AAAA", "A+", "b")', 'b'),
        ('replace("a.b.c", "\\\\.", "-")', 'a-b-c'),
        ('contains("foobar", "of")', False),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('matches("foobar", "^fo*b")', True),
        ('matches("foobar", "^Fo*bar", "i")', True),
        ('split("John Doe", "\\\\s")', ['John', 'Doe']),
        ('split("a;b;c;;", ";")', ['a', 'b', 'c', '', '']),
        ('string join(["a","b","c"], "_and_")', 'a_and_b_and_c'),
        ('string join(["a",null,"c"], "X")', 'aXc'),
        ('string join([])', ''),
        ('string join(["a"], "X")', 'a'),
        ('string join("a", "X")', 'a'),
        ('string join(null, "X")', None),
        ('string join(["a", 1])', None),
        ('string(1.1)', '1.1'),
        ('string(null)', None),
        ('string(true)', 'true'),
        ('string([1,2,"foo"])', '[1, 2, "foo"]'),
        ('number("1 000", " ", ".")', 1000),
        ('number("1.000,5", ".", ",")', 1000.5),
        ('number("1,000.5", ",", null)', 1000.5),
        ('number("x")', None),
        ('number(from: "1,000", grouping separator: ",", decimal separator: ".")', 1000),
        ('matches("hello world", "hello\\\\ sworld", "x")', True),
        ('matches("helloworld", "hello world", "x")', True),
        ('matches("hello world", "hello[ ]world", "x")', True),
        ('matches("hello\\nworld", "hello.*world", "s")', True),
        ('matches("abcd\\ndefg", "^defg$", "m")', True),
        ('matches("äß1", "^\\\\w+$")', True),
        ('matches("reluctant", "r.*?t")', True),
        ('replace("reluctant", "r.*?t", "X")', 'Xant'),
        ('replace("abracadabra", "^.*?$", "*")', None),
        ('replace("hello", "l", "\\\\$")', 'he$$o'),
        ('replace("", "a*", "x")', None),
    ],
)  # fmt: skip
def test_an_expression_of_texts_comes_to(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)
