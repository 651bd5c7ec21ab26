"""DMN files that import each other, in one bundle: what is imported is used by the name of the import."""

from collections.abc import Mapping
from typing import Any

import pytest

from bpm.engine.decisions import DecisionFile, decide, from_plain, read_files, to_plain, variables_of
from bpm.engine.definitions.prepare import prepare
from tests.engine.decisions.drawing import DMN, NOW
from tests.engine.models import flow, model

KIND = f'importType="{DMN}"'


def file(inside: str, space: str) -> bytes:
    return f'<definitions xmlns="{DMN}" id="d" name="d" namespace="{space}">{inside}</definitions>'.encode()


def imported(name: str, space: str, more: str = "") -> str:
    return f'<import name="{name}" namespace="{space}" {KIND} {more}/>'


def decision(identity: str, text: str, *, needs: str = "", kind: str = "") -> str:
    said = f' typeRef="{kind}"' if kind else ""
    return (
        f'<decision id="{identity}" name="{identity}"><variable name="{identity}"{said}/>{needs}'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def requires(tag: str, href: str) -> str:
    outer = "knowledgeRequirement" if tag == "requiredKnowledge" else "informationRequirement"
    return f'<{outer}><{tag} href="{href}"/></{outer}>'


RATES = file(
    """<itemDefinition name="tBuyer"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
    <itemComponent name="years"><typeRef>number</typeRef></itemComponent></itemDefinition>
    <inputData id="in" name="Buyer"><variable name="Buyer" typeRef="tBuyer"/></inputData>"""
    + decision("Base Rate", "Buyer.years * 2", needs=requires("requiredInput", "#in"), kind="number")
    + """<businessKnowledgeModel id="half" name="Half"><variable name="Half"/><encapsulatedLogic>
    <formalParameter name="n" typeRef="number"/><literalExpression><text>n / 2</text></literalExpression>
    </encapsulatedLogic></businessKnowledgeModel>
    <businessKnowledgeModel id="greet" name="Say Hello"><variable name="Say Hello"/><encapsulatedLogic>
    <formalParameter name="whom" typeRef="tBuyer"/>
    <literalExpression><text>whom.name + string(Half(whom.years))</text></literalExpression></encapsulatedLogic>
    <knowledgeRequirement><requiredKnowledge href="#half"/></knowledgeRequirement></businessKnowledgeModel>
    <decisionService id="svc" name="Rate Of"><outputDecision href="#Base Rate"/><encapsulatedDecision href="#x"/>
    <inputData href="#in"/></decisionService>""",
    "urn:rates",
)
BUYER = {"name": "Ada", "years": 8}


def answer(files: Mapping[str, bytes], identity: str, **variables: Any) -> Any:
    read = read_files(files)
    assert [each.message for each in read.findings if each.severity != "info"] == []
    kept = {name: from_plain(to_plain(each)) for name, each in read.decisions.items()}
    return decide(kept, identity, variables, now=NOW).value


def shop(inside: str) -> dict[str, bytes]:
    return {"shop.dmn": file(imported("our rates", "urn:rates") + inside, "urn:shop"), "rates.dmn": RATES}


def test_an_imported_decision_is_an_entry_of_the_name_of_the_import() -> None:
    needs = requires("requiredDecision", "urn:rates#Base Rate")
    files = shop(decision("Price", "our rates.Base Rate + 1", needs=needs))
    assert answer(files, "Price", Buyer=BUYER) == 17
    assert answer(files, "Price", **{"our rates": {"Buyer": BUYER}}) == 17
    assert variables_of(read_files(files).decisions, "Price") == {"Buyer": "tBuyer"}


def test_imported_input_data_is_read_by_its_name_or_under_the_import() -> None:
    needs = requires("requiredInput", "urn:rates#in")
    files = shop(decision("Price", "our rates.Buyer.years", needs=needs))
    assert answer(files, "Price", Buyer=BUYER) == 8
    assert answer(files, "Price", **{"our rates": {"Buyer": BUYER}}) == 8


def test_imported_functions_call_what_their_own_file_knows() -> None:
    own = '<inputData id="b" name="Person"><variable name="Person" typeRef="our rates.tBuyer"/></inputData>'
    needs = requires("requiredInput", "#b") + requires("requiredKnowledge", "urn:rates#greet")
    files = shop(own + decision("Greeting", "our rates.Say Hello(Person)", needs=needs))
    assert answer(files, "Greeting", Person=BUYER) == "Ada4"
    assert answer(files, "Greeting", Person={"name": "Ada", "years": "x"}) is None


def test_an_imported_service_is_called_by_its_qualified_name() -> None:
    needs = requires("requiredKnowledge", "urn:rates#svc")
    files = shop(decision("Price", "our rates.Rate Of({name: &quot;Ada&quot;, years: 3})", needs=needs))
    assert answer(files, "Price") == 6


def test_names_of_an_imported_file_do_not_mix_with_those_of_the_importing_one() -> None:
    needs = requires("requiredDecision", "urn:rates#Base Rate") + requires("requiredDecision", "#Buyer")
    files = shop(
        decision("Buyer", "&quot;me&quot;") + decision("Price", "string(our rates.Base Rate) + Buyer", needs=needs)
    )
    assert answer(files, "Price", Buyer=BUYER) == "16me"


def test_imports_of_imports_run_whose_decisions_have_the_same_id() -> None:
    needs = requires("requiredDecision", "urn:rates#Base Rate")
    middle = {
        f"{name}.dmn": file(
            imported("r", "urn:rates") + decision("middle", f"r.Base Rate + {extra}", needs=needs), f"urn:{name}"
        )
        for name, extra in (("b", 100), ("c", 200))
    }
    both = requires("requiredDecision", "urn:b#middle") + requires("requiredDecision", "urn:c#middle")
    top = imported("B", "urn:b") + imported("C", "urn:c") + decision("Top", "[B.middle, C.middle]", needs=both)
    files = {"top.dmn": file(top, "urn:top"), **middle, "rates.dmn": RATES}
    assert answer(files, "Top", Buyer=BUYER) == [116, 216]


def found(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    read: DecisionFile = read_files(files)
    return {each.code: (each.severity, each.message, each.remedy) for each in read.findings}


def test_a_file_that_did_not_come_is_named_with_what_to_send() -> None:
    needs = requires("requiredDecision", "urn:rates#Base Rate")
    there = imported("r", "urn:rates", 'locationURI="rates.dmn"')
    severity, message, remedy = found({"a.dmn": file(there + decision("a", "r.x", needs=needs), "urn:a")})[
        "import-missing"
    ]
    assert severity == "error"
    assert "'urn:rates'" in message
    assert remedy.startswith("Send 'rates.dmn' along")
    assert found({"a.dmn": file(there + decision("a", "1"), "urn:a")})["import-missing"][0] == "warning"


def test_a_namespace_of_two_files_is_refused_with_both() -> None:
    files = shop(decision("Price", "1")) | {
        "more.dmn": RATES.replace(b'"Base Rate"', b'"Other"').replace(b"#Base Rate", b"#Other")
    }
    severity, message, _ = found(files)["import-ambiguous"]
    assert severity == "error"
    assert "'more.dmn' or 'rates.dmn'" in message


def test_files_that_import_each_other_are_refused_by_name() -> None:
    files = {
        "a.dmn": file(imported("b", "urn:b") + decision("a", "1"), "urn:a"),
        "b.dmn": file(imported("a", "urn:a") + decision("b", "1"), "urn:b"),
        "c.dmn": file(imported("a", "urn:a") + decision("c", "1"), "urn:c"),
    }
    messages = [each.message for each in read_files(files).findings if each.code == "import-cycle"]
    assert len(messages) == 2
    assert "a.dmn: The import 'b' leads to 'b.dmn', which imports this file in turn." in messages


def test_what_is_imported_of_another_kind_is_named() -> None:
    pmml = '<import name="m" namespace="urn:m" importType="http://www.dmg.org/PMML-4_2"/>'
    assert found({"a.dmn": file(pmml + decision("a", "1"), "urn:a")})["not-executed-import"][0] == "warning"


@pytest.mark.parametrize("typed", ["our rates.tBuyer", "ns1:tBuyer"])
def test_types_of_an_imported_file_are_known_by_either_spelling(typed: str) -> None:
    own = f'<inputData id="b" name="Person"><variable name="Person" typeRef="{typed}"/></inputData>'
    files = shop(own + decision("Years", "Person.years + 1", needs=requires("requiredInput", "#b")))
    assert answer(files, "Years", Person=BUYER) == 9


def test_a_business_rule_task_decides_by_what_its_file_imports() -> None:
    needs = requires("requiredDecision", "urn:rates#Base Rate")
    task = '<startEvent id="s"/><businessRuleTask id="t" camunda:decisionRef="Price" camunda:resultVariable="price"/>'
    source = model("p", f'{task}<endEvent id="e"/>' + flow("s", "t") + flow("t", "e"))
    prepared = prepare(source, "p.bpmn", decisions=shop(decision("Price", "our rates.Base Rate + 1", needs=needs)))
    assert [each.message for each in prepared.findings if each.severity == "error"] == []
    assert b"Base Rate" in prepared.executable
