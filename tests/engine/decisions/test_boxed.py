"""Boxed expressions, knowledge models and decision services come to what the same FEEL would."""

from typing import Any
from xml.sax.saxutils import escape

import pytest

from bpm.engine import decisions
from bpm.engine.decisions import decide, read_decisions
from bpm.foundation.errors import ExpressionError
from tests.engine.decisions.drawing import NOW, decided, definitions, needed, table


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(logic: str, *, identity: str = "rate", more: str = "", kind: str = "") -> str:
    said = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="{identity}" name="{identity}"><variable name="{identity}"{said}/>{more}{logic}</decision>'


def context(*entries: tuple[str, str]) -> str:
    inside = "".join(
        f"<contextEntry>{f'<variable name={chr(34)}{name}{chr(34)}/>' if name else ''}{logic}</contextEntry>"
        for name, logic in entries
    )
    return f"<context>{inside}</context>"


def function(parameters: str, body: str, *, tag: str = "functionDefinition") -> str:
    drawn = "".join(
        f'<formalParameter name="{name}"{f" typeRef={chr(34)}{kind}{chr(34)}" if kind else ""}/>'
        for name, _, kind in (each.strip().partition(":") for each in parameters.split(",") if each.strip())
    )
    return f"<{tag}>{drawn}{body}</{tag}>"


def model(name: str, parameters: str, body: str, *, needs: str = "", kind: str = "") -> str:
    said = f' typeRef="{kind}"' if kind else ""
    return (
        f'<businessKnowledgeModel id="bkm_{name}" name="{name}"><variable name="{name}"{said}/>'
        f"{function(parameters, body, tag='encapsulatedLogic')}{knows(needs)}</businessKnowledgeModel>"
    )


def knows(*names: str) -> str:
    return "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#bkm_{name}"/></knowledgeRequirement>'
        for name in names
        if name
    )


def invocation(name: str, **bindings: str) -> str:
    drawn = "".join(f'<binding><parameter name="{key}"/>{logic}</binding>' for key, logic in bindings.items())
    return f"<invocation>{literal(name)}{drawn}</invocation>"


def value(inside: str, **variables: Any) -> Any:
    return decided(inside, variables).value


def test_a_context_gives_its_entries_and_later_ones_see_earlier_ones() -> None:
    logic = context(("a", literal("amount * 2")), ("b c", literal("a + 1")))
    assert value(decision(logic), amount=3) == {"a": 6, "b c": 7}


def test_a_context_with_a_last_entry_without_a_name_gives_that_entry() -> None:
    logic = context(("net price", literal("amount / 1.2")), ("", literal("decimal(net price, 2)")))
    assert value(decision(logic), amount=100) == 83.33


def test_contexts_tables_and_functions_stand_inside_each_other() -> None:
    rows = [(["< 5"], ['"small"']), ([">= 5"], ['"large"'])]
    drawn = table(["size"], ["name"], rows).partition("</informationRequirement>")[0]
    inner = drawn[drawn.index("<decisionTable") : drawn.index("</decision>")]
    logic = context(
        ("size", literal("amount * 2")),
        ("name", inner),
        ("f", function("x", literal("x + size"))),
        ("", literal("{n: name, s: f(1)}")),
    )
    assert value(decision(logic), amount=3) == {"n": "large", "s": 7}


def test_a_relation_is_a_list_of_contexts_that_can_be_filtered() -> None:
    rows = "".join(f"<row>{literal(name)}{literal(price)}</row>" for name, price in (('"a"', "3"), ('"b"', "amount")))
    drawn = f'<relation><column name="name"/><column name="price"/>{rows}</relation>'
    logic = context(("prices", drawn), ("", literal("prices[price > 5].name")))
    assert value(decision(logic), amount=9) == ["b"]


def test_a_boxed_list_keeps_its_order() -> None:
    assert value(decision(f"<list>{literal('2')}{literal('amount')}<list>{literal('1')}</list></list>"), amount=7) == [
        2,
        7,
        [1],
    ]


