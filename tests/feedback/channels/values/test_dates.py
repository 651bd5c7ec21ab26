"""Dates as exports write them: one reading each, or a clear no."""

import contextlib

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.channels.values.dates import AS_WRITTEN, is_filler, read_date
from bpm.feedback.channels.values.moments import DateError, Habit, TwoDatesError
from bpm.feedback.channels.values.plain import plain
from bpm.feedback.channels.values.zones import zone_of
from tests.thoroughness import examples

WRITTEN = {
    "2026-05-07T08:30:00+02:00": "2026-05-07 06:30",
    "2026-05-07T08:30:00.123456789Z": "2026-05-07 08:30",
    "2026-05-07 8:30": "2026-05-07 08:30",
    "2026-W19-4": "2026-05-07 00:00",
    "2026W194 08:30": "2026-05-07 08:30",
    "2026-127": "2026-05-07 00:00",
    "民國115年5月7日 08:30": "2026-05-07 08:30",
    "115/05/07": "2026-05-07 00:00",
    "1405/02/17 08:30": "2026-05-07 08:30",
    "۱۷ اردیبهشت ۱۴۰۵": "2026-05-07 00:00",
    "١٤٤٧/١١/٢٠": "2026-05-07 00:00",
    "20 ذو القعدة 1447 هـ": "2026-05-07 00:00",
    "7 مايو 2026": "2026-05-07 00:00",
    "7 במאי 2026, 08:30": "2026-05-07 08:30",
    "7 मई 2026": "2026-05-07 00:00",
    "7 tháng 5, 2026": "2026-05-07 00:00",
    "2026-05-07, 08:30": "2026-05-07 08:30",
    "2026/05/07 08:30:15": "2026-05-07 08:30",
    "2026-05-07 08:30 PM": "2026-05-07 20:30",
    "2026/05/07 8:30:00 PM GMT+2": "2026-05-07 18:30",
    "20260507": "2026-05-07 00:00",
    "20260507T083000Z": "2026-05-07 08:30",
    "20260507083000": "2026-05-07 08:30",
    "07.05.2026 08:30": "2026-05-07 08:30",
    "7. 5. 2026 8:30": "2026-05-07 08:30",
    "07.05.26, 08:30 Uhr": "2026-05-07 08:30",
    "5/17/2026 8:30 PM": "2026-05-17 20:30",
    "17/5/26 08:30": "2026-05-17 08:30",
    "17-05-2026 08:30": "2026-05-17 08:30",
    "May 7, 2026": "2026-05-07 00:00",
    "Thursday, May 7th, 2026 at 8:30 pm": "2026-05-07 20:30",
    "7 May 2026": "2026-05-07 00:00",
    "07-MAY-26 08.30.00.000000 PM": "2026-05-07 20:30",
    "2026-May-07": "2026-05-07 00:00",
    "Do., 7. Mai 2026, 08:30 Uhr": "2026-05-07 08:30",
    "jeudi 7 mai 2026 à 08h30": "2026-05-07 08:30",
    "7 de mayo de 2026, 8:30 p. m.": "2026-05-07 20:30",
    "7 maggio 2026 alle 8:30": "2026-05-07 08:30",
    "7 mei 2026 08:30": "2026-05-07 08:30",
    "7 de maio de 2026 às 08:30": "2026-05-07 08:30",
    "tors 7 maj 2026 kl. 08:30": "2026-05-07 08:30",
    "7 maja 2026 08:30": "2026-05-07 08:30",
    "7. května 2026 8:30": "2026-05-07 08:30",
    "7 мая 2026 г., 8:30": "2026-05-07 08:30",
    "2026年5月7日 8時30分": "2026-05-07 08:30",
    "2026. 5. 7. 오후 8:30": "2026-05-07 20:30",
    "Thu, 07 May 2026 08:30:00 +0200": "2026-05-07 06:30",
    "Thu May 07 2026 08:30:00 GMT+0200 (Central European Summer Time)": "2026-05-07 06:30",
    "Thu May  7 08:30:00 EDT 2026": "2026-05-07 12:30",
    "07/May/2026:08:30:00 +0000": "2026-05-07 08:30",
    "2026-05-07 08:30 UTC-3": "2026-05-07 11:30",
    "2026-05-07 08:30:00 MESZ": "2026-05-07 06:30",
    "2026-05-07 08:30 Europe/Madrid": "2026-05-07 06:30",
    "2026-05-07T08:30:00+02:00[Europe/Madrid]": "2026-05-07 06:30",
    "May 7, 2026 8:30 AM PT": "2026-05-07 15:30",
    "08:30 07.05.2026": "2026-05-07 08:30",
    "7 May 2026 08:30 (edited)": "2026-05-07 08:30",
    "17/05/2569 08:30": "2026-05-17 08:30",
    "2569-05-07T08:30:00Z": "2026-05-07 08:30",
    "29/02/2567": "2024-02-29 00:00",
    "7 พ.ค. 2569 08:30": "2026-05-07 08:30",
    "7 พฤษภาคม 69": "2026-05-07 00:00",
    "วันพฤหัสบดีที่ 7 พฤษภาคม พ.ศ. 2569 เวลา 08:30 น.": "2026-05-07 08:30",
    "令和8年5月7日": "2026-05-07 00:00",
    "平成元年5月7日(日) 8時30分": "1989-05-07 08:30",
    "Reviewed in Canada on May 7, 2026": "2026-05-07 00:00",
    "Rezension aus Deutschland vom 7. Mai 2026": "2026-05-07 00:00",
    "Recensito in Italia il 7 maggio 2026": "2026-05-07 00:00",
    "Updated: Mar 7, 2026": "2026-03-07 00:00",
    "٢٠٢٦-٠٥-٠٧": "2026-05-07 00:00",
    "1778142600": "2026-05-07 08:30",
    "1778142600.25": "2026-05-07 08:30",
    "1778142600123": "2026-05-07 08:30",
    "1778142600123456": "2026-05-07 08:30",
    "1778142600123456789": "2026-05-07 08:30",
}


