"""FEEL's unary tests: what a cell says holds for the values it names and for no other."""

import pytest

from bpm.engine.decisions import decide, read_decisions
from tests.engine.decisions.drawing import NOW, decided, definitions, holds, table


@pytest.mark.parametrize(
    ("cell", "held", "not_held"),
    [
        ("-", [1, "a", None, [1]], []),
        ("", [1, None], []),
        ('"gold"', ["gold"], ["Gold", "", None, 1]),
        ('"gold","silver"', ["gold", "silver"], ["bronze", None]),
        ("'gold'", ["gold"], ["silver"]),
        ("5", [5, 5.0], [4, "5", True, None]),
        ("-5", [-5], [5]),
        ("true", [True], [False, None, 1, "true"]),
        ("false", [False], [True, None, 0]),
        ("null", [None], [0, "", False]),
        ("< 5", [4, -1, 4.9], [5, 6, None, "4"]),
        ("<= 5", [5], [5.1]),
        ("> 5", [6], [5]),
        (">=5", [5], [4]),
        ("!= 5", [4], [5]),
        ("= 5", [5], [4]),
        ("== 5", [5], [4]),
        ("[1..10]", [1, 10, 5], [0, 11, None, "5"]),
        ("(1..10)", [2, 9], [1, 10]),
        ("]1..10[", [2, 9], [1, 10]),
        ("[1..10)", [1], [10]),
        ("[-5..-1]", [-5, -1], [0, -6]),
        ('["a".."f"]', ["a", "cat"], ["g", 1]),
        ('not("a","b")', ["c", ""], ["a", "b"]),
        ("not(< 5)", [5, 9], [4]),
        ("not([1..3])", [0, 4], [2]),
        ("not(null)", [0, ""], [None]),
        ("< 3, [5..6], > 9", [2, 5, 6, 10], [3, 4, 7, 9]),
        ("? > 5 and ? < 8", [6, 7], [5, 8]),
        ("(? > 5 and ? < 8) or ? = 1", [6, 1], [5, 8]),
        ("? in [1..3]", [1, 3], [0, 4]),
        ('? in ("a", "b")', ["a"], ["c"]),
        ("in [1..3]", [2], [4]),
        ("not in (1, 2)", [3], [1, 2]),
        ("1 < ? <= 5", [2, 5], [1, 6, None]),
        ('? not in ("a", "b")', ["c"], ["a"]),
        ('< fn_date("2026-01-01")', ["2025-12-31"], ["2026-01-01"]),
        ("? in (< 3, 7)", [1, 7], [3, 5]),
        ('["a","b"]', ["a", "b"], ["c"]),
        ('starts with(?, "ab")', ["abc"], ["cab", 5, None]),
        ('contains(?, "b")', ["abc"], ["xyz"]),
        ("2 * 3", [6], [5]),
        ("x > 5", [6], [5]),
        ("list contains(?, 3)", [[1, 3]], [[1], None]),
        ("count(?) > 1", [[1, 2]], [[1], []]),
        ("some item in ? satisfies item > 4", [[1, 5]], [[1, 2]]),
    ],
)  # fmt: skip
def test_a_cell_holds_for_what_it_names_and_for_nothing_else(cell: str, held: list, not_held: list) -> None:  # type: ignore[type-arg]  # lists of whatever a cell may hold
    assert [value for value in held if not holds(cell, value)] == []
    assert [value for value in not_held if holds(cell, value)] == []


@pytest.mark.parametrize(
    ("cell", "held", "not_held"),
    [
        ('date("2026-01-01")', "2026-01-01", "2026-01-02"),
        ('< date("2026-01-01")', "2025-12-31", "2026-01-01"),
        ('[date("2026-01-01")..date("2026-01-31")]', "2026-01-31", "2026-02-01"),
        ('> date and time("2026-01-01T10:00:00Z")', "2026-01-01T10:00:01Z", "2026-01-01T10:00:00Z"),
        ('> date and time("2026-01-01T10:00:00Z")', "2026-01-01T09:30:00-01:00", "2026-01-01T10:30:00+01:00"),
        ('>= duration("P1D")', "PT24H", "PT23H"),
        ('< duration("P1Y")', "P11M", "P12M"),
        ('time("10:00:00")', "10:00:00", "10:00:01"),
        ('@"2026-01-01"', "2026-01-01", "2026-01-02"),
        ('< today() - duration("P14D")', "2026-02-01", "2026-02-20"),
        ("> now()", "2026-03-02T09:00:01Z", "2026-03-02T09:00:00Z"),
    ],
)
def test_texts_of_variables_meet_dates_and_durations_as_such(cell: str, held: str, not_held: str) -> None:
    assert holds(cell, held)
    assert not holds(cell, not_held)


