"""Hostile texts are refused or end within their budget, and no failure shows anything but the author's text."""

from contextlib import suppress

import pytest

from bpm.engine.expressions.feel import language
from bpm.engine.expressions.feel.values.values import plain
from bpm.engine.expressions.language import Budget
from bpm.foundation.errors import ExpressionError
from tests.engine.expressions.feel.computing import value

STEPS = 50_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3_000,
        "[" * 3_000,
        "{a:" * 3_000,
        "-" * 9_000 + "1",
        "not " * 2_000 + "x",
        "if " * 2_000,
        "1" + "+1" * 4_990,
        "a" + ".a" * 4_990,
        "a" + "[1]" * 3_300,
        "f" + "(1)" * 3_300,
        "a" + " " * 9_000 + ":",
        "{a" + " " * 9_000 + "}",
        "for a" + " b" * 4_000,
        "function(" + "a," * 4_900,
        "/*" * 4_900,
        '"' + "\\" * 9_000,
        "x in (" * 1_600,
        "some x in y satisfies " * 400 + "true",
        "x" * 10_001,
        "1e999999999",
        "@" * 5_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_a_hostile_text_is_refused_or_computed_and_nothing_else(text: str) -> None:
    with suppress(ExpressionError):
        plain(language.expression(text).value({}, budget=Budget(STEPS)))


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..99999, b in 1..99999 return 1",
        "for a in 1..9999 return partial",
        "for a in 1..9999 return a" + " + a" * 150,
        "(for a in 1..9999 return a)[item > 0" + " and item > 0" * 500 + "]",
        "{f: function(n) n" + " + n" * 150 + ", r: for a in 1..999 return f(a)}.r",
        "{a: for i in 1..9000 return i, b: for i in 1..9000 return a}.b",
        "every a in (for i in 1..9000 return i) satisfies every b in (for i in 1..9000 return i) satisfies true",
        "{f: function(n) [f(n - 1), f(n - 1)], r: f(30)}.r",
        "{f: function(f, n) f(f, n), r: f(f, 1)}.r",
        "(function(x) x(x))(function(x) x(x))",
        "sort(for i in 1..2000 return i, function(a, b) count(for j in 1..100 return j) > a)",
        "{a: for i in 1..2000 return [i], r: distinct values(a)}.r",
        "{t: string join(for i in 1..5000 return \"aaaaaaaaaaaaaaaaaaaa\"), r: t + t + t + t}.r",
        "duplicate values(for i in 1..900 return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, i])",
    ],
)  # fmt: skip
def test_what_would_run_for_ever_ends_by_name(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        plain(language.expression(text).value({}, budget=Budget(STEPS)))
    assert "(in: " in caught.value.message or "large" in caught.value.message


@pytest.mark.parametrize(
    "text",
    ["__import__", "x.__class__", "().__class__", "[].append(1)", '"a".format()', "get value(x, \"__class__\")"],
)  # fmt: skip
def test_no_python_is_reached(text: str) -> None:
    found = None
    with suppress(ExpressionError):
        found = value(text, x={"a": 1})
    assert found is None
