"""The expression language computes what Python does, and nothing gets out of it or holds it up."""

import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.expressions.language import Budget, evaluate, parse
from bpm.foundation.errors import ExpressionError
from tests.work_done import calls_until_refused

VARIABLES: dict[str, Any] = {
    "amount": 120,
    "ok": True,
    "name": "Ada",
    "items": [{"price": 3}, {"price": 5}],
    "order": {"id": "A-1", "lines": [1, 2]},
    "nothing": None,
    "big": "x" * 90_000,
}


MOST_CALLS = 400_000


def value(text: str) -> Any:
    return evaluate(parse(text), VARIABLES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount > 100 and not (name == 'Bob')", True),
        ("order.id", "A-1"),
        ("order['lines'][1]", 2),
        ("order.lines[-1:]", [2]),
        ("'Ad' in name", True),
        ("5 if ok else 6", 5),
        ("sum(item.price for item in items if item.price > 3)", 5),
        ("{key: 1 for key in ['a']}", {"a": 1}),
        ("[a + b for a, b in zip([1, 2], [3, 4])]", [4, 6]),
        ("f'{name}: {amount}'", "Ada: 120"),
        ("name.upper().startswith('A')", True),
        ("','.join(['a', 'b'])", "a,b"),
        ("variable('missing') is None", True),
        ("has_variable('amount')", True),
        ("1 < amount <= 120", True),
        ("-amount // 7 % 5", -120 // 7 % 5),
        ("max(3, len(items))", 3),
        ("round(2.5678, 2)", 2.57),
        ("true and null is None", True),
        ("str(ok) + str(nothing)", "true"),
        ("order.get('none', 7)", 7),
    ],
)
def test_an_expression_has_its_value(text: str, expected: Any) -> None:
    assert value(text) == expected


ATTACKS = [
    "().__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1]",
    "__import__('os').system('id')",
    "eval('1')",
    "exec('x = 1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd').read()",
    "globals()",
    "locals()",
    "vars()",
    "getattr(name, 'upper')",
    "setattr(order, 'x', 1)",
    "type(name)",
    "object()",
    "breakpoint()",
    "input()",
    "(lambda: 1)()",
    "[x for x in [1]].append",
    "(x for x in [1]).gi_frame",
    "(i for i in [1]).gi_frame.f_back.f_globals",
    "'{0.__class__}'.format(1)",
    "'{0}'.format_map({})",
    "f'{name.__class__}'",
    "f'{amount:>1000000000}'",
    "'%1000000000d' % 1",
    "'%s' % order",
    "9 ** 9 ** 9",
    "2 ** 100000",
    "10 ** 10 ** 10 > 1",
    "99999999999 * 99999999999 * 99999999999",
    "'a' * 1000000000",
    "[0] * 1000000000",
    "big + big",
    "big.replace('x', big)",
    "big.join([big, big])",
    "sum(range(10**12)) > 0",
    "list(range(10**12))",
    "[a for a in range(9999) for b in range(9999)]",
    "[[[i for i in range(9000)] for j in range(9000)] for k in range(9000)]",
    "1 << 1000000000",
    "int('9' * 5)",
    "round(5, -100000000)",
    "(x := 5)",
    "print('x')",
    "await name",
    "name.__init__.__globals__",
    "order.__private",
    "_secret",
    "{**order}",
    "[*items]",
    "max([1, 2], key=len)",
    "1 if " * 200 + "1" + " else 2" * 200,
    "(" * 300 + "1" + ")" * 300,
    "-" * 5000 + "1",
    "1" * 5000,
    "b'bytes'",
    "1j",
    "...",
    "any",
    "amount()",
    "order.lines.sort()",
    "big.encode('utf-8')",
    "yield 1",
    "import os",
    "x = 1",
    "",
]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_is_an_expression_error_after_little_work(text: str) -> None:
    calls, refusal = calls_until_refused(lambda: value(text), ExpressionError)
    assert calls < MOST_CALLS
    assert str(refusal)


@pytest.mark.parametrize("text", ["amount / 0", "name + 1", "order.none", "items[9]", "missing > 1", "len(amount)"])
def test_what_goes_wrong_at_run_time_is_an_expression_error(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text)


def test_a_missing_variable_is_named_with_a_remedy() -> None:
    with pytest.raises(ExpressionError, match="There is no variable missing") as caught:
        value("missing > 1")
    assert caught.value.remedy


def test_a_budget_stops_an_evaluation() -> None:
    with pytest.raises(ExpressionError, match="too many steps"):
        evaluate(parse("[i for i in items]"), {"items": list(range(1000))}, budget=Budget(steps=100))


def test_a_loop_variable_is_gone_after_the_loop() -> None:
    with pytest.raises(ExpressionError):
        value("[i for i in items] and i")


def test_the_names_an_expression_reads_are_known() -> None:
    assert parse("amount > 1 and any(x.price for x in items)").names == {"amount", "items"}


_numbers = st.one_of(st.integers(-1000, 1000).map(str), st.sampled_from(["amount", "2.5"]))
_arithmetic = st.recursive(
    _numbers,
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "<", "==", "and", "or"]), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=8,
)


@given(_arithmetic)
def test_arithmetic_and_logic_agree_with_python(text: str) -> None:
    assert value(text) == eval(text, {"amount": 120})


def test_a_value_that_holds_itself_again_and_again_is_too_large_to_be_kept() -> None:
    value: Any = [1]
    tracemalloc.start()
    with pytest.raises(ExpressionError, match="too large"):
        for _round in range(40):
            value = evaluate(parse("[x, x]"), {"x": value})
    with pytest.raises(ExpressionError, match="nested too deeply"):
        for _round in range(200):
            value = evaluate(parse("[x]"), {"x": value if _round else 1})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * 2**20
