"""Every expression is told its language, keeps what its author wrote, and means there what it means elsewhere."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import FreeTextError, translate
from bpm.engine.expressions.functions import UnknownCallError
from bpm.engine.expressions.language import evaluate, parse
from bpm.foundation.errors import ExpressionError

NOW = datetime(2026, 1, 1, 9, tzinfo=UTC)

VARIABLES: dict[str, Any] = {
    "x": 7, "y": False, "a": "b", "b": 2, "c": "", "n": None, "amount": 3, "status": "open", "name": "abcdef",
    "order": {"status": "paid", "standard": True, "customer": {"regular": False}}, "items": ["a", "b", "c", "d"],
    "lines": [{"name": "first", "price": 5}, {"name": "second", "price": 20}], "map": {"key": 3}, "class": "first",
    "Vacation Status": {"reason": "ok"}, "approved": False, "isMatch": False, "test": ["a"], "done": False,
    "customer": {"age": 30}, "answer": '{"ok": true}', "rounds": 3, "valid": True, "names": [1, 2],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("${x > 5 && !y}", "juel", True),
        ("#{a eq 'b' or empty c}", "juel", True),
        ("${a ne 1 and b ge 2 || x lt 3}", "juel", ExpressionError),
        ("${b ne 1 and b ge 2 || x lt 3}", "juel", True),
        ("${execution.getVariable('a') == 'b'}", "juel", True),
        ("${execution.hasVariable('missing')}", "juel", False),
        ("${n == null}", "juel", True),
        ("${missing == null}", "juel", ExpressionError),
        ("${y ? 1 : 2}", "juel", 2),
        ("${5-2}", "juel", 3),
        ("${order.status.equals('paid')}", "juel", True),
        ("${items.size() > 3 and items.contains('a')}", "juel", True),
        ("${name.toUpperCase().startsWith('A')}", "juel", True),
        ("${map.get('key') mod 2 == 1}", "juel", True),
        ("${class}", "juel", "first"),
        ("${order.nothing.further}", "juel", None),
        ("${items[1]}", "juel", "b"),
        ("=amount = 3 and status != null", "feel", True),
        ("=if amount > 3 then 1 else 2", "feel", 2),
        ("=x in [1..9]", "feel", True),
        ("=x in ]7..9[", "feel", False),
        ('=a in ["a", "b"]', "feel", True),
        ("=x between 1 and 9", "feel", True),
        ("=lines[1].name", "feel", "first"),
        ("=lines[price > 10].name", "feel", ["second"]),
        ('=starts with(name, "a") and not(done)', "feel", True),
        ("=some i in lines satisfies i.price > 10", "feel", True),
        ("=for i in names return i * 2", "feel", [2, 4]),
        ('={a: 1, "b": [x]}', "feel", {"a": 1, "b": [7]}),
        ('=string join(items, ", ")', "feel", "a, b, c, d"),
        ('=Vacation Status.reason = "ok"', "feel", True),
        ("=!approved", "feel", True),
        ("=missing", "feel", None),
        ("=every i in 1..3 satisfies i > 0", "feel", True),
        ("not(isMatch)", "python", True),
        ('"a" in test', "python", True),
        ("amount == 3", "python", True),
        ("y || x > 5", "code", True),
        ('test.contains("a")', "code", True),
        ("${order.isStandard()}", "juel", True),
        ("${!order.getCustomer().isRegular()}", "juel", True),
        ('${customer.prop("age").numberValue() >= 21}', "juel", True),
        ('${S(answer).prop("ok").boolValue()}', "juel", True),
        ('return KieFunctions.lessThan(rounds, "7");', "code", True),
        ("return KieFunctions.isTrue(valid);", "code", True),
        ("eval(true)", "code", True),
        ("true()", "code", True),
        ("${name.substring(0, 3).concat('x') == 'abcx'}", "juel", True),
        ("${name += '-' += x}", "juel", "abcdef-7"),
        ("amount = 3", "feel", True),
    ],
)
def test_a_condition_keeps_its_language_and_what_it_means_there(text: str, language: str, expected: Any) -> None:
    after = translate(text, use="condition")
    assert (tagged.language_of(after), tagged.written(after)) == (language, text)
    if expected is ExpressionError:
        with pytest.raises(ExpressionError):
            tagged.evaluate(after, VARIABLES, now=NOW)
        return
    assert tagged.evaluate(after, VARIABLES, now=NOW) == expected


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
        "=unheard of(x)",
        "=items[price >",
        "${name} and ${",
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
        ("Hello ${name}!", "Hello abcdef!"),
        ("${x} and #{n}: ${y}", "7 and : false"),
        ("${'a}' += x}", "a}7"),
        ("plain text", "plain text"),
        ("${x}", 7),
        ("=x + 1", 8),
    ],
)
def test_a_template_is_a_text_with_expressions_in_it(text: str, expected: Any) -> None:
    assert tagged.evaluate(translate(text, use="template"), VARIABLES, now=NOW) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ('return status == "open" && !done;', "http://www.java.com/java", True),
        ("x > 5", "feel", True),
        ("x > 5", "juel", True),
        ("status", "http://www.omg.org/spec/DMN/20180521/FEEL/", "open"),
        ("x > 5", "http://www.w3.org/1999/XPath", True),
    ],
)
def test_a_language_that_the_model_names_is_the_one_that_is_read(text: str, language: str, expected: Any) -> None:
    assert tagged.evaluate(translate(text, use="condition", language=language), VARIABLES, now=NOW) == expected


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
