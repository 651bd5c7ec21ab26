"""Forms from JSON Schema: what is drawn, and what comes back."""

import pytest
from werkzeug.datastructures import MultiDict

from web.ui.fields import fields_of, missing
from web.ui.free_values import FREE, read_free
from web.ui.posted import read_fields

SCHEMA = {
    "required": ["amount", "outcome"],
    "properties": {
        "amount": {"type": "integer", "title": "Amount", "minimum": 1},
        "share": {"type": "number"},
        "outcome": {"enum": ["paid", "not_paid"], "x-labels": {"paid": "Paid back"}},
        "where": {"oneOf": [{"const": number, "title": f"Shelf {number}"} for number in range(6)]},
        "sure": {"type": "boolean"},
        "who": {"type": "array", "items": {"enum": ["service", "it"]}},
        "due": {"type": "string", "format": "date"},
        "story": {"type": "string", "maxLength": 2000},
        "order": {"type": "string", "readOnly": True},
    },
}


def test_each_type_gets_the_input_that_fits_it() -> None:
    kinds = {field.name: field.kind for field in fields_of(SCHEMA, {})}
    assert kinds == {
        "amount": "number",
        "share": "number",
        "outcome": "radios",
        "where": "select",
        "sure": "check",
        "who": "checks",
        "due": "date",
        "story": "area",
        "order": "fixed",
    }


def test_labels_limits_values_and_errors_reach_the_field() -> None:
    fields = {field.name: field for field in fields_of(SCHEMA, {"amount": 3, "sure": True}, errors={"amount": "Less."})}
    assert fields["amount"].label == "Amount"
    assert fields["amount"].limits == {"min": 1}
    assert fields["amount"].error == "Less."
    assert fields["amount"].required
    assert not fields["share"].required
    assert fields["sure"].value == "true"
    assert fields["outcome"].options == [("paid", "Paid back"), ("not_paid", "not paid")]


def test_posted_values_come_back_in_their_types_and_nothing_undeclared_comes_in() -> None:
    posted = MultiDict(
        [
            ("amount", "7"),
            ("share", "0,5"),
            ("outcome", "paid"),
            ("where", "2"),
            ("who", "service"),
            ("who", "it"),
            ("story", "  "),
            ("order", "forged"),
            ("admin", "true"),
        ]
    )
    values, problems = read_fields(SCHEMA, posted)
    assert problems == {}
    assert values == {
        "amount": 7,
        "share": 0.5,
        "outcome": "paid",
        "where": 2,
        "sure": False,
        "who": ["service", "it"],
    }


def test_what_is_no_number_stays_as_typed_and_says_so() -> None:
    values, problems = read_fields(SCHEMA, MultiDict({"amount": "seven", "share": "half"}))
    assert values["amount"] == "seven"
    assert problems == {"amount": "Give a whole number.", "share": "Give a number."}


def test_missing_names_what_is_asked_for_and_not_there() -> None:
    assert missing(SCHEMA, {"amount": 0}) == {"outcome": "Please answer this."}


def test_free_lines_are_json_where_they_can_be_and_text_where_not() -> None:
    values, problems = read_free(MultiDict({FREE.name: "n = 7\n\nok = true\nwho = Jo = Berg\nlist = [1, 2]"}))
    assert problems == {}
    assert values == {"n": 7, "ok": True, "who": "Jo = Berg", "list": [1, 2]}


@pytest.mark.parametrize("line", ["7", "= 7", "a b = 7", "no equals sign"])
def test_a_free_line_that_is_no_value_is_named(line: str) -> None:
    assert "Line 2" in read_free(MultiDict({FREE.name: f"n = 7\n{line}"}))[1][FREE.name]
