"""What a table lists as the values of its columns is held against its rules, and against what comes."""

from typing import Any

import pytest

from bpm.engine.decisions import decide, from_plain, read_decisions, to_plain
from tests.engine.decisions.drawing import NOW, definitions, table

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


def notes(kind: str, lists: str, value: Any) -> tuple[str, ...]:
    """What the outcome says beside its answer, which the one rule for all gives; decided as stored rules are."""
    drawn = table([("size", kind)], ["y"], [(["-"], ["1"])])
    source = drawn.replace("</inputExpression>", f"</inputExpression><inputValues><text>{lists}</text></inputValues>")
    read = read_decisions(definitions(source), "rate.dmn").decisions
    stored = {name: from_plain(to_plain(decision)) for name, decision in read.items()}
    outcome = decide(stored, next(iter(stored)), {"size": value}, now=NOW)
    assert outcome.value == 1
    return outcome.notes


@pytest.mark.parametrize(
    ("kind", "lists", "value"),
    [
        ("string", '"S","M","L"', "XL"), ("string", '"S","M","L"', "s"), ("number", "[0..100]", 101),
        ("number", "[0..100]", "-1"), ("number", "1,2,5", 3), ("date", '>= date("2026-01-01")', "2025-12-31"),
    ],
)  # fmt: skip
def test_a_value_that_a_column_does_not_take_is_named_when_it_comes(kind: str, lists: str, value: Any) -> None:
    (note,) = notes(kind, lists.replace(">", "&gt;"), value)
    assert "'size'" in note
    assert lists in note
    assert str(value) in note


@pytest.mark.parametrize(
    ("kind", "lists", "value"),
    [
        ("string", '"S","M","L"', "M"), ("number", "[0..100]", "100"), ("number", "1,2,5", 5.0), ("number", "-", 9),
        ("string", '"S","M","L"', None), ("string", "small, large", "small"),
        ("date", "[limit..today()]", "1999-01-01"),
    ],
)  # fmt: skip
def test_what_it_takes_or_does_not_limit_is_not_named(kind: str, lists: str, value: Any) -> None:
    assert notes(kind, lists, value) == ()


@pytest.mark.parametrize(
    ("kind", "value"), [("date and time", "2026-03-02T09:00:00.1234567Z"), ("time", "09:00:00.000000001")]
)
def test_a_time_that_counts_nanoseconds_is_named_where_a_column_reads_it(kind: str, value: str) -> None:
    (note,) = notes(kind, "-", value)
    assert value in note
    assert "six digits" in note
    assert notes("string", "-", value) == ()
