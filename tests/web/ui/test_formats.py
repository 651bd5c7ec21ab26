"""Times and figures as people read them."""

from datetime import timedelta

import pytest
from flask import Flask, get_flashed_messages

from tests.conftest import MONDAY
from web.core.rendering import say
from web.ui.formats import ago, department, duration, instant, number, percent


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=50), "50 s ago"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=5), "5 d ago"),
        (timedelta(days=120), "4 mo ago"),
        (timedelta(days=-2), "in 2 d"),
    ],
)
def test_times_are_said_from_now(web: Flask, gap: timedelta, text: str) -> None:
    with web.app_context():
        assert ago(MONDAY - gap) == text


def test_figures_have_a_dash_where_there_is_none() -> None:
    assert (number(12345), number(1.25, 1), number(None)) == ("12\u202f345", "1.2", "–")
    assert (percent(0.123), percent(None)) == ("12 %", "–")
    assert (duration(90), duration(None)) == ("2 min", "–")
    assert instant(MONDAY) == "2026-03-02 09:00:00 UTC"
    assert (department("it"), department("customer_care")) == ("IT", "customer care")


def test_who_never_reads_a_page_does_not_carry_ever_more_messages(web: Flask) -> None:
    with web.test_request_context("/"):
        for number in range(40):
            say(f"Completed: {number}.")
        assert [each["text"] for each in get_flashed_messages()] == [f"Completed: {n}." for n in range(35, 40)]
