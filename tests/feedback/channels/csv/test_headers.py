"""Exports as survey, help desk and review tools write them: no mapping is needed, no header becomes an answer."""

import io

import pytest

from bpm.feedback.channels import Context, Row, get_format, guess_format
from tests.feedback.channels.tables import rows_of


def _told(row: Row, *fields: str) -> list[object]:
    assert row.item
    return [getattr(row.item, field) for field in fields]


def test_a_help_desk_export_is_read_by_its_own_names() -> None:
    [row] = rows_of(
        "Ticket ID,Subject,Description,Requester,Requester email,Created at,Channel,Satisfaction Score\n"
        "77,Leak,The tap leaks since Monday,Ann,ann@example.com,2026-05-07 08:30,Phone,bad\n"
    )
    assert _told(row, "natural_key", "subject", "text", "author_name", "author_email", "channel", "rating") == [
        "77", "Leak", "The tap leaks since Monday", "Ann", "ann@example.com", "call", None,
    ]  # fmt: skip


def test_a_review_export_with_utc_in_its_heading_needs_no_zone() -> None:
    first, second = rows_of(
        "Review Id;Review Created (UTC);Review Title;Review Content;Review Stars;Consumer Name\n"
        "r1;17-05-2026 09:15:00;Slow;Took for ever;2;A.\nr2;05-06-2026 10:00:00;Top;All fine;5;B.\n"
    )
    assert _told(first, "text", "rating") == ["Took for ever", 2.0]
    assert [str(row.item.said_at)[:16] for row in (first, second) if row.item] == [
        "2026-05-17 09:15",
        "2026-06-05 10:00",
    ]
    assert not first.warnings


def test_the_second_header_of_a_survey_is_no_respondent_and_its_open_question_is_the_text() -> None:
    first, second = rows_of(
        "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,"
        "How likely are you to recommend us?,,What is missing?\n"
        ",,,,,,,,Response,Other (please specify),Open-Ended Response\n"
        "118,44,05/17/2026 09:12:33 AM,05/17/2026 09:15:00 AM,,a@example.com,Ann,Ex,Very,,A faster checkout\n"
        "119,44,05/06/2026 01:12:33 PM,05/06/2026 01:15:00 PM,,b@example.com,Bo,Ex,Not,,The site froze twice\n"
    )
    assert _told(first, "text", "question", "author_name") == ["A faster checkout", "What is missing?", "Ann Ex"]
    assert _told(second, "natural_key") == ["119"]
    assert second.item
    assert str(second.item.said_at) == "2026-05-06 13:15:00+00:00"


_IDS = '"{""ImportId"":""recordedDate"",""timeZone"":""Asia/Tokyo""}","{""ImportId"":""_recordId""}",""\n'


@pytest.mark.parametrize("third", ["", _IDS])
def test_the_further_headers_of_a_survey_tell_questions_and_zone(third: str) -> None:
    [row] = rows_of(
        'RecordedDate,ResponseId,Q2\nRecorded Date,Response ID,"What, if anything, annoyed you?"\n'
        f"{third}2026-05-07 09:03:01,R_1,The hold music\n"
    )
    assert _told(row, "natural_key", "text", "question") == ["R_1", "The hold music", "What, if anything, annoyed you?"]
    assert row.item
    assert row.item.said_at
    assert row.item.said_at.hour == (0 if third else 9)
    assert bool(row.warnings) != bool(third)


def test_a_form_has_its_questions_as_columns() -> None:
    first, second = rows_of(
        "Timestamp,Email Address,How was your visit?,What should we do better?,Score\n"
        "2026/05/07 9:15:22 AM GMT+1,a@example.com,It was rather crowded that day,More chairs would be very nice,7\n"
        "2026/05/07 9:20:00 AM GMT+1,b@example.com,,Open the second till on Fridays,8\n"
    )
    assert _told(first, "text", "question", "rating") == [
        "It was rather crowded that day\nMore chairs would be very nice",
        "How was your visit?\nWhat should we do better?",
        7.0,
    ]
    assert _told(second, "question") == ["What should we do better?"]
    assert first.item
    assert first.item.said_at
    assert first.item.said_at.hour == 8


