"""Conditions in code of other engines run where they mean one thing, are asked of a worker, or are refused by name."""

import pytest

from tests.engine.bpmn.drawing import check, codes, node, only
from tests.engine.bpmn.steps import opened, passes, start

PROCESSMAKER = "http://processmaker.com/BPMN/2.0/Schema.xsd"
DRAWING = ' isExecutable="false"'


def _choice(text: str, language: str = "") -> str:
    said = f' language="{language}"' if language else ""
    return (
        '<startEvent id="s"/><exclusiveGateway id="g" default="no"/><userTask id="a"/><userTask id="b"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="g"/>'
        f'<sequenceFlow id="yes" sourceRef="g" targetRef="a"><conditionExpression{said}><![CDATA[{text}]]>'
        '</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="g" targetRef="b"/>'
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("amount > 100 AND region = 'EU'", ""),
        ('amount > 100 AND region = "EU"', ""),
        ("amount <> 100 AND region <> 'US'", ""),
        ("#{amount > 100 AND region = 'EU'}", ""),
        (":F4A$amount > 100", "plsqlExpression"),
        ("return :F4A$region = 'EU';", "plsqlFunctionBody"),
        ("region LIKE 'E%'", "sql"),
        ("{{amount}} > 100", ""),
        ("@@region == 'EU' && amount > 100", ""),
        ("amount &gt; 100 &amp;&amp; region == &quot;EU&quot;", ""),
        ("return amount > 100;", "http://www.mvel.org/2.0"),
        ("amount === 200 || region !== 'US'", "javascript"),
    ],
)
def test_what_can_mean_one_thing_only_is_executed(text: str, language: str) -> None:
    inside = _choice(text, language)
    passes(inside, start(amount=200, region="EU"), opened("a"))
    passes(inside, start(amount=100, region="US"), opened("b"))


@pytest.mark.parametrize("executable", [' isExecutable="true"', DRAWING])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("upper(:F4A$X) = 'A'", "plsqlExpression"),
        ("declare n number; begin return n > 1; end;", "plsqlFunctionBody"),
        (":P1_AMOUNT > 100", "plsqlExpression"),
        ("getDataObject('order')/total > 100", "http://www.w3.org/1999/XPath"),
        ("def x = [1]; x.any { it > amount }", "groovy"),
        ('"${region}" == "EU"', "groovy"),
        ("region = 'EU'", "groovy"),
        ("amount = 100", "http://www.java.com/java"),
    ],
)
def test_code_that_says_its_language_is_asked_of_a_worker(text: str, language: str, executable: str) -> None:
    prepared = check(_choice(text, language), executable=executable)
    finding = only(prepared, "condition-needs-worker")
    assert (finding.severity, finding.element) == ("warning", "yes")
    assert node(prepared, "yes_asked").get("name") == "Ask: yes"
    assert "condition-free-text" not in codes(prepared.findings)


@pytest.mark.parametrize(
    "text",
    [
        "amount >",
        "amount > 100 EUR",
        "${amount > }",
        "= amount >",
        "a == == b",
        "region equals 'EU'",
        "Order(total > 5)",
        "up(x) = 'A'",
    ],
)
def test_code_that_nobody_can_read_is_an_error_in_a_model_that_is_meant_to_run(text: str) -> None:
    finding = only(check(_choice(text)), "condition-not-understood")
    assert (finding.severity, finding.element, finding.before) == ("error", "yes", text)


@pytest.mark.parametrize("text", ["The order is paid (in full)", "Yes, at 10:30", "yes", "go on -> pay", "Kunde: neu"])
def test_prose_is_a_warning_in_a_drawing_and_an_error_in_a_model_that_is_meant_to_run(text: str) -> None:
    assert only(check(_choice(text), executable=DRAWING), "condition-free-text").before == text
    finding = only(check(_choice(text)), "condition-not-understood")
    assert (finding.severity, finding.element, finding.before) == ("error", "yes", text)


def test_prose_that_is_said_to_be_in_a_language_of_expressions_is_an_error_also_in_a_drawing() -> None:
    said = _choice("The order: is it paid?", language="http://www.omg.org/spec/FEEL/20140401")
    assert only(check(said, executable=DRAWING), "condition-not-understood").severity == "error"
    spoken = _choice("The order: is it paid?", language="en")
    assert only(check(spoken, executable=DRAWING), "condition-free-text").severity == "warning"


@pytest.mark.parametrize("text", ["amount >", "more than 5 = manager", "The order is paid"])
def test_a_drawing_keeps_what_it_says_as_prose(text: str) -> None:
    prepared = check(_choice(text), executable=DRAWING)
    assert only(prepared, "condition-free-text").severity == "warning"
    assert prepared.deployable


@pytest.mark.parametrize(
    "text", ['= d > date("2026-02-30")', "= floor(a, 1, 2) > 1", '= "a" < 5', '= contains(name, "x", 1)']
)
def test_feel_that_always_comes_to_null_is_named_at_its_flow(text: str) -> None:
    finding = only(check(_choice(text)), "feel-always-null")
    assert (finding.severity, finding.element, finding.before) == ("warning", "yes", text)


@pytest.mark.parametrize("text", ["= null", "= a > 5", '= date("2026-02-28") > d', "= now() > d"])
def test_feel_that_may_come_to_something_is_not_worth_a_word(text: str) -> None:
    assert "feel-always-null" not in codes(check(_choice(text)).findings)


@pytest.mark.parametrize("executable", [' isExecutable="true"', DRAWING])
def test_a_condition_whose_code_lies_in_another_file_is_asked_of_a_worker(executable: str) -> None:
    space = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    inside = _choice("").replace(
        "<conditionExpression>",
        f'<conditionExpression {space} language="groovy" camunda:resource="deployment://c.groovy">',
    )
    finding = only(check(inside, executable=executable), "condition-needs-worker")
    assert (finding.severity, finding.element, finding.before) == ("warning", "yes", "deployment://c.groovy")


@pytest.mark.parametrize(
    ("text", "answer", "other"),
    [
        ("approve == 1", "1", "0"), ('approve == "true"', True, False), ("approve > 5", "6", "5"),
        ('not (approve == "a")', "b", "a"), ('approve in ["a", "b"]', "b", "c"),
        ("approve == 1 or approve == 2", 2, "3"),
    ],
)  # fmt: skip
def test_processmaker_compares_what_a_form_sends_with_what_the_drawing_writes(
    text: str, answer: object, other: object
) -> None:
    roots = f'<message id="unused" name="unused" xmlns:pm="{PROCESSMAKER}"/>'
    passes(_choice(text), start(approve=answer), opened("a"), roots=roots)
    passes(_choice(text), start(approve=other), opened("b"), roots=roots)
