"""What people type is read kindly: nothing they type is an error, and what cannot be read is named."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bpm.search import read_asked, snippet
from bpm.search.asking import Term


def test_words_stand_for_all_that_begin_with_them_and_quoted_ones_for_themselves() -> None:
    asked = read_asked('Refund "came late" to')
    assert asked.wanted == (Term(("refund",), is_open=True), Term(("came", "late")), Term(("to",)))


def test_accents_case_and_ligatures_make_no_difference() -> None:
    assert read_asked("STRASSE Ærøskøbing").wanted == read_asked("straße aeroskobing").wanted


def test_fields_narrow_and_a_minus_takes_out() -> None:
    asked = read_asked('topic:"Billing / Fees" -kind:praise in:replies -in:cases -card from:ada')
    assert asked.marks == ("topic=billing_fees",)
    assert asked.unwanted_marks == ("kind=praise",)
    assert (asked.kinds, asked.unwanted_kinds) == (("reply",), ("case",))
    assert asked.unwanted == (Term(("card",), is_open=True),)
    assert asked.wanted == (Term(("ada",), is_open=True, of_who=True),)


def test_days_are_those_of_the_reader() -> None:
    asked = read_asked("after:2026-03-02 before:2026-04", zone=ZoneInfo("Europe/Berlin"))
    assert asked.since == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert asked.until == datetime(2026, 3, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("before:yesterday parcel", "no date"),
        ("before:2026-13-40", "no date"),
        ("topic: parcel", "needs a value"),
        ("in:nowhere parcel", "not known"),
        ('"parcel came', "stands alone"),
        ("- parcel", "minus stands alone"),
        ("chanel:email parcel", "is “channel:” meant"),
        ("!!! parcel", "holds no word"),
        ("parcel " * 90, "Only the first"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_looked_for(typed: str, named: str) -> None:
    asked = read_asked(typed)
    assert named in " ".join(asked.problems)
    if "parcel" in typed:
        assert any("parcel" in term.words for term in asked.wanted)


@pytest.mark.parametrize(
    "typed", ["a NOT (b", '" OR 1=1 --', "{title} : x*", "'; DROP TABLE x", "a & !b | c:*", "^^", "NEAR(a b)"]
)
def test_nothing_that_is_typed_is_syntax_of_a_database(typed: str) -> None:
    assert all(word.isalnum() for term in read_asked(typed).wanted for word in term.words)


def test_a_snippet_shows_the_words_where_they_stand() -> None:
    pieces = snippet("x " * 300 + "The Réfund was late.", read_asked("refund"))
    assert [piece.text for piece in pieces if piece.is_hit] == ["Réfund"]
    assert pieces[0].text == "… "
    assert len("".join(piece.text for piece in pieces)) < 300