@pytest.mark.parametrize(
    "header",
    ["Datum;Name;Kommentar", "Date;Nom;Commentaire", "Fecha;Nombre;Comentario", "Data;Nome;Commento",
     "Datum;Naam;Opmerking",
     "Data;Nome;Comentário",
     "Datum;Namn;Kommentar", "Data;Imię;Komentarz", "Dato;Navn;Kommentar", "日付;名前;コメント"],
)  # fmt: skip
def test_headings_of_other_languages_say_what_they_say(header: str) -> None:
    [row] = rows_of(f"{header}\n07.05.2026 08:30;Ann;Zu teuer, leider\n")
    assert _told(row, "author_name", "text") == ["Ann", "Zu teuer, leider"]
    assert row.item
    assert str(row.item.said_at)[:10] == "2026-05-07"


def test_the_longest_text_is_the_words_when_no_name_says_so() -> None:
    [first, _] = rows_of("nr,branch,zzz\n1,North,The ramp is too steep for a chair\n2,South,Nobody was there at all\n")
    assert _told(first, "text") == ["The ramp is too steep for a chair"]


def test_a_title_above_the_table_is_no_header() -> None:
    [row] = rows_of("Answers of May,,\n,,\nid,text,date\n1,Fine,2026-05-07\n")
    assert _told(row, "text", "natural_key") == ["Fine", "1"]


def test_one_column_has_one_order_even_where_a_single_date_has_two() -> None:
    found = rows_of("id,text,date\n1,a b,03/04/2026\n2,c d,17/04/2026 10:00\n3,e f,4/5/26\n")
    assert [str(row.item.said_at)[:10] for row in found if row.item] == ["2026-04-03", "2026-04-17", "2026-05-04"]


def test_an_order_that_nothing_tells_is_asked_for_and_costs_no_answer() -> None:
    [row] = rows_of("id,text,date\n1,a b,03/04/2026\n")
    assert row.item
    assert row.item.said_at is None
    assert "--date-order" in row.warnings[0]
    [told] = rows_of("id,text,date\n1,a b,03/04/2026\n", _date_order="mdy")
    assert str(told.item and told.item.said_at)[:10] == "2026-03-04"


def test_a_zone_of_the_row_counts_and_the_option_beats_it() -> None:
    table = "id,text,date,Timezone\n1,a b,2026-05-07 10:00,Europe/Madrid\n2,c d,2026-05-07 10:00,Asia/Tokyo\n"
    assert [row.item.said_at.hour for row in rows_of(table) if row.item and row.item.said_at] == [8, 1]
    assert [row.item.said_at.hour for row in rows_of(table, _zone="UTC") if row.item and row.item.said_at] == [10, 10]


def test_times_without_a_zone_are_told_once_for_the_file() -> None:
    found = rows_of("id,text,date\n" + "".join(f"{n},word {n},2026-05-07 10:0{n}\n" for n in range(5)))
    assert [len(row.warnings) for row in found] == [1, 0, 0, 0, 0]
    assert "--zone" in found[0].warnings[0]


def test_a_column_of_day_counts_is_a_column_of_dates() -> None:
    found = rows_of("id,text,date\n1,a b,46149\n2,c d,46149.75\n")
    assert [str(row.item.said_at)[:16] for row in found if row.item] == ["2026-05-07 00:00", "2026-05-07 18:00"]


def test_votes_of_others_are_no_rating_and_the_instant_in_utc_wins() -> None:
    [row] = rows_of("id,body,created_utc,created,score,subreddit\nx,Sync is gone,1778142600,1778171400,7,help\n")
    assert _told(row, "rating") == [None]
    assert row.item
    assert str(row.item.said_at)[:16] == "2026-05-07 08:30"


def test_markup_and_entities_are_read_as_people_would_see_them() -> None:
    [row] = rows_of('id,text\n1,"It&#39;s <b>very</b> slow &amp; dear<br>really &lt;3"\n')
    assert _told(row, "text") == ["It's very slow & dear\nreally <3"]
    [row] = rows_of("id,text\n1,a < b & c > d; fish&chips\n")
    assert _told(row, "text") == ["a < b & c > d; fish&chips"]


def test_a_mapping_finds_its_columns_whatever_their_case_and_line_breaks() -> None:
    [row] = rows_of('KEY,"What did\nyou miss?"\n1,A lift\n', **{"key": "natural_key", "What did you miss?": "text"})
    assert _told(row, "natural_key", "text") == ["1", "A lift"]


