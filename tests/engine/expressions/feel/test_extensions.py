"""Functions by which Camunda 8 extends FEEL: cycles of timers, and values as JSON."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('cycle(duration("PT1H"))', "R/PT1H"),
        ('cycle(3, duration("P1M"))', "R3/P1M"),
        ('cycle(null, duration("PT1H"))', "R/PT1H"),
        ('cycle("PT1H")', None),
        ('from json("{\\"a\\": [1, 2.5]}").a[2]', 2.5),
        ('from json("no json")', None),
        ('from json("NaN")', None),
        ("from json(5)", None),
        ('to json({a: 1.50, b: [null, true, "ä"]})', '{"a":1.5,"b":[null,true,"ä"]}'),
        ('to json(date("2026-01-31"))', '"2026-01-31"'),
    ],
)
def test_an_extension_comes_to_its_value(expression: str, expected: Any) -> None:
    assert value(expression) == expected
