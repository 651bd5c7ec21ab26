"""Conditions as SQL writes them become FEEL where they can mean one thing only."""

import pytest

from bpm.engine.expressions.sql import UnreadableError, as_feel


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("amount > 100 AND region = 'EU'", '(amount > 100 and region = "EU")'),
        ('a = 1 Or b = "x"', '(a = 1 or b = "x")'),
        ("a <> 5", "(a != null and a != 5)"),
        ("a != b", "(a != null and b != null and a != b)"),
        ("NOT (a = 1 OR b > 2)", "(((a != null and a != 1) and b <= 2))"),
        ("not a = 1 and b = 2", "((a != null and a != 1) and b = 2)"),
        ("a IS NULL", "a = null"),
        ("a is not null", "a != null"),
        ("a BETWEEN 1 AND 5 AND b = 2", "((a >= 1 and a <= 5) and b = 2)"),
        ("a NOT BETWEEN 1 AND 5", "(a < 1 or a > 5)"),
        ("a IN ('x', 'y')", '(a = "x" or a = "y")'),
        ("a NOT IN ('x')", '(a != null and a != "x")'),
        ("a LIKE '%x%'", '(a != null and contains(a, "x"))'),
        ("a LIKE 'x%'", '(a != null and starts with(a, "x"))'),
        ("a NOT LIKE '%x'", '(a != null and not(ends with(a, "x")))'),
        ("a LIKE 'x'", 'a = "x"'),
        ("(a + 1) * 2 >= -b", "(a + 1) * 2 >= -b"),
        ("name = 'O''Hara'", 'name = "O\'Hara"'),
        (":F4A$AMOUNT > 100", "AMOUNT > 100"),
        ("return :F4A$path = 'A';", 'path = "A"'),
        ("{{ order.total }} == 3", "order.total = 3"),
        ("@@state == 'paid'", 'state = "paid"'),
        ("$total >= 10", "total >= 10"),
        ("approved AND NOT blocked", "(approved = true and blocked = false)"),
    ],
)
def test_it_is_rewritten(text: str, feel: str) -> None:
    assert as_feel(text) == feel


@pytest.mark.parametrize(
    "text",
    [
        "upper(a) = 'A'",
        "a || b = 'AB'",
        "a >",
        "a = 1 = 2",
        "(a = 1",
        "a LIKE 'x_'",
        "a LIKE b",
        ":P1_ITEM = 1",
        "a = '&F4A$B.'",
        "declare x number; begin return true; end;",
        "the order is paid",
        "a NOT 3",
        "a = '\\'",
        "",
        "(" * 5000 + "a",
        "not " * 5000 + "a",
    ],
)
def test_what_could_mean_something_else_or_nothing_is_not(text: str) -> None:
    with pytest.raises(UnreadableError):
        as_feel(text)
