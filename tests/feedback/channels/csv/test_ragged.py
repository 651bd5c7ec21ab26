"""Tables that are not quite as they should be: rows, quotes, delimiters and line ends as they come."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.channels.csv.splitting import records
from bpm.foundation.errors import InvalidInputError
from tests.feedback.channels.tables import rows_of, texts_of
from tests.thoroughness import examples


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ("sep=;\nid;text\n1;Too dear, sadly\n", ["Too dear, sadly"]),
        ('"sep=|"\nid|text\n1|Fine\n', ["Fine"]),
        ("id;text;Kind (praise, blame, idea)\n1;Late, again;blame\n2;Hi, all;praise\n", ["Late, again", "Hi, all"]),
        ("id\ttext\n1\tTabs, and commas\n", ["Tabs, and commas"]),
        ("text\nOne, two\nThree, four, five\n", ["One, two", "Three, four, five"]),
        ("id,text\r1,old\r2,Mac\r", ["old", "Mac"]),
        ("id,text,date,\n1,trailing,2026-05-07,\n", ["trailing"]),
        ("id,text,date,note\n1,short\n2,whole,2026-05-07,x\n", ["short", "whole"]),
        ('id, text\n1, "spaces, before quotes"\n', ["spaces, before quotes"]),
        ('id,text\n1,"she said \\"never\\", and left"\n', ['she said "never", and left']),
        ('id,text\n1,"she said "never" and left"\n', ['she said "never" and left']),
        ('id,text\n1,"she said ""never"""\n2,""\n', ['she said "never"', ""]),
        ('id,text\n1,a 5" screen broke\n', ['a 5" screen broke']),
        ('id,text\n1,"two\n\nlines, ""quoted"""\n2,next\n', ['two\n\nlines, "quoted"', "next"]),
        ("\n\nid,text\n\n1,after empty lines\n", ["after empty lines"]),
        ("id,te\0xt\n1,no\0thing\n", ["nothing"]),
    ],
)  # fmt: skip
def test_every_answer_is_read(table: str, texts: list[str]) -> None:
    assert texts_of(table) == texts


def test_a_quote_that_is_never_closed_costs_nobody_elses_words() -> None:
    table = (
        'id,text,date\n1,fine,2026-05-07\n2,"never closed,2026-05-07\n3,third,2026-05-07\n4,"closed, so",2026-05-07\n'
    )
    found = rows_of(table)
    assert [row.item.text for row in found if row.item] == ["fine", "never closed", "third", "closed, so"]
    assert [bool(row.warnings) for row in found] == [False, True, False, False]
    assert "quotation mark" in found[1].warnings[0]


def test_columns_of_one_name_are_all_kept() -> None:
    assert texts_of("id,Comment,Comment,Comment\n1,first,second,third\n") == ["first\nsecond\nthird"]
    assert texts_of("id,Comment,Comment\n1,first,second\n", id="natural_key", Comment="text") == ["first\nsecond"]


def test_too_many_cells_are_named_with_the_remedy() -> None:
    [_, bad] = rows_of("id,text\n1,fine\n2,Hello, world\n")
    assert bad.number == 3
    assert bad.reason == "It has 3 cells where the header has 2. Put texts that hold the delimiter into quotes."


@pytest.mark.parametrize(
    "table", ["1,The app is slow,2026-05-07\n2,Refund please,2026-05-08\n", "a@example.com;Too late.\n"]
)
def test_a_file_without_a_header_is_told_as_that(table: str) -> None:
    with pytest.raises(InvalidInputError, match="no header"):
        rows_of(table)


def test_a_web_page_named_csv_is_told_as_that() -> None:
    with pytest.raises(InvalidInputError, match="web page"):
        rows_of("<html><table><tr><td>text</td></tr></table></html>")


def test_ids_that_a_spreadsheet_keeps_or_spoils() -> None:
    kept, spoilt, float_id = rows_of(
        'id,text,customer_id\n"=""0012940""",kept,7\n1.29E+18,spoilt,4.9E+11\n118.0,float,x\n'
    )
    assert kept.item
    assert spoilt.item
    assert float_id.item
    assert (kept.item.natural_key, float_id.item.natural_key) == ("0012940", "118")
    assert (spoilt.item.natural_key, spoilt.item.author_id) == ("", "")
    assert len(spoilt.warnings) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_with_every_line_end_gives_the_same_words(encoding: str, line_end: str) -> None:
    lines = ["id,text", '1,"Größe: 5, wie bestellt"', "2,Tür klemmt"]
    if (encoding, line_end) == ("cp1252", "\r"):
        encoding = "mac_roman"  # the only programs that end lines so wrote that
    assert texts_of(line_end.join(lines).encode(encoding)) == ["Größe: 5, wie bestellt", "Tür klemmt"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Заказ не пришёл, а поддержка молчит уже вторую неделю подряд"),
        ("cp1253", "Η παραγγελία δεν ήρθε ποτέ και κανείς δεν απαντά στα μηνύματα"),
        ("cp1250", "Przesyłka przyszła za późno, a obsługa nie odpowiada, jestem bardzo zły"),
        ("cp932", "注文した商品がまだ届きません。返金してください。"),
        ("cp949", "주문한 상품이 아직 도착하지 않았습니다."),
    ],
)
def test_another_encoding_is_read_where_it_is_sure(encoding: str, text: str) -> None:
    assert texts_of(f'id,text\n1,"{text}"\n'.encode(encoding)) == [text]


def test_one_odd_byte_spoils_one_row() -> None:
    table = "id,text\n1,naïve\n".encode() + b"2,caf\xe9\n" + "3,Żółć\n".encode()
    assert texts_of(table) == ["naïve", "café", "Żółć"]


@examples(300)
@given(st.lists(st.lists(st.text(st.sampled_from('ab "\n,;\\é'), max_size=8), min_size=2, max_size=4), max_size=8))
def test_what_is_written_by_the_rules_is_read_as_it_was(table: list[list[str]]) -> None:
    table = [row for row in table if "".join(row).strip() and "\\" not in "".join(row)]
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    found = list(records(iter(list(enumerate(written.getvalue().splitlines(keepends=True), 1))), ","))
    if not any(row.warnings for row in found):
        assert [list(row.cells) for row in found] == table


@pytest.mark.parametrize("line", ['4,""x\n', '4,"x\n', '4,"x""\n', '"\n', '4,"x\\"\n', '4,x" "\n', '" " " "x\n'])
def test_a_file_full_of_odd_quotes_costs_its_length(line: str) -> None:
    number = 3_000
    given = 0

    def lines() -> Iterator[tuple[int, str | None]]:
        nonlocal given
        for place in range(number):
            given += 1
            yield place + 1, line

    assert list(records(lines(), ","))
    assert given == number
