"""FEEL's ranges and how they lie to each other come to what the standard says."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('[1,2] = [2,1]', False),
        ('[1..3] = [1..3]', True),
        ('[1..3] instance of range<number>', True),
        ('[1..3].end included', True),
        ('(1..3].start included', False),
        ('[1..3[.end included', False),
        ('5 in (null..10]', None),
        ('5 in [9..1]', None),
        ('before(1, 10)', True),
        ('before([1..10], 10)', False),
        ('before([1..10), 10)', True),
        ('before([1..5], (5..10])', True),
        ('after(10, [1..5])', True),
        ('meets([1..5],[5..10])', True),
        ('meets([1..5),[5..10])', False),
        ('met by([5..10],[1..5])', True),
        ('overlaps([1..5],[3..8])', True),
        ('overlaps([1..5),[5..8])', False),
        ('overlaps before([1..5],[3..8])', True),
        ('overlaps before([1..5],[1..5])', False),
        ('overlaps before([1..5],[6..8])', False),
        ('overlaps after([3..8],[1..5])', True),
        ('overlaps after((1..5],[1..5))', True),
        ('finishes(10,[1..10])', True),
        ('finishes(10,[1..10))', False),
        ('finishes([5..10],[1..10])', True),
        ('finished by([1..10],10)', True),
        ('includes([1..10],5)', True),
        ('includes((1..10],1)', False),
        ('includes([1..10],[4..6])', True),
        ('during(5,[1..10])', True),
        ('during([1..10],[1..10])', True),
        ('starts(1,[1..10])', True),
        ('starts([1..5],[1..10])', True),
        ('started by([1..10],[1..5))', True),
        ('coincides([1..5],[1..5])', True),
        ('coincides([1..5],[1..5))', False),
        ('coincides(3,3)', True),
        ('range("[18..21)")', '[18..21)'),
        ('range("[1..]")', None),
        ('range("(..2]")', '(<= 2)'),
        ('range("[\\"a\\"..\\"z\\"]")', '["a".."z"]'),
        ('overlaps before([1..5], (1..5])', True),
        ('overlaps before([1..5), [1..5])', False),
    ],
)  # fmt: skip
def test_an_expression_of_ranges_comes_to(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)
