"""FEEL's contexts and their functions come to what the standard says."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('{🐎: "bar"}.🐎', 'bar'),
        ('{"foo bar": 1}.foo bar', 1),
        ('{foo+bar: 1}.foo+bar', 1),
        ('{foo + bar: 1, x: foo + bar}.x', 1),
        ('{a: 1, b: {c: a + 1}}.b.c', 2),
        ('[{item: 1}, {item: 2}, {item: 3}][item >= 2]', [{'item': 2}, {'item': 3}]),
        ('[{x:1,y:2},{x:2,y:3}][x=1].y', [2]),
        ('{a: 1} = {a: 1}', True),
        ('{a: 1, b: 2} = {b: 2, a: 1}', True),
        ('string({a: "foo"})', '{a: "foo"}'),
        ('get value({key1: "value1"}, "key1")', 'value1'),
        ('get value({x: {y: 1}}, ["x","y"])', 1),
        ('get value({x: 1}, "z")', None),
        ('get entries({a: 1})', [{'key': 'a', 'value': 1}]),
        ('context([{key:"a", value:1}, {key:"b", value:2}])', {'a': 1, 'b': 2}),
        ('context([{key:"a", value:1}, {key:"a", value:2}])', None),
        ('context put({x:1}, "y", 2)', {'x': 1, 'y': 2}),
        ('context put({x:1, y:{a:0}}, ["y","a"], 2)', {'x': 1, 'y': {'a': 2}}),
        ('context put({x:1}, [], 2)', None),
        ('context merge([{x:1},{y:2}])', {'x': 1, 'y': 2}),
        ('{a: 1, a: 2}', None),
    ],
)  # fmt: skip
def test_an_expression_of_contexts_comes_to(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)
