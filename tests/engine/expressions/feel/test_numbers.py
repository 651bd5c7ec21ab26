"""FEEL's numbers and their functions come to what the standard says."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('100[1]', 100),
        ('100[0]', None),
        ('-(-1)', 1),
        ('--1', 1),
        ('-"foo"', None),
        ('-null', None),
        ('2 ** 3', 8),
        ('2 ** -1', 0.5),
        ('3 + 4 ** 2', 19),
        ('-4 ** 2', 16),
        ('2 ** 3 ** 2', 64),
        ('(-2) ** 2', 4),
        ('5 / 0', None),
        ('decimal(1/3, 2)', 0.33),
        ('decimal(1.5, 0)', 2),
        ('decimal(2.5, 0)', 2),
        ('decimal(1234.5, -2)', 1200),
        ('floor(1.5)', 1),
        ('floor(-1.56, 1)', -1.6),
        ('ceiling(-1.5)', -1),
        ('round up(5.5, 0)', 6),
        ('round up(-5.5, 0)', -6),
        ('round down(1.121, 2)', 1.12),
        ('round half up(-1.126, 2)', -1.13),
        ('round half down(-2.5, 0)', -2),
        ('abs(-10)', 10),
        ('modulo(12,5)', 2),
        ('modulo(-12,5)', 3),
        ('modulo(12,-5)', -3),
        ('modulo(10.1, 4.5)', 1.1),
        ('modulo(1,0)', None),
        ('sqrt(16)', 4),
        ('sqrt(-1)', None),
        ('log(10)', 2.302585092994046),
        ('log(0)', None),
        ('exp(5)', 148.4131591025766),
        ('odd(5)', True),
        ('even(-2)', True),
        ('odd(5.5)', False),
    ],
)  # fmt: skip
def test_an_expression_of_numbers_comes_to(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)
