"""Tables as spreadsheets and survey tools write them."""

import io
from collections.abc import Callable

import pytest

from bpm.feedback.channels import FORMATS, Context, Row
from bpm.feedback.channels.fields import instant
from bpm.foundation.errors import InvalidInputError
from tests.feedback.channels.conftest import ROOT

Read = Callable[..., list[Row]]


def _parse(text: str, **mapping: str) -> list[Row]:
    return list(
        FORMATS["csv"].parse(io.BufferedReader(io.BytesIO(text.encode())), Context("survey", "s", "f", mapping))
    )  # type: ignore[arg-type]  # all it reads is bytes


def test_semicolons_decimal_commas_and_line_breaks_in_cells_are_read() -> None:
    mapping = {
        "Review-ID": "natural_key",
        "Datum": "said_at",
        "Name": "author_name",
        "Rating": "rating",
        "Pros": "text",
        "Cons": "text",
    }
    with (ROOT / "csv/samples/reviews_semicolon.csv").open("rb") as stream:
        rows = list(FORMATS["csv"].parse(stream, Context("review", "s", "f", mapping)))
    first, second, third, fourth = rows
    assert first.item is not None
    assert first.item.text == "Fast delivery\nThe box was torn;\nand wet"
    assert first.item.rating == 4.5
    assert (first.item.author_name, str(first.item.said_at)) == ("Zoë", "2026-02-03 14:05:00+00:00")
    assert second.item is not None
    assert (second.item.rating, second.item.text) == (9.0, "Great price")
    assert third.item is not None
    assert (third.number, third.item.text, third.item.said_at) == (5, "Fine\nSlow", None)
    assert "31.02.2026" in third.warnings[0]
    assert fourth.item is not None
    assert (fourth.item.text, fourth.item.rating) == ("OK", None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("survey_windows.csv", ["Café was closed at 5 € each", "Naïve reply"]),
        ("survey_utf16.csv", ["The “new” form is great"]),
        ("survey_bom.csv", ["First column keeps its name"]),
    ],
)
def test_every_usual_encoding_is_read(read: Read, name: str, words: list[str]) -> None:
    rows = read(name)
    assert [row.item.text for row in rows if row.item] == words
    assert all(row.item and row.item.natural_key for row in rows)


def test_the_second_and_third_header_of_a_survey_export_are_no_answers() -> None:
    with (ROOT / "csv/samples/qualtrics.csv").open("rb") as stream:
        rows = list(
            FORMATS["csv"].parse(stream, Context("survey", "s", "f", {"ResponseId": "natural_key", "Q1": "text"}))
        )
    assert [row.item.text for row in rows if row.item] == ["Answer the phone"]


def test_a_table_without_a_column_of_words_names_its_columns() -> None:
    with pytest.raises(InvalidInputError, match=r"size, colour.*Map one of them to text"):
        _parse("size,colour\n1,red\n")


def test_a_mapping_to_no_field_names_the_fields() -> None:
    with pytest.raises(InvalidInputError, match="author_email"):
        _parse("a,b\n1,2\n", a="words")


def test_an_empty_file_says_so() -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        _parse("")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02T09:00:00+01:00", "2026-03-02 08:00:00"),
        ("2026-03-02", "2026-03-02 00:00:00"),
        ("2026-03-02 09:30:00 UTC", "2026-03-02 09:30:00"),
        ("1772442000", "2026-03-02 09:00:00"),
        ("1772442000000", "2026-03-02 09:00:00"),
        ("Mon, 02 Mar 2026 10:00:00 +0100", "2026-03-02 09:00:00"),
        ("02.03.2026 09:05", "2026-03-02 09:05:00"),
        ("3/25/2026 9:05 PM", "2026-03-25 21:05:00"),
        ("25/3/2026 12:00 AM", "2026-03-25 00:00:00"),
    ],
)
def test_dates_are_read_as_they_are_written(written: str, meant: str) -> None:
    assert instant(written).strftime("%Y-%m-%d %H:%M:%S") == meant


def test_a_date_that_can_be_two_dates_is_refused_until_the_order_is_said() -> None:
    with pytest.raises(InvalidInputError, match="two dates"):
        instant("3/4/2026")
    assert instant("3/4/2026", order="dmy").month == 4
    assert instant("3/4/2026", order="mdy").month == 3


@pytest.mark.parametrize("written", ["yesterday", "2026-02-30", "99/99/2026", "0000-00-00", "-"])
def test_what_is_no_date_is_refused_with_its_remedy(written: str) -> None:
    with pytest.raises(InvalidInputError, match="2026-03-02T09:00:00Z"):
        instant(written)
