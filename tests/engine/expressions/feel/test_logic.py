"""FEEL's comparisons, three-valued logic, choices, loops and types come to what the standard says."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('true[true]', [True]),
        ('false[item = false]', [False]),
        ('null[1]', None),
        ('null[item > 1]', []),
        ('1 = 1.0', True),
        ('1 = "1"', None),
        ('true = 0', None),
        ('null = null', True),
        ('null = 1', False),
        ('1 != null', True),
        ('"foo" != "foo"', False),
        ('1 between 0 and 2', True),
        ('3 between 0 and 2', False),
        ('null between 0 and 2', None),
        ('1 in [2,3,1]', True),
        ('1 in 1', True),
        ('1 in (1,2)', True),
        ('1 in [[2],[1]]', False),
        ('[1,2] in [[1,2],[3]]', True),
        ('[1,2,3] in [1,2,3]', True),
        ('1 in < 2', True),
        ('1 in (<= 1)', True),
        ('1 in ([1..3], [4..6])', True),
        ('1 in !=1', False),
        ('null in [null]', True),
        ('{a:1} in [{a:1}]', True),
        ('true and "x"', None),
        ('false and "x"', False),
        ('true or "x"', True),
        ('false or null', None),
        ('not(null)', None),
        ('not("x")', None),
        ('not(true)', False),
        ('if null then 1 else 2', 2),
        ('if "foo" then 1 else 2', 2),
        ('for i in [1,2], j in [3,4] return i*j', [3, 4, 6, 8]),
        ('for i in 1..3 return i', [1, 2, 3]),
        ('for i in 3..1 return i', [3, 2, 1]),
        ('for i in -1..1 return i', [-1, 0, 1]),
        ('for x in [1,2], y in [x] return y', [1, 2]),
        ('for i in 0..4 return if i = 0 then 1 else i * partial[-1]', [1, 1, 2, 6, 24]),
        ('for x in 1 return x', [1]),
        ('for i in [1..3] return i', [1, 2, 3]),
        ('for i in (1..3) return i', [2]),
        ('for i in null return i', None),
        ('some i in [1,2,3] satisfies i > 2', True),
        ('every i in [] satisfies false', True),
        ('some i in [] satisfies true', False),
        ('some i in [null, 1] satisfies i > 0', True),
        ('every i in [null, 1] satisfies i > 0', None),
        ('some x in [1,2], y in [2,3] satisfies x + y > 4', True),
        ('every i in 1..3 satisfies i > 0', True),
        ('1 instance of number', True),
        ('[1] instance of list<number>', True),
        ('["a"] instance of list<number>', False),
        ('[] instance of list<Any>', True),
        ('{a:1} instance of context<a: number>', True),
        ('{a:"x"} instance of context<a: number>', False),
        ('null instance of number', False),
        ('null instance of Any', False),
        ('(function(a) a) instance of function<Any>->Any', True),
    ],
)  # fmt: skip
def test_an_expression_of_logic_comes_to(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)
