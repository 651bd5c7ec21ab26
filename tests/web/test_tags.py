"""The pieces of HTML that are built by hand escape whatever they are given."""

import pytest
from flask import Flask

from tests.conftest import MONDAY
from web import tags

BAD = "\"><script>alert('x')</script>"


@pytest.fixture(autouse=True)
def _request(web: Flask):  # type: ignore[no-untyped-def]
    with web.test_request_context("/"):
        yield


def test_no_value_breaks_out_of_its_place() -> None:
    pieces = (
        tags.badge(BAD, BAD),
        tags.when(None, BAD),
        tags.post(BAD, BAD, BAD, {BAD: BAD}, BAD, BAD),
    )
    for piece in pieces:
        assert "<script" not in piece
        assert '">' + "<script" not in piece
        assert "&lt;script" in piece


def test_a_moment_is_said_from_now_and_exactly() -> None:
    said = tags.when(MONDAY)
    assert 'datetime="2026-03-02T09:00:00+00:00"' in said
    assert 'title="2026-03-02 09:00:00 UTC"' in said
    assert tags.when(None) == "–"


def test_every_form_of_a_page_carries_the_same_proof() -> None:
    assert tags.csrf() in tags.post("/tasks/1/claim", "Claim")
    assert 'name="csrf_token"' in tags.csrf()
    assert tags.csrf() == tags.csrf()


def test_an_icon_is_drawn_and_never_read_aloud() -> None:
    for name in tags.ICONS:
        assert 'aria-hidden="true"' in tags.icon(name)
