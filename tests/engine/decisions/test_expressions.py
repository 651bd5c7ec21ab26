"""FEEL's expressions: what they come to, and null where the standard says that nothing is known."""

from typing import Any
from xml.sax.saxutils import escape

import pytest

from bpm.engine.decisions import read_decisions
from bpm.foundation.errors import ExpressionError
from tests.engine.decisions.drawing import computed, decided, definitions

LINES = [{"name": "a", "price": 3}, {"name": "b", "price": 8}]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7),
        ("0.1 + 0.2", 0.3),
        ("10 / 4", 2.5),
        ("10 / 0", None),
        ("-3 ** 2", 9),
        ('"a" + "b"', "ab"),
        ('1 + "a"', None),
        ("null + 1", None),
        ("unknown", None),
        ("unknown.part", None),
        ("not(unknown)", None),
        ("null = null", True),
        ('1 = "1"', None),
        ("true and unknown", None),
        ("false and unknown", False),
        ("true or unknown", True),
        ("if 5 > 3 then \"x\" else \"y\"", "x"),
        ("if unknown then 1 else 2", 2),
        ("5 between 1 and 5", True),
        ("[1, 2, 3][2]", 2),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][9]", None),
        ("lines[price > 5].name", ["b"]),
        ("lines[1].price", 3),
        ("count(lines)", 2),
        ("sum(lines.price)", 11),
        ("min(3, 1, 2)", 1),
        ("max([3, 1, 2])", 3),
        ("mean([1, 2, 6])", 3),
        ("sum([])", None),
        ("for l in lines return l.price * 2", [6, 16]),
        ("for i in 1..3, j in [10] return i * j", [10, 20, 30]),
        ("some l in lines satisfies l.price > 5", True),
        ("every l in lines satisfies l.price > 5", False),
        ("{a: 1, \"b c\": 2}", {"a": 1, "b c": 2}),
        ("{a: {b: 7}}.a.b", 7),
        ('upper case("ab")', "AB"),
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('string length("foo")', 3),
        ('substring before("foobar", "bar")', "foo"),
        ('split("a;b", ";")', ["a", "b"]),
        ('string join(["a", "b"], "-")', "a-b"),
        ('string(12.5)', "12.5"),
        ('number("1,000.5", ",", ".")', 1000.5),
        ("decimal(1/3, 2)", 0.33),
        ("round half up(2.5, 0)", 3),
        ("floor(-1.5)", -2),
        ("modulo(-12, 5)", 3),
        ("distinct values([1, 2, 1])", [1, 2]),
        ("append([1], 2)", [1, 2]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('date("2026-03-01") - date("2026-02-01")', "P28D"),
        ('date and time("2026-01-01T10:00:00Z") + duration("PT90M")', "2026-01-01T11:30:00Z"),
        ('years and months duration(date("2024-01-15"), date("2026-03-14"))', "P2Y1M"),
        ('day of week(date("2026-03-02"))', "Monday"),
        ('duration("P1D") * 2', "P2D"),
        ('duration("P1DT12H").hours', 12),
        ("today()", "2026-03-02"),
        ("now()", "2026-03-02T09:00:00Z"),
        ('matches("Order 4711", "[0-9]{4}$")', True),
        ('matches("order", "^ORD", "i")', True),
        ("matches(5, \"5\")", None),
        ("5 instance of number and not(true instance of number)", True),
        ('date("2026-01-01") instance of date and not(now() instance of date)', True),
        ("now() instance of date and time", True),
        ("mode([1, 2, 2])", [2]),
        ("assert(5, 5 > 3)", 5),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ("// a remark\n1 /* one */ + 1", 2),
        ('"say \\"yes\\" \\u00e4"', 'say "yes" ä'),
    ],
)  # fmt: skip
def test_an_expression_comes_to(expression: str, value: Any) -> None:
    assert computed(expression, lines=LINES) == value


@pytest.mark.parametrize(
    "expression",
    [
        "x instance of thing", "matches(x, \"(a)\\1\")", "matches(x, \"(?=a)\")",
        "matches(x, \"[a-z-[aeiou]]\")",
        "bean.call(x)", "member(x, \"y\")", "__import__(\"os\")", "a b c (", "[1,", "external.thing()",
        "''.getClass()", "date(\"2026-01-01\").getTime()", "[1].append(2)",
        "uuid()",
        "random number()", "replace(x, \"(?i)a\", \"\")", "f(1, b: 2)",
        "function(x) external {java: {class: \"a\"}}",
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_refused_by_name(expression: str) -> None:
    text = expression.replace("<", "&lt;").replace('"', "&quot;")
    inside = f'<decision id="rate" name="Rate"><literalExpression><text>{text}</text></literalExpression></decision>'
    (finding,) = read_decisions(definitions(inside), "rate.dmn").findings
    assert (finding.code, finding.severity, finding.element) == ("dmn-expression", "error", "rate")


@pytest.mark.parametrize(
    "expression",
    [
        "for a in 1..10000, b in 1..10000 return a * b",
        "sum(for i in 1..9999999 return i)",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(n) f(n - 1) + f(n - 2), r: f(40)}.r",
        "for a in (for i in 1..400 return (for j in 1..400 return j)) return a",
        (
            "{a: [1, 1], b: [a, a], c: [b, b], d: [c, c], e: [d, d], f: [e, e], g: [f, f], h: [g, g], i: [h, h],"
            " j: [i, i], k: [j, j], l: [k, k], m: [l, l], n: [m, m], o: [n, n], p: [o, o], q: [p, p], r: q = q}.r"
        ),
    ],
)
def test_no_expression_takes_longer_than_its_budget(expression: str) -> None:
    with pytest.raises(ExpressionError):
        computed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        'date("2026-02-30")',
        "now(1)",
        "substring(1)",
        '@"soon"',
        "sqrt(number: 4, n: 1)",
        'matches("a", "(")',
        'matches("a", "a", "z")',
    ],
)
def test_what_comes_to_null_always_is_remarked_and_runs_as_the_standard_says(expression: str) -> None:
    text = escape(expression)
    inside = f'<decision id="rate" name="Rate"><literalExpression><text>{text}</text></literalExpression></decision>'
    (finding,) = read_decisions(definitions(inside), "rate.dmn").findings
    assert (finding.code, finding.severity, finding.element) == ("dmn-always-null", "warning", "rate")
    assert "comes to null" in finding.message
    assert computed(expression) is None


def test_an_assertion_that_does_not_hold_says_why() -> None:
    with pytest.raises(ExpressionError, match="The decision 'Rate': the amount is missing"):
        computed('assert(amount, amount != null, "the amount is missing")')


def test_a_decision_of_a_type_never_hands_on_another() -> None:
    inside = (
        '<decision id="rate" name="Rate"><variable name="Rate" typeRef="number"/>'
        "<literalExpression><text>{}</text></literalExpression></decision>"
    )
    assert decided(inside.format("[7]"), {}).value == 7
    with pytest.raises(ExpressionError, match="of the type number"):
        decided(inside.format("&quot;seven&quot;"), {})
