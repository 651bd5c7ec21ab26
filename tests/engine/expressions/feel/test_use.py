"""FEEL as people write it in rules and processes: functions as values, filters in filters, days, money."""

from typing import Any

import pytest

from tests.engine.expressions.feel.computing import value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('[function(x) x + 1][1](2)', 3),
        ('{fs: [function(x) x * 2], r: fs[1](4)}.r', 8),
        ('(if true then function(x) x else function(x) 0)(5)', 5),
        ('{a: function(x) function(y) x + y, r: a(1)(2)}.r', 3),
        ('for f in [function(x) x + 1, function(x) x * 2] return f(5)', [6, 10]),
        ('duration("P11999999988M").years', 999999999),
        ('duration("PT999999999999S") > duration("P1D")', True),
        ('{x: [1,2,3], y: x[item > 1][1]}.y', 2),
        ('{"a b": 1, r: a b + 1}.r', 2),
        ('[{"first name": "a"}][first name = "a"]', [{'first name': 'a'}]),
        ('[{a: {b: 1}}, {a: {b: 2}}][a.b > 1]', [{'a': {'b': 2}}]),
        (
            ('{o: [{l: [{q: 1}, {q: 3}]}, {l: [{q: 1}]}],'
            ' r: o[some x in l satisfies x.q > 2]}.r'),
            [{'l': [{'q': 1}, {'q': 3}]}],
        ),
        ('{o: [{t: 5}, {t: 9}], m: 6, r: o[t > m]}.r', [{'t': 9}]),
        ('{o: [[1,2],[3]], r: o[count(item) > 1]}.r', [[1, 2]]),
        ('count([1,2,3][item > 1])', 2),
        ('sum([{p: 1}, {p: 2}].p)', 3),
        ('for x in [1,2,3][item > 1] return x', [2, 3]),
        ('{p: {k: "v"}, r: get entries(p)[key = "k"].value}.r', ['v']),
        ('if count([1]) > 0 and not([] = null) then "y" else "n"', 'y'),
        ('sort([{a: 2}, {a: 1}], function(x, y) x.a < y.a).a', [1, 2]),
        ('every d in [@"2026-01-01", @"2026-02-01"] satisfies d < @"2026-03-01"', True),
        ('max(for d in [@"2026-01-01", @"2026-02-01"] return d)', '2026-02-01'),
        ('day of week(@"2026-11-29") in ("Saturday", "Sunday")', True),
        ('@"2026-11-29".weekday >= 6', True),
        (
            ('date and time("2026-11-29T10:00:00Z") in [date and time("2026-11-29T00:00:00Z")..date'
            ' and time("2026-11-30T00:00:00Z"))'),
            True,
        ),
        ('(date("2026-11-29") - date("2026-11-01")).days', 28),
        ('(date("2026-11-29") - date("2026-11-01")) / duration("P1D")', 28),
        ('string(date("2026-11-29")) + "T00:00:00"', '2026-11-29T00:00:00'),
        ('number(substring("A12", 2)) + 1', 13),
        ('upper case(substring("abc", 1, 1)) + substring("abc", 2)', 'Abc'),
        ('{total: 100.10, tax: decimal(total * 0.19, 2), r: total + tax}.r', 119.12),
        ('100 * 1.1', 110),
        ('0.1 * 3 = 0.3', True),
        ('1.10', 1.1),
        ('5 / 2', 2.5),
    ],
)  # fmt: skip
def test_what_people_write_comes_to(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


def test_variables_stand_beside_entries_of_items_and_names_may_hold_spaces_and_signs() -> None:
    orders = [{"total": 5, "due date": "2026-01-01"}, {"total": 9, "due date": "2026-05-01"}]
    assert value("orders[total > limit].total", orders=orders, limit=6) == [9]
    assert value('orders[due date > date("2026-02-01")].total', orders=orders) == [9]
    assert value("net-price * 2 + net", **{"net-price": 4, "net": 1}) == 9
    assert value("`net-price` * 2", **{"net-price": 4}) == 8
    assert value("a.b[1].c", a={"b": [{"c": 1.5}]}) == 1.5
    assert value("sum(prices)", prices=[0.1, 0.2]) == 0.3
    assert value("count > 2 and count(items) = 1", count=3, items=[7]) is True


def test_the_instant_of_the_step_is_the_only_clock() -> None:
    assert value("[now(), today(), string(now().year)]") == ["2026-03-02T09:00:00Z", "2026-03-02", "2026"]
