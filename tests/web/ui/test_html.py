"""The pieces of HTML that are built by hand escape whatever they are given."""

from dataclasses import replace

import pytest
from flask import Flask, g

from bpm.engine.queries import WorkItemRow
from tests.conftest import MONDAY
from web.tasks.rows import TaskRow, draw_rows
from web.tasks.words import Words
from web.ui import html

BAD = "\"><script>alert('x')</script>"


@pytest.fixture(autouse=True)
def _request(web: Flask):  # type: ignore[no-untyped-def]  # a fixture that yields
    with web.test_request_context("/"):
        yield


def _item() -> WorkItemRow:
    return WorkItemRow(
        id=7, name=BAD, element=BAD, process_key=BAD, process_name=BAD, version_id=1, instance_id=1, business_key=BAD,
        group_key=BAD, assignee_id=None, assignee=BAD, meant_for=BAD, status="open", created_at=MONDAY, due_at=MONDAY,
        follow_up_at=None, priority=50, target_seconds=None, paused_at=None, paused_seconds=0, claimed_at=None,
        completed_at=None, is_suspended=False,
    )  # fmt: skip


def test_no_value_breaks_out_of_its_place() -> None:
    pieces = (
        html.badge(BAD, BAD),
        html.when(None, BAD),
        html.post(BAD, BAD, BAD, {BAD: BAD}, BAD, BAD),
        html.bar(0.5, BAD, BAD),
        draw_rows([TaskRow(_item(), Words(1, "email", BAD, MONDAY), mine=False, clock=0.5)], tasks=BAD, back=BAD),
    )
    for piece in pieces:
        assert "<script" not in piece
        assert '">' + "<script" not in piece
        assert "&lt;script" in piece


def test_a_row_that_is_kept_drawn_follows_its_task_its_words_and_its_reader() -> None:
    def drawn(item: WorkItemRow, said: str = "Late again.", *, tasks: str = "/tasks") -> str:
        return draw_rows([TaskRow(item, Words(1, "email", said, MONDAY), mine=False, clock=None)], tasks=tasks, back="")

    plain = replace(_item(), name="Check", group_key="service", due_at=None)
    assert drawn(plain) == drawn(replace(plain))
    assert "Check" not in drawn(replace(plain, name="Decide"))
    assert ' class="held"' in drawn(replace(plain, is_suspended=True))
    assert "never arrived" in drawn(plain, "It never arrived.")
    assert 'href="/below/tasks/' in drawn(plain, tasks="/below/tasks")
    g.reader_zone = "Europe/Berlin"
    assert "CET" in drawn(plain)


def test_a_moment_is_said_from_now_and_exactly() -> None:
    said = html.when(MONDAY)
    assert 'datetime="2026-03-02T09:00:00Z"' in said
    assert 'title="2026-03-02 09:00:00 UTC"' in said
    assert html.when(None) == "–"


def test_every_form_of_a_page_carries_the_same_proof() -> None:
    assert html.csrf() in html.post("/tasks/1/claim", "Claim")
    assert 'name="csrf_token"' in html.csrf()
    assert html.csrf() == html.csrf()


def test_an_icon_is_drawn_and_never_read_aloud() -> None:
    for name in html.ICONS:
        assert 'aria-hidden="true"' in html.icon(name)


def test_long_words_are_cut_between_words_and_short_ones_are_whole() -> None:
    assert html.shorten("nobody told me", 20) == "nobody told me"
    assert html.shorten("nobody told me why it came so late", 20) == "nobody told me..."
    assert html.shorten("x" * 300, 20) == "x" * 17 + "..."
