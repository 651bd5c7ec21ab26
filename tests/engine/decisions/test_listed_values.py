"""What a table lists as the values of its columns is held against its rules."""

import pytest

from bpm.engine.decisions import read_decisions
from tests.engine.decisions.drawing import definitions, table

TIERS = '"basic", "gold", "platinum"'


def findings(tests: list[str], *, lists: str = TIERS, answers: list[str] | None = None) -> list[tuple[str, str]]:
    given = answers or ['"yes"'] * len(tests)
    rows = [([test], [answer]) for test, answer in zip(tests, given, strict=True)]
    drawn = table(["tier"], ["y"], rows, policy="FIRST", order={"y": '"yes", "no"'})
    source = drawn.replace("</inputExpression>", f"</inputExpression><inputValues><text>{lists}</text></inputValues>")
    read = read_decisions(definitions(source), "rate.dmn")
    return [(each.code, each.message) for each in read.findings if each.severity != "info"]


@pytest.mark.parametrize(
    ("test", "lists"),
    [
        ('"golden"', TIERS), ('"Gold"', TIERS), ('not("basic","gold","platinum", null)', TIERS), ("&gt; 9", "1, 5, 9"),
        ("[10..20]", "1, 5, 9"), ('"1"', "1, 5, 9"), ("5", '"1", "5"'),
    ],
)  # fmt: skip
def test_a_rule_that_holds_for_no_listed_value_is_named(test: str, lists: str) -> None:
    test = test.replace("&gt;", ">")
    ((code, message),) = findings(["-", test], lists=lists)
    assert (code, "Rule 2" in message, "'tier'" in message) == ("dmn-never-holds", True, True)


@pytest.mark.parametrize(
    "test", ['"gold"', "-", 'not("gold")', '"gold","golden"', 'starts with(?, "p")', "other", "null"]
)
def test_a_rule_that_may_hold_is_not_named(test: str) -> None:
    assert [code for code, _message in findings([test]) if code != "dmn-unknown-name"] == []


def test_an_answer_that_the_output_does_not_list_is_named() -> None:
    found = findings(['"gold"', '"basic"', "-"], answers=['"yes"', '"maybe"', "if tier = null then 1 else 2"])
    assert [(code, "Rule 2" in message, "'maybe'" in message) for code, message in found] == [
        ("dmn-answer-not-listed", True, True)
    ]


def test_that_other_values_are_not_refused_is_said() -> None:
    source = table(["tier"], ["y"], [(["-"], ["1"])]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"a","b"</text></inputValues>'
    )
    (finding,) = read_decisions(definitions(source), "rate.dmn").findings
    assert (finding.code, finding.severity) == ("dmn-values-not-refused", "info")