@pytest.mark.parametrize(("written", "meant"), WRITTEN.items())
def test_a_date_is_read_as_it_is_written(written: str, meant: str) -> None:
    assert f"{read_date(written).instant:%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", "it", "nl", "pt", "sv", "pl", "da", "nb", "cs", "fi", "tr", "uk"]
)
def test_every_month_is_read_in_the_languages_of_the_exports(language: str) -> None:
    months = Locale.parse(language).months["format"]
    for number in range(1, 13):
        assert read_date(f"3 {months['wide'][number]} 2026").instant.month == number
        assert read_date(f"3 {months['abbreviated'][number]} 2026 10:00").instant.month == number


@pytest.mark.parametrize("written", ["3/4/2026", "03-04-2026 10:00", "5/6/26"])
def test_a_date_that_can_be_two_waits_for_the_order_of_its_column(written: str) -> None:
    with pytest.raises(TwoDatesError, match="two dates"):
        read_date(written)
    day_first = read_date(written, Habit(order="dmy")).instant
    month_first = read_date(written, Habit(order="mdy")).instant
    assert (day_first.day, day_first.month) == (month_first.month, month_first.day)


@pytest.mark.parametrize(
    "written",
    ["", "N/A", "-", "null", "0000-00-00 00:00:00", "1970-01-01 00:00", "1900-01-01", "2099-12-31", "9999-12-31", "0",
     "2026-02-30", "31.11.2026", "2026-13-01", "25:00 07.05.2026", "yesterday", "May 2026", "12345", "1.77814E+12",
     "Very good, 7 of 10", "7 Foo 2026", "+1 415 555 2671"],
)  # fmt: skip
def test_what_is_no_date_says_why(written: str) -> None:
    with pytest.raises(DateError):
        read_date(written)


def test_a_column_of_day_counts_is_read_as_a_spreadsheet_means_it() -> None:
    days = Habit(serial=True)
    assert f"{read_date('46149', days).instant:%Y-%m-%d %H:%M}" == "2026-05-07 00:00"
    assert f"{read_date('46149,75', days).instant:%Y-%m-%d %H:%M}" == "2026-05-07 18:00"


def test_a_time_without_zone_is_of_the_columns_zone_and_one_with_a_zone_keeps_it() -> None:
    madrid = Habit(zone=zone_of("Europe/Madrid"))
    assert f"{read_date('2026-01-15 09:00', madrid).instant:%H:%M}" == "08:00"
    assert f"{read_date('2026-07-15 09:00', madrid).instant:%H:%M}" == "07:00"
    assert f"{read_date('2026-07-15T09:00Z', madrid).instant:%H:%M}" == "09:00"


def test_an_abbreviation_of_several_offsets_is_doubted() -> None:
    assert "BST" in read_date("2026-05-07 08:30 BST").doubt
    assert not read_date("2026-05-07 08:30 CEST").doubt


def test_stars_are_no_filler() -> None:
    assert [is_filler(each) for each in ("--", "n/a", "★★", "4")] == [True, True, False, False]


@examples(200)
@given(st.one_of(st.text(max_size=120), st.from_regex(r"[\d./:\- TZapm,+]{1,40}", fullmatch=True)))
def test_any_text_is_an_instant_or_a_reason(written: str) -> None:
    with contextlib.suppress(DateError):
        assert read_date(written, AS_WRITTEN).instant.tzinfo is not None


@examples(50)
@given(st.text(max_size=50))
def test_plain_words_are_stable(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/Date(1775207700000)/", "2026-04-03 09:15"), ("\\/Date(1775207700000+0200)\\/", "2026-04-03 09:15"),
        ("3 Απριλίου 2026 9:15 π.μ.", "2026-04-03 09:15"), ("3 Απριλίου 2026 9:15 μ.μ.", "2026-04-03 21:15"),
        ("3/4/2026 9:15 ص", "2026-04-03 09:15"), ("3 Nisan 2026 9:15 ÖS", "2026-04-03 21:15"),
    ],
)  # fmt: skip
def test_counts_of_net_and_halves_of_the_day_in_other_scripts(written: str, meant: str) -> None:
    assert f"{read_date(written, Habit(order='dmy')).instant:%Y-%m-%d %H:%M}" == meant


def test_a_short_year_in_front_counts_where_a_person_says_so() -> None:
    assert str(read_date("26/05/07", Habit(order="ymd")).instant)[:10] == "2026-05-07"
    assert str(read_date("26/05/07", AS_WRITTEN).instant)[:10] == "2007-05-26"


@pytest.mark.parametrize("written", ["2026-W54-1", "2026-W19-8", "2026-367", "1404/13/01", "1447/01/31", "115/13/01"])
def test_days_that_no_calendar_has_are_none(written: str) -> None:
    with pytest.raises(DateError):
        read_date(written)
