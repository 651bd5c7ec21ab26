"""Workbooks: the first sheet with rows, as its cells show."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bpm.feedback.channels import Row
from bpm.foundation.errors import InvalidInputError
from tests.feedback.channels.conftest import ROOT
from tests.feedback.channels.tables import rows_of


def _book(*rows: list[Any], epoch: Any = None) -> bytes:
    book = Workbook()
    if epoch is not None:
        book.epoch = epoch
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _texts(rows: list[Row]) -> list[str]:
    return [row.item.text for row in rows if row.item]


def test_the_first_sheet_with_rows_is_read_and_the_others_are_named() -> None:
    found = rows_of((ROOT / "xlsx/samples/answers.xlsx").read_bytes(), form="xlsx")
    assert [row.number for row in found] == [2, 3, 4]
    assert _texts(found) == ["The queue at the counter was far too long", "Nothing to add, the staff were kind", ""]
    assert [str(row.item.said_at)[:16] for row in found if row.item] == ["2026-05-07 08:30", "2026-05-08 00:00", "None"]
    assert [row.item.rating for row in found if row.item] == [3, 5, 1]
    assert "Cover, Codes" in " ".join(found[0].warnings)


def test_a_workbook_named_csv_is_read_as_what_it_is() -> None:
    assert _texts(rows_of(_book(["id", "text"], [1, "Named wrongly"]), form="csv")) == ["Named wrongly"]


def test_numbers_are_ids_as_people_see_them_and_days_count_from_the_workbooks_own_first_day() -> None:
    content = _book(["id", "text", "date"], [118, "Fine", datetime(2026, 5, 7, 9)], epoch=CALENDAR_MAC_1904)  # noqa: DTZ001 -- a cell has no zone
    [row] = rows_of(content, form="xlsx")
    assert row.item
    assert (row.item.natural_key, str(row.item.said_at)[:16]) == ("118", "2026-05-07 09:00")


def test_bare_day_counts_begin_at_the_workbooks_own_first_day() -> None:
    for epoch, written in ((CALENDAR_MAC_1904, 44621.375), (None, 46083.375)):
        [first] = rows_of(_book(["id", "text", "date"], [1, "Fine", written], epoch=epoch), form="xlsx")
        assert first.item
        assert str(first.item.said_at)[:16] == "2026-03-02 09:00"


def test_a_cover_in_front_is_no_sheet_of_words() -> None:
    book = Workbook()
    for row in (["About this file"], ["Exported for the board by nobody in particular"]):
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    for row in (["Date", "Comment"], ["2026-05-07", "The lid broke"]):
        (book["Answers"] if "Answers" in book.sheetnames else book.create_sheet("Answers")).append(row)
    content = io.BytesIO()
    book.save(content)
    assert _texts(rows_of(content.getvalue(), form="xlsx")) == ["The lid broke"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 broken", "damaged"),
    ],
)
def test_what_cannot_be_opened_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as caught:
        rows_of(content, form="xlsx")
    assert "save" in caught.value.remedy.lower()


def test_a_packed_file_that_is_no_workbook_and_one_that_grows_are_refused() -> None:
    other, bomb = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("content.xml", "x")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 60_000_000)
    with pytest.raises(InvalidInputError, match="no Excel workbook"):
        rows_of(other.getvalue(), form="xlsx")
    with pytest.raises(InvalidInputError, match="too large"):
        rows_of(bomb.getvalue(), form="csv")