def test_a_mapping_that_names_a_column_which_is_not_there_says_so() -> None:
    [row] = rows_of("id,text\n1,Fine\n", id="natural_key", text="text", mood="rating")
    assert row.item
    assert "mood" in row.warnings[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Complaints of May\nfor us\n\nid,date,comment\n7,2026-05-07,Slow\n", ["7", "Slow", "2026-05-07"]),
        ("id,Review Creation Date,Review Content\n7,2026-05-07,Too slow\n", ["7", "Too slow", "2026-05-07"]),
        ("id,Ticket creation date,Due date,CSAT comment\n7,2026-05-07,2026-06-01,Slow\n", ["7", "Slow", "2026-05-07"]),
        ("id,Submitted Date,Pros,Cons\n7,05/17/2026,Desk,Lids break\n", ["7", "Desk\nLids break", "2026-05-17"]),
    ],
)  # fmt: skip
def test_columns_of_other_tools_are_known_by_a_word_in_their_name_and_what_stands_in_them(
    content: str, told: list[str]
) -> None:
    [row] = rows_of(content)
    assert row.item
    assert [*_told(row, "natural_key", "text"), str(row.item.said_at)[:10]] == told


def test_addresses_are_the_authors_where_no_column_says_so_but_never_those_of_our_people() -> None:
    [row] = rows_of("id,text,from,assigned to\n1,Too slow,jo@example.org,ann@shop.example\n")
    assert _told(row, "author_email") == ["jo@example.org"]
    [row] = rows_of("id,text,agent mailbox\n1,Too slow,ann@shop.example\n")
    assert _told(row, "author_email") == [""]
    [row] = rows_of("id,text,Mood (1-5)\n1,Too slow,2\n")
    assert _told(row, "rating") == [2]


def test_a_column_of_times_stands_beside_one_of_days() -> None:
    rows = rows_of(
        "id;Kommentar;Datum;Uhrzeit\n1;Zu spät;07.05.2026;9:15\n2;Zu laut;07.05.2026;soon\n3;Ja;07.05.2026;\n"
    )
    assert [str(row.item.said_at)[:16] for row in rows if row.item] == [
        "2026-05-07 09:15", "2026-05-07 00:00", "2026-05-07 00:00",
    ]  # fmt: skip
    assert ["Uhrzeit" in "".join(row.warnings) for row in rows] == [False, True, False]


def test_chinese_of_old_programs_is_read() -> None:
    for encoding, said in (
        ("gb18030", "我的包裹晚了一个星期，你们的人没有回复。"),
        ("big5", "我的包裹晚了一個星期，你們的人沒有回覆。"),
    ):
        rows = rows_of(("id,comment\n" + f"1,{said}\n" * 12).encode(encoding))
        assert rows[0].item
        assert rows[0].item.text == said


@pytest.mark.parametrize(
    "header",
    [
        "تاريخ,تعليق,تقييم", "תאריך,הערות,דירוג", "ประทับเวลา,ความคิดเห็น,คะแนน", "Időbélyeg,Megjegyzés,Értékelés",
        "Позначка часу,Коментар,Оцінка", "Stempel waktu,Ulasan,Peringkat", "Ημερομηνία,Σχόλια,Βαθμολογία",
    ],
)  # fmt: skip
def test_headers_of_more_languages_are_known(header: str) -> None:
    [row] = rows_of(f"{header}\n2026-05-07 08:30,Late,2\n")
    assert row.item
    assert (str(row.item.said_at)[:16], row.item.text, row.item.rating) == ("2026-05-07 08:30", "Late", 2)


def test_short_answers_to_a_question_for_words_are_words_and_choices_are_none() -> None:
    first, second = rows_of(
        "Response ID,What did you like most?,What could we improve?,How satisfied are you?\n"
        "1,The staff,Parking,Very satisfied\n2,,Everything,Not satisfied\n"
    )
    assert _told(first, "text", "question") == [
        "The staff\nParking", "What did you like most?\nWhat could we improve?",
    ]  # fmt: skip
    assert _told(second, "text", "question") == ["Everything", "What could we improve?"]


@pytest.mark.parametrize(
    "begun", ["Hora de inicio,Hora de finalización", "Heure de début,Heure de fin", "Begintijd,Tijd van voltooien"]
)
def test_an_answer_was_given_when_it_was_finished(begun: str) -> None:
    [row] = rows_of(f"ID,{begun},Comment\n1,2026-05-07 08:30:11,2026-05-07 08:36:11,Too slow\n")
    assert row.item
    assert str(row.item.said_at)[:16] == "2026-05-07 08:36"


def test_questions_of_one_heading_are_read_together() -> None:
    [row] = rows_of("Timestamp,Untitled Question,Untitled Question\n2026-05-07 08:30,The box was wet,It was torn\n")
    assert _told(row, "text") == ["The box was wet\nIt was torn"]


