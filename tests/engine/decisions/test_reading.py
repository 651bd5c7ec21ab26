"""DMN files of any tool are read, or every problem is named with its place and a remedy."""

import pytest

from bpm.engine import decisions
from bpm.engine.decisions import as_bytes, as_text, decide, is_dmn, read_decisions, read_files
from bpm.engine.definitions.check import check_decisions
from bpm.foundation.errors import ExpressionError, NotFoundError
from tests.engine.decisions.drawing import DMN, NOW, decided, definitions, needed, table

GOOD = table(["amount"], ["y"], [(["< 5"], ['"small"']), ([">= 5"], ['"large"'])])


def errors(inside: str | bytes) -> list[str]:
    source = inside if isinstance(inside, bytes) else definitions(inside)
    return [finding.code for finding in read_decisions(source, "rate.dmn").findings if finding.severity == "error"]


@pytest.mark.parametrize(
    "space",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_dmn_is_read(space: str) -> None:
    source = definitions(GOOD).replace(DMN.encode(), space.encode())
    assert is_dmn(source, "rules.xml")
    read = read_decisions(source, "rate.dmn")
    assert read.deployable
    assert decide(read.decisions, "rate", {"amount": 3}, now=NOW).value == "small"


def test_prefixes_labels_annotations_and_comments_are_read() -> None:
    source = f"""<dmn:definitions xmlns:dmn="{DMN}" name="d" namespace="urn:x"><dmn:decision id="r" name="Rate">
      <dmn:question>How much?</dmn:question>
      <dmn:decisionTable><dmn:input label="Amount"><dmn:inputExpression><dmn:text><!-- sum -->amount</dmn:text>
      </dmn:inputExpression></dmn:input><dmn:output label="Answer" name="y"/>
      <dmn:rule><dmn:description>all that is small</dmn:description><dmn:inputEntry><dmn:text>&lt; 5</dmn:text>
      </dmn:inputEntry><dmn:outputEntry><dmn:text>1</dmn:text></dmn:outputEntry></dmn:rule>
      </dmn:decisionTable></dmn:decision></dmn:definitions>""".encode()
    read = read_decisions(source, "rate.dmn")
    assert read.findings == ()
    rate = read.decisions["r"]
    assert rate.table is not None
    assert (rate.question, rate.table.inputs[0].label, rate.table.outputs[0].label) == ("How much?", "Amount", "Answer")
    assert rate.table.rules[0].annotation == "all that is small"


def test_required_decisions_are_decided_first_and_known_by_name_and_by_id() -> None:
    inside = (
        table(["amount"], ["level"], [(["< 5"], ['"low"']), (["-"], ['"high"'])], policy="FIRST", identity="level")
        + table(["level"], ["y"], [(['"low"'], ["1"]), (['"high"'], ["2"])], requires=["level"])
        + f'<decision id="twice" name="Twice">{needed(["rate"])}<literalExpression><text>Rate * 2</text>'
        "</literalExpression></decision>"
    )
    assert decided(inside, {"amount": 3}).value == 1
    assert decided(inside, {"amount": 9}, "twice").value == 4


def test_a_circle_of_requirements_is_refused() -> None:
    rows = [(["-"], ["1"])]
    inside = table(["a"], ["y"], rows, identity="one", requires=["two"]) + table(
        ["a"], ["y"], rows, identity="two", requires=["one"]
    )
    assert errors(inside) == ["decision-cycle", "decision-cycle"]
    assert errors(table(["a"], ["y"], rows, requires=["elsewhere"])) == ["decision-missing"]


def test_a_business_knowledge_model_that_nobody_calls_is_named_where_it_says_nothing() -> None:
    read = read_decisions(definitions(GOOD + '<businessKnowledgeModel id="b" name="Sum"/>'), "rate.dmn")
    assert [(finding.code, finding.severity, finding.element) for finding in read.findings] == [
        ("dmn-nothing", "warning", "b")
    ]


def test_a_decision_without_logic_is_made_by_people_and_its_answer_is_a_variable() -> None:
    inside = (
        f'<decision id="r" name="Advice"/><decision id="rate" name="Rate">{needed(["r"])}<literalExpression>'
        '<text>Advice + "!"</text></literalExpression></decision>'
    )
    found = read_decisions(definitions(inside), "rate.dmn").findings
    assert [(each.code, each.severity, each.element) for each in found] == [("decision-without-logic", "warning", "r")]
    assert decided(inside, {"Advice": "yes"}).value == "yes!"
    with pytest.raises(ExpressionError, match="nobody has brought its answer"):
        decided(inside, {})


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("", "no-decision"),
        ("<decision><literalExpression><text>1</text></literalExpression></decision>", "decision-id"),
        (GOOD.replace("UNIQUE", "BEST"), "dmn-hit-policy"),
        (GOOD.replace('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="AVERAGE"'), "dmn-aggregation"),
        (table(["a"], ["x", "y"], [(["-"], ["1", "2"])], policy="COLLECT", aggregation="SUM"), "dmn-aggregation"),
        (table(["a"], ["y"], [(["-"], ["1"])], policy="PRIORITY"), "dmn-no-priorities"),
        (table(["a", "b"], ["y"], [(["-"], ["1"])]), "dmn-rule-shape"),
        (table(["a"], [], [(["-"], [])]), "dmn-no-output"),
        (table([""], ["y"], [(["5"], ["1"])]), "dmn-no-expression"),
        (table(["f(x)"], ["y"], [(["5"], ["1"])]), "dmn-cell"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(inside: str, code: str) -> None:
    assert errors(inside) == [code]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty-file"),
        (b"<html></html>", "html-page"),
        (b"PK\x03\x04", "not-xml"),
        (b"<definitions>", "not-well-formed"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not-dmn"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>', "doctype"),
        (b"<a>" * 100 + b"</a>" * 100, "too-deep"),
        (b"<a>" + b"<b/>" * 30_000 + b"</a>", "too-many-nodes"),
        (b" " * 2_000_001, "too-large"),
    ],
)
def test_hostile_and_foreign_files_are_refused_as_those_of_models_are(source: bytes, code: str) -> None:
    assert errors(source) == [code]
    assert [finding.code for finding in check_decisions(source, "rate.dmn").findings] == [code]


def test_a_check_in_the_child_process_finds_the_same() -> None:
    for inside in (GOOD, GOOD.replace("&lt; 5", "&lt;")):
        assert check_decisions(definitions(inside), "rate.dmn") == read_decisions(definitions(inside), "rate.dmn")


def test_an_id_in_two_files_is_refused() -> None:
    read = read_files({"a.dmn": definitions(GOOD), "b.dmn": definitions(GOOD)})
    assert [finding.code for finding in read.findings] == ["decision-twice"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_file_kept_as_text_is_the_same_file_again(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>ä</a>'
    source = text.encode(encoding)
    assert as_bytes(as_text(source)) == source


def test_a_decision_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFoundError, match="There is no decision 'other'"):
        decided(GOOD, {}, "other")


def test_decisions_survive_as_plain_values() -> None:
    for decision in read_decisions(definitions(GOOD), "rate.dmn").decisions.values():
        assert decisions.from_plain(decisions.to_plain(decision)) == decision


def test_a_large_table_stays_within_its_budget_and_a_larger_one_is_stopped() -> None:
    rows = [([f"{number}"], [f"{number}"]) for number in range(1_000)]
    assert decided(table(["amount"], ["y"], rows), {"amount": 999}).value == 999
    long = [(["? in [" + ",".join(map(str, range(200))) + "]"], ["1"])] * 1_000
    with pytest.raises(ExpressionError, match="too many steps"):
        decided(table(["amount"], ["y"], long), {"amount": 999})
