"""JUEL and FEEL become our language, word for word."""

import pytest

from bpm.engine.spiff.counterparts import UnknownCallError
from bpm.engine.spiff.expressions import evaluate, parse
from bpm.engine.spiff.languages import FreeTextError, translate
from bpm.errors import ExpressionError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${x > 5 && !y}", "x > 5 and (not y)"),
        ("#{a eq 'b' or empty c}", "a == 'b' or not variable('c')"),
        ("${a ne 1 and b ge 2 || c lt 3}", "a != 1 and b >= 2 or c < 3"),
        ("${execution.getVariable('x') == 'a'}", "variable('x') == 'a'"),
        ("${execution.hasVariable('x')}", "has_variable('x')"),
        ("${x == null}", "variable('x') is None"),
        ("${a ? 1 : 2}", "1 if a else 2"),
        ("${5-2}", "5 - 2"),
        ("${order.status.equals('paid')}", "order.status == 'paid'"),
        ("${items.size() > 3 and items.contains('a')}", "len(items) > 3 and 'a' in items"),
        ("${name.toLowerCase().startsWith('a')}", "name.lower().startswith('a')"),
        ("${map.get('key') mod 2 == 1}", "map['key'] % 2 == 1"),
        ("${class}", "variable('class')"),
        ("${vars:greaterThan(amount, 3)}", "variable('amount') > 3"),
        ("=amount = 3 and status != null", "amount == 3 and variable('status') is not None"),
        ("=if a > 3 then 1 else 2", "1 if a > 3 else 2"),
        ("=x in [1..5]", "1 <= x <= 5"),
        ("=x in ]1..5[", "1 < x < 5"),
        ('=x in ["a", "b"]', "x in ['a', 'b']"),
        ("=x between 1 and 5", "1 <= x <= 5"),
        ("=items[1].name", "items[0].name"),
        ('=starts with(name, "A") and not(done)', "name.startswith('A') and (not done)"),
        ("=some i in items satisfies i.price > 10", "any((i.price > 10 for i in items))"),
        ("=for i in items return i * 2", "[i * 2 for i in items]"),
        ('={a: 1, "b": [x]}', "{'a': 1, 'b': [x]}"),
        ('=string join(names, ", ")', "', '.join(names)"),
        ('=Vacation Status.reason = "ok"', "variable('Vacation Status').reason == 'ok'"),
        ("=!approved", "not approved"),
        ("not(isMatch)", "not(isMatch)"),
        ('"a" in test', '"a" in test'),
        ("a && b", "a and b"),
        ('test.contains("a")', "'a' in test"),
        ("${order.isStandard()}", "order.standard"),
        ("${!order.getCustomer().isRegular()}", "not order.customer.regular"),
        ('${customer.prop("age").numberValue() >= 21}', "customer['age'] >= 21"),
        ('${S(answer).prop("ok").boolValue()}', "json(answer)['ok']"),
        ('return KieFunctions.lessThan(rounds, "7");', "rounds < 7"),
        ("return KieFunctions.isTrue(valid);", "variable('valid') == True"),
        ("eval(true)", "True"),
        ("true()", "True"),
        ("${var:contains(names, 1, 2)}", "1 in names and 2 in names"),
        ("${vars:getOrDefault(n, 5) > 3}", "(n if variable('n') is not None else 5) > 3"),
        ("${name.substring(0, 3).concat('x') == 'abcx'}", "name[0:3] + str('x') == 'abcx'"),
        ("=every i in 1..3 satisfies i > 0", "all((i > 0 for i in range(1, 3 + 1)))"),
        ("x = 3", "x == 3"),
    ],
)
def test_a_condition_is_translated(text: str, expected: str) -> None:
    assert translate(text, use="condition") == expected


@pytest.mark.parametrize(
    "text", ["_undefined", "yes", "No", "else", "amount > 100 EUR", "customer is happy", "Betrag > 100 Euro?"]
)
def test_words_for_people_are_told_from_conditions(text: str) -> None:
    with pytest.raises(FreeTextError):
        translate(text, use="condition")


@pytest.mark.parametrize(
    "text",
    [
        "${bean.check(x)}",
        "${a} == 'x'",
        "${XML(text).xPath('a').value()}",
        "${execution.processInstanceId == 1}[",
        "${}",
        "${a +}",
        "=items[price > 3]",
        "=now() > x",
        "lambda x: x",
        "${" + "(" * 200 + "1" + ")" * 200 + "}",
    ],
)
def test_code_without_counterpart_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        translate(text, use="condition")
    assert not isinstance(caught.value, FreeTextError)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello ${name}!", "'Hello ' + str(name) + '!'"),
        ("plain text", "'plain text'"),
        ("${x}", "x"),
        ("=a + 1", "a + 1"),
    ],
)
def test_a_template_is_a_text_with_expressions_in_it(text: str, expected: str) -> None:
    assert translate(text, use="template") == expected


def test_java_conditions_are_read_where_they_are_simple() -> None:
    java = "http://www.java.com/java"
    assert translate('return x == "Yes" && !done;', use="condition", language=java) == "x == 'Yes' and (not done)"


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("${bean.check(x)}", "bean.check"),
        ("${reservations.today().showUp(order)}", "reservations.today"),
        ("${execution.getProcessEngineServices()}", "execution.getProcessEngineServices"),
        ("${amount > rates.of('EUR')}", "rates.of"),
        ("${approve(x)}", "approve"),
    ],
)
def test_a_call_of_another_engines_code_is_told_from_nonsense(text: str, called: str) -> None:
    with pytest.raises(UnknownCallError) as caught:
        translate(text, use="condition")
    assert caught.value.called == called


@pytest.mark.parametrize(
    "text", ["${wrong words ____}", "${a = }", "${open(x)}", "open('f').read()", "__import__('os').system('true')"]
)
def test_nonsense_and_escapes_are_no_calls_of_another_engine(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        translate(text, use="condition")
    assert not isinstance(caught.value, UnknownCallError)


def test_json_text_is_read_within_bounds() -> None:
    assert evaluate(parse("json(a)['x'][1] + json(b).y"), {"a": '{"x": [1, 2]}', "b": {"y": 3}}) == 5
    for broken in ("{", "[" * 5000, "9" * 200_000):
        with pytest.raises(ExpressionError):
            evaluate(parse("json(a)"), {"a": broken})