def test_a_conditional_a_filter_and_iterators_are_computed() -> None:
    test = f"<if>{literal('amount > 5')}</if>"
    choice = f"<conditional>{test}<then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
    assert (value(decision(choice), amount=9), value(decision(choice)), value(decision(choice), amount=1)) == (1, 2, 2)
    kept = f"<filter><in>{literal('items')}</in><match>{literal('price > limit')}</match></filter>"
    items = [{"price": 1}, {"price": 9}]
    assert value(decision(kept), items=items, limit=5) == [{"price": 9}]
    result = f"<return>{literal('n * n + count(partial)')}</return>"
    made = f'<for iteratorVariable="n"><in>{literal("[1..3]")}</in>{result}</for>'
    assert value(decision(made)) == [1, 5, 11]
    for word, verdict in (("some", True), ("every", False)):
        held = f"<satisfies>{literal('each.price > 5')}</satisfies>"
        drawn = f'<{word} iteratorVariable="each"><in>{literal("items")}</in>{held}</{word}>'
        assert value(decision(drawn), items=items) is verdict


def test_a_knowledge_model_is_called_by_position_by_name_and_by_an_invocation() -> None:
    fee = model("fee", "amount:number, rate:number", literal("amount * rate"))
    assert value(decision(literal("fee(200, 0.1)"), more=knows("fee")) + fee) == 20
    assert value(decision(literal("fee(rate: 0.1, amount: 200)"), more=knows("fee")) + fee) == 20
    drawn = invocation("fee", rate=literal("0.5"), amount=literal("total"))
    assert value(decision(drawn, more=knows("fee")) + fee, total=10) == 5


def test_knowledge_models_call_each_other_and_hold_tables_and_contexts() -> None:
    rows = [(["< 100"], ["0.1"]), ([">= 100"], ["0.2"])]
    drawn = table(["amount"], ["rate"], rows)
    inner = drawn[drawn.index("<decisionTable") : drawn.index("</decision>")]
    rate = model("rate of", "amount", inner)
    fee = model(
        "fee",
        "amount",
        context(("rate", invocation("rate of", amount=literal("amount"))), ("", literal("amount * rate"))),
        needs="rate of",
    )
    assert value(decision(literal("[fee(50), fee(100)]"), more=knows("fee")) + fee + rate) == [5, 20]


def test_a_knowledge_model_may_call_itself_and_ends_within_its_bounds() -> None:
    factorial = model("factorial", "n", literal("if n <= 1 then 1 else n * factorial(n - 1)"))
    assert value(decision(literal("factorial(10)"), more=knows("factorial")) + factorial) == 3628800
    endless = model("endless", "n", literal("endless(n + 1)"))
    with pytest.raises(ExpressionError, match="call each other more than"):
        value(decision(literal("endless(1)"), more=knows("endless")) + endless)


def test_arguments_that_do_not_fit_their_parameters_come_to_null() -> None:
    fee = model("fee", "amount:number", literal("amount * 2"), kind="number")
    assert value(decision(literal('[fee("a"), fee(1, 2), fee([4])]'), more=knows("fee")) + fee) == [None, None, 8]


@pytest.mark.parametrize("kind", ["decimal", "integer", "tSaidElsewhere", "Any", ""])
def test_a_type_that_says_nothing_here_lets_every_value_pass(kind: str) -> None:
    fee = model("fee", f"amount:{kind}", literal("amount * 2"), kind=kind)
    entry = f'<contextEntry><variable name="a" typeRef="{kind}"/>{literal("fee(1.5)")}</contextEntry>'
    assert value(decision(f"<context>{entry}</context>", more=knows("fee")) + fee) == {"a": 3}


def test_a_decision_that_is_a_function_is_called_by_another() -> None:
    double = decision(function("x:number", literal("x * 2")), identity="double")
    assert decided(double + decision(literal("double(4)"), more=needed(["double"])), {}).value == 8
    assert decided(double, {}, "double").value is None