def test_a_column_of_a_type_reads_what_a_form_sent_as_text() -> None:
    assert holds("> 5", "12", kind="integer")
    assert not holds("> 5", "12")
    assert holds("true", "true", kind="boolean")
    assert holds('date(?).year = 2026 and ? > @"2026-01-01"', "2026-01-02", kind="date")


@pytest.mark.parametrize(
    ("cell", "held", "not_held"),
    [
        (
            '<= date("2026-02-28")',
            ["2026-02-28", "2026-02-28T23:59:00Z", "2026-02-27T10:00:00"],
            ["2026-03-01T00:00:00Z"],
        ),
        ('date("2026-02-28")', ["2026-02-28", "2026-02-28T10:00:00+02:00"], ["2026-02-27T10:00:00Z"]),
        ('[date("2026-02-01")..date("2026-02-28")]', ["2026-02-28T12:00:00Z"], ["2026-03-01T12:00:00Z"]),
        (
            '< date and time("2026-02-28T12:00:00")',
            ["2026-02-28T11:00:00"],
            ["2026-02-28T13:00:00Z", "2026-02-28T12:00:00"],
        ),
        ("?.year = 2026 and ?.weekday = 6", ["2026-02-28T11:00:00", "2026-02-28"], ["2026-03-01"]),
        ('> "2026-02-28"', ["2026-03-01T00:00:00Z", "2026-03-01"], ["2026-02-28T23:00:00Z"]),
    ],
)
def test_a_column_of_dates_takes_texts_with_a_time_as_their_day(
    cell: str, held: list[str], not_held: list[str]
) -> None:
    assert [text for text in held if not holds(cell, text, kind="date")] == []
    assert [text for text in not_held if holds(cell, text, kind="date")] == []


def test_a_cell_may_compare_with_another_variable() -> None:
    assert holds("> limit", 10, limit=5)
    assert not holds("> limit", 10, limit=50)
    assert not holds("> limit", 10)
    assert holds("limit", 5, limit=5)
    assert holds("allowed", "a", allowed=["a", "b"])
    assert holds("is_vip", "whatever", is_vip=True)


@pytest.mark.parametrize("cell", ["150mph", '"open', "[1..", "< ", "f(?)", "a instance of thing", "1 2", "?.x("])
def test_a_cell_that_is_not_understood_is_named_with_rule_column_and_line(cell: str) -> None:
    source = definitions("\n\n" + table(["x"], ["y"], [(["-"], ["1"]), ([cell], ["2"])]))
    (finding,) = (each for each in read_decisions(source, "rate.dmn").findings if each.severity == "error")
    assert finding.code == "dmn-cell"
    assert finding.element == "rate"
    assert finding.line == 3
    assert "rate.dmn: Table 'Rate': rule 2, column 'x'" in finding.message
    assert finding.remedy


def test_a_text_without_quotes_is_suspected() -> None:
    read = read_decisions(definitions(table(["x"], ["y"], [(["gold"], ["silver"])])), "rate.dmn")
    assert [finding.severity for finding in read.findings] == ["warning", "warning"]
    assert "'gold' is read as a variable" in read.findings[0].message
    assert 'write "gold"' in read.findings[0].remedy


def test_names_with_spaces_and_signs_are_those_that_the_file_declares() -> None:
    inside = (
        '<inputData id="i" name="Pre-bureau risk"><variable name="Pre-bureau risk" typeRef="string"/></inputData>'
        + table(["Pre-bureau risk"], ["y"], [(['"low"'], ["1"])])
    )
    read = read_decisions(definitions(inside), "rate.dmn")
    assert read.findings == ()
    test = read.decisions["rate"].table.inputs[0].expression  # type: ignore[union-attr]  # lists of whatever a cell may hold
    assert (test.runs, test.names) == ("Pre-bureau risk", ("Pre-bureau risk",))
    assert decide(read.decisions, "rate", {"Pre-bureau risk": "low"}, now=NOW).value == 1


def test_cells_in_juel_run_with_its_meaning() -> None:
    assert holds("${x > 5 && x < 10}", 7)
    assert not holds("${x > 5 && x < 10}", 12)
    assert holds("${cellInput.startsWith('ab')}", "abc")


def test_cells_in_juel_compute_with_what_feel_came_to() -> None:
    price = '<decision id="price" name="price"><literalExpression><text>1.1 * 2</text></literalExpression></decision>'
    drawn = table(
        [("x", "number")], ["y"], [(["${cellInput > price && cellInput < 3.5}"], ["${price + 1}"])], requires=["price"]
    )
    assert decided(price + drawn, {"x": "2.5"}).value == 3.2