def test_texts_that_nobody_reads_are_named() -> None:
    rows = rows_of(
        "id,text,comment,agent notes\n1,Too slow again,and it arrived in pieces,told him to wait\n2,Fine,all good,\n"
    )
    assert ["comment" in "".join(row.warnings) for row in rows] == [True, False]
    assert "agent notes" not in "".join(rows[0].warnings)


def test_a_first_line_that_may_be_no_header_is_named() -> None:
    rows = rows_of("The parcel came late\nThe router is dead\nNobody answers the phone\n")
    assert "The parcel came late" in "".join(rows[0].warnings)


SCORES = [
    "Quel est votre niveau de satisfaction ?", "¿Qué tan satisfecho está con nosotros?", "Wie zufrieden sind Sie?",
    "Quanto sei soddisfatto?", "Qual é o seu nível de satisfação?", "Hoe tevreden bent u?", "Hur nöjd är du med oss?",
    "Jak bardzo jesteś zadowolony?", "Hvor tilfreds er du?", "満足度を教えてください", "추천 의향", "满意度打分",
    "Насколько вы довольны?", "Würden Sie uns weiterempfehlen?",
]  # fmt: skip


@pytest.mark.parametrize("question", SCORES)
def test_a_question_of_how_satisfied_one_is_holds_the_score(question: str) -> None:
    [row, _] = rows_of(f'Timestamp,"{question}",Comment\n2026-05-07,4,The belt slips\n2026-05-08,2,It jams\n')
    assert _told(row, "rating", "text") == [4.0, "The belt slips"]


def test_counts_of_something_are_no_score() -> None:
    [row] = rows_of("date,number of recommended products,comment\n2026-05-07,4,The belt slips\n")
    assert _told(row, "rating") == [None]


def test_a_contact_with_its_address_in_brackets_is_a_name_and_an_address() -> None:
    [row] = rows_of("Ticket ID,Ticket description,Associated Contact\n7,The belt slips,Bo Yps (bo@example.com)\n")
    assert _told(row, "author_name", "author_email") == ["Bo Yps", "bo@example.com"]


def test_a_source_that_holds_channels_is_the_channel() -> None:
    rows = rows_of("Ticket ID,Description,Source\n7,The belt slips,Phone\n8,It jams,Email\n9,It hums,Portal\n")
    assert [row.item.channel for row in rows if row.item][:2] == ["call", "email"]
    [row] = rows_of("id,comment,source\n7,The belt slips,Branch North\n")
    assert _told(row, "source") == ["Branch North"]


def test_ids_that_say_nothing_tell_nothing_apart() -> None:
    rows = rows_of("id,comment\nN/A,The belt slips\nN/A,It jams\n-,It hums\n")
    assert [row.item.natural_key for row in rows if row.item] == ["", "", ""]


ENCODED = [
    ("utf-7", "id,comment", "Die Tür klemmt und die Größe ist falsch"), ("gb18030", "编号,评论", "太慢"),
    ("big5", "編號,評論", "太慢"), ("cp1251", "номер,комментарий", "Долго"), ("cp1250", "id,komentář", "Příliš dlouho"),
    ("cp1250", "id,comment", "Zásilka nedorazila včas a příští týden přijde další"), ("cp932", "番号,コメント", "遅い"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "header", "words"), ENCODED)
def test_short_tables_are_read_in_the_encoding_that_their_names_show(encoding: str, header: str, words: str) -> None:
    table = f"{header}\n1,{words}\n".encode(encoding)
    [row] = get_format("csv").parse(io.BytesIO(table), Context("survey", "s", "t.csv"))
    assert _told(row, "text") == [words]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("id|date|comment\n1|2026-05-07|The belt slips\n", "csv"), ("id\tcomment\n1\tIt jams\n2\tIt hums\n", "csv"),
        ("id;kommentar;datum\n1;Es klemmt;07.05.2026\n", "csv"), ("Agent: Hello\nCustomer: It jams, badly\n", "webvtt"),
        ("Kim Lee  0:03\nHello, name, date\n\nBo Yps  0:09\nIt, well, jams\n", "webvtt"),
    ],
)  # fmt: skip
def test_a_text_that_begins_like_a_table_is_one(content: str, kind: str) -> None:
    assert guess_format("export.txt", content.encode()) == kind
    assert guess_format("export.txt", content.encode("utf-16")) == kind