def test_a_decision_service_is_called_with_its_input_data_and_input_decisions() -> None:
    inside = (
        '<inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>'
        + decision(literal("amount * 2"), identity="doubled")
        + decision(literal("doubled + amount"), identity="total", more=needed(["doubled"]))
        + '<decisionService id="s" name="totals"><outputDecision href="#total"/><inputDecision href="#doubled"/>'
        '<inputData href="#i"/></decisionService>'
        '<decisionService id="t" name="both"><outputDecision href="#total"/><outputDecision href="#doubled"/>'
        '<inputData href="#i"/></decisionService>'
        + decision(
            literal("{one: totals(1, 100), two: both(5)}"),
            more='<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>',
        )
    )
    assert value(inside) == {"one": 101, "two": {"total": 15, "doubled": 10}}


def test_types_of_the_file_turn_texts_into_dates_and_lists_at_any_depth() -> None:
    types = (
        '<itemDefinition name="tDay"><typeRef>date</typeRef></itemDefinition>'
        '<itemDefinition name="tPerson"><itemComponent name="born"><typeRef>tDay</typeRef></itemComponent>'
        '<itemComponent name="paid" isCollection="true"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    )
    inside = (
        types
        + '<inputData id="i" name="person"><variable name="person" typeRef="tPerson"/></inputData>'
        + decision(
            literal(
                "{year: person.born.year, sum: sum(person.paid), right: person instance of tPerson,"
                " wrong: {born: 1} instance of tPerson}"
            ),
            more='<informationRequirement><requiredInput href="#i"/></informationRequirement>',
        )
    )
    person = {"born": "1990-05-06", "paid": ["1.5", 2]}
    assert value(inside, person=person) == {"year": 1990, "sum": 3.5, "right": True, "wrong": False}


def test_the_values_that_a_type_allows_are_the_order_of_an_output() -> None:
    allowed = '<allowedValues><text>"high","low"</text></allowedValues>'
    kind = f'<itemDefinition name="tRisk"><typeRef>string</typeRef>{allowed}</itemDefinition>'
    drawn = table(["x"], ["risk"], [(["-"], ['"low"']), (["-"], ['"high"'])], policy="PRIORITY")
    assert value(kind + drawn.replace('<output name="risk">', '<output name="risk" typeRef="tRisk">')) == "high"


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        ("<invocation/>", "dmn-nothing"),
        ("<context><contextEntry><variable name='a'/></contextEntry></context>", "dmn-nothing"),
        ("<conditional><if><literalExpression><text>true</text></literalExpression></if></conditional>", "dmn-nothing"),
        ('<relation><column name="a"/><row/></relation>', "dmn-relation-shape"),
        ('<functionDefinition kind="Java"><context/></functionDefinition>', "not-executed-function"),
        (context(("a", literal("1 +"))), "dmn-expression"),
        ("<list>" * 25 + "</list>" * 25, "dmn-too-deep"),
    ],
)
def test_what_is_wrong_in_a_box_is_named_at_its_decision(logic: str, code: str) -> None:
    findings = [
        each for each in read_decisions(definitions(decision(logic)), "rate.dmn").findings if each.severity == "error"
    ]
    assert {each.code for each in findings} == {code}
    assert {each.element for each in findings} == {"rate"}
    assert all(each.remedy for each in findings)


def test_knowledge_that_is_not_there_or_not_executed_is_named() -> None:
    read = read_decisions(definitions(decision(literal("1"), more=knows("gone"))), "rate.dmn")
    assert [finding.code for finding in read.findings] == ["knowledge-missing"]
    logic = '<encapsulatedLogic kind="Java"><context/></encapsulatedLogic>'
    java = f'<businessKnowledgeModel id="bkm_f" name="f">{logic}</businessKnowledgeModel>'
    read = read_decisions(definitions(decision(literal("f(1)"), more=knows("f")) + java), "rate.dmn")
    assert [(finding.code, finding.severity, finding.element) for finding in read.findings] == [
        ("not-executed-function", "error", "bkm_f")
    ]


