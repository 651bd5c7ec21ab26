"""Lines that stand below the rows of a table, and are none of them."""

import pytest

from tests.feedback.channels.tables import rows_of

ROWS = "id,comment,score\n1,The lift is slow,2\n2,The app crashes,1\n"


def told(table: str) -> list[str]:
    return [row.ignored or (row.item.text if row.item else row.reason) for row in rows_of(table)]


@pytest.mark.parametrize(
    "line",
    ["Total,2,", "Grand total,,3", "Sum:,2,3", 'Summe,2,"1,5"', "Total général,,1 234", "Итого,2,", "合計,2,3",
     "Total (2),,50%", "Average,,€ 1.50", "รวม,2,"],
)  # fmt: skip
def test_a_row_of_sums_is_left_out_whatever_its_language(line: str) -> None:
    assert told(ROWS + line) == ["The lift is slow", "The app crashes", "a row of totals"]


@pytest.mark.parametrize(
    "line", ["-- end of report --,,", "*** End of file ***,,", "(2 rows),,", "=== Ende des Berichts ===,,"]
)
def test_the_line_that_ends_a_report_is_no_answer(line: str) -> None:
    table = "comment,branch,score\nThe lift is slow,North,2\n" + line
    assert told(table) == ["The lift is slow", "the end of the report"]


@pytest.mark.parametrize("line", ["3,Total,1", "3,Sum,", "Total,A total disaster,1", "3,2,2", "Total,2025-03-02,1"])
def test_an_answer_that_only_looks_like_one_stays(line: str) -> None:
    assert [row.ignored for row in rows_of(ROWS + line)] == ["", "", ""]


QUALTRICS = (
    "RecordedDate,Status,ResponseId,DistributionChannel,Q1\nRecorded Date,Response Type,Response ID,Channel,Why?\n"
    '"{""ImportId"":""recordedDate""}","{""ImportId"":""status""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""distributionChannel""}","{""ImportId"":""QID1""}"\n'
)


@pytest.mark.parametrize(
    ("status", "channel", "why"),
    [
        ("IP Address", "anonymous", ""), ("0", "email", ""), ("Imported", "email", ""), ("", "email", ""),
        ("Survey Preview", "preview", "a preview of the survey, not an answer"),
        ("1", "anonymous", "a preview of the survey, not an answer"),
        ("IP Address", "preview", "a preview of the survey, not an answer"),
        ("Spam", "anonymous", "spam, as the survey tool says"), ("8", "email", "spam, as the survey tool says"),
    ],
)  # fmt: skip
def test_what_the_survey_tool_calls_no_answer_is_none(status: str, channel: str, why: str) -> None:
    (row,) = rows_of(f"{QUALTRICS}2025-03-02 10:00:00,{status},R_1,{channel},The lift was slow again\n")
    assert row.ignored == why


def test_a_status_of_another_table_says_nothing_of_its_rows() -> None:
    (row,) = rows_of("id,status,comment\n1,Spam,The filter lets nothing through\n")
    assert row.ignored == ""


def test_short_words_under_another_answer_please_specify_are_read() -> None:
    named = "Respondent ID,Collector ID,Start Date,End Date,Email Address,How was it?,,Why?\n"
    labels = ",,,,,Response,Other (please specify),Open-Ended Response\n"
    rows = "1,43,03/02/2025 10:00:00 AM,03/14/2025 10:03:00 AM,,,Meh,\n2,43,03/02/2025,03/14/2025,,Good,,Nice lift\n"
    assert told(named + labels + rows) == ["Meh", "Nice lift"]


def test_a_second_column_of_words_that_is_not_read_is_named() -> None:
    rows = rows_of("id,description,satisfaction comment\n1,The printer is on fire,Nobody answered\n")
    assert any("satisfaction comment" in warning for warning in rows[0].warnings)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1254", "Çok yavaş ve ilgisiz çalışan"), ("cp1254", "ışık"), ("mac_roman", "Café trop bruyant, déçu"),
        ("cp850", "Größe passt nicht, schön"), ("cp1252", "Größe passt – schade, don’t"),
        ("cp1252", "þetta er ekki það sem ég bað um"), ("cp1252", "naïve “quotes”… état – “l’été”"),
    ],
)  # fmt: skip
def test_words_of_western_encodings_and_turkish_are_read_as_written(encoding: str, words: str) -> None:
    assert told_bytes(f"id;comment\n1;{words}\n".encode(encoding)) == [words]


def told_bytes(table: bytes) -> list[str]:
    return [row.item.text if row.item else row.reason for row in rows_of(table)]


def test_a_form_with_japanese_headings_is_read() -> None:
    (row,) = rows_of('"タイムスタンプ","満足度","ご意見"\n"2025/03/02 10:11:12","2","遅い"\n')
    assert row.item is not None
    assert (row.item.text, row.item.rating) == ("遅い", 2)
