"""The pieces of HTML that are built by hand escape whatever they are given."""

import pytest
from flask import Flask

from tests.conftest import MONDAY
from web.ui import html

BAD = "\"><script>alert('x')</script>"


@pytest.fixture(autouse=True)
def _request(web: Flask):  # type: ignore[no-untyped-def]  # a fixture that yields
    with web.test_request_context("/"):
        yield


def test_no_value_breaks_out_of_its_place() -> None:
    pieces = (
        html.badge(BAD, BAD),
        html.when(None, BAD),
        html.post(BAD, BAD, BAD, {BAD: BAD}, BAD, BAD),
    )
    for piece in pieces:
        assert "<script" not in piece
        assert '">' + "<script" not in piece
        assert "&lt;script" in piece


def test_a_moment_is_said_from_now_and_exactly() -> None:
    said = html.when(MONDAY)
    assert 'datetime="2026-03-02T09:00:00+00:00"' in said
    assert 'title="2026-03-02 09:00:00 UTC"' in said
    assert html.when(None) == "–"


def test_every_form_of_a_page_carries_the_same_proof() -> None:
    assert html.csrf() in html.post("/tasks/1/claim", "Claim")
    assert 'name="csrf_token"' in html.csrf()
    assert html.csrf() == html.csrf()


def test_an_icon_is_drawn_and_never_read_aloud() -> None:
    for name in html.ICONS:
        assert 'aria-hidden="true"' in html.icon(name)