def test_boxes_survive_as_plain_values() -> None:
    fee = model("fee", "amount:number", context(("a", literal("amount")), ("", literal("a * 2"))))
    read = read_decisions(definitions(decision(context(("x", literal("fee(2)"))), more=knows("fee")) + fee), "rate.dmn")
    again = {name: decisions.from_plain(decisions.to_plain(each)) for name, each in read.decisions.items()}
    assert again == read.decisions
    assert decide(again, "rate", {}, now=NOW).value == {"x": 4}


def test_variables_of_a_boxed_decision_are_those_from_outside() -> None:
    fee = model("fee", "amount", literal("amount * 2"))
    logic = context(("a", literal("fee(total)")), ("f", function("x", literal("x + a + share"))), ("", literal("f(a)")))
    read = read_decisions(definitions(decision(logic, more=knows("fee")) + fee), "rate.dmn")
    assert set(decisions.variables_of(read.decisions, "rate")) == {"total", "share"}


def test_a_boxed_decision_is_written_as_one_text_for_pages() -> None:
    fee = model("fee", "amount", literal("amount * 2"))
    drawn = decision(context(("a", invocation("fee", amount=literal("total")))), more=knows("fee")) + fee
    rate = read_decisions(definitions(drawn), "rate.dmn").decisions["rate"]
    assert decisions.as_written(rate) == "{a: fee(amount: total)}"
    assert decisions.functions_of(rate) == ("fee(amount): amount * 2",)


def _filter(items: str, match: str) -> str:
    return f"<filter><in>{literal(items)}</in><match>{literal(match)}</match></filter>"


def _some(items: str, test: str) -> str:
    inside = f"<in>{literal(items)}</in><satisfies>{literal(test)}</satisfies>"
    return f'<some iteratorVariable="item">{inside}</some>'


def _choice(test: str) -> str:
    return f"<conditional><if>{literal(test)}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (_choice('"x"'), None),
        (_choice("null"), 2),
        (_filter("[1,2,3]", "if item < 3 then true else null"), [1, 2]),
        (_filter("[1,2,3]", "if item < 3 then true else string(item)"), None),
        (_filter("[4,5,6]", "2"), 5),
        (_some("[1,2]", "if item = 2 then true else string(item)"), None),
        (_some("[1,2]", "item = 2"), True),
    ],
)
def test_a_box_whose_test_is_neither_true_nor_false_comes_to_nothing(logic: str, expected: Any) -> None:
    assert decided(decision(logic), {}).value == expected


def test_what_a_function_gives_fits_the_type_that_it_says() -> None:
    body = '<literalExpression typeRef="number"><text>[a]</text></literalExpression>'
    one = model("one", "a", body) + decision(literal("one(10)"), more=knows("one"))
    assert decided(one, {}).value == 10
    assert decided(one.replace("one(10)", "one(&quot;x&quot;)"), {}).value is None


def test_parameters_that_are_named_as_paths_are_read_as_paths() -> None:
    body = literal('Person.Name + " " + string(Person.Age)')
    drawn = model("told", "Person.Name, Person.Age", body)
    called = f"<invocation>{literal('told')}" + "".join(
        f'<binding><parameter name="Person.{name}"/>{literal(f"Person.{name}")}</binding>' for name in ("Name", "Age")
    )
    inside = drawn + decision(f"{called}</invocation>", more=knows("told"))
    assert decided(inside, {"Person": {"Name": "Ada", "Age": 36}}).value == "Ada 36"


@pytest.mark.parametrize(
    ("kind", "text"), [("tList", '[1, "a"]'), ("tPart", '{n: "x"}'), ("number", '"x"'), ("date", '"never"')]
)
def test_a_decision_that_comes_to_another_type_than_it_says_is_a_failure(kind: str, text: str) -> None:
    types = (
        '<itemDefinition name="tList" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
        '<itemDefinition name="tPart"><itemComponent name="n"><typeRef>number</typeRef></itemComponent>'
        "</itemDefinition>"
    )
    with pytest.raises(ExpressionError, match=f"of the type {kind} and came to"):
        decided(types + decision(literal(text), kind=kind), {})
