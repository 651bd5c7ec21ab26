"""A form that makes something, sent again: it is made once, and both answers lead to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from bpm import identity
from bpm.app import App
from bpm.clock import FixedClock
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem, Reply
from bpm.identity.models import ReceivedCommand
from bpm.processes.models import Trigger
from tests.web.conftest import Browser, put_live

pytestmark = pytest.mark.both_databases

START = "/processes/refund/start"


def count(app: App, table: type) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def form_of(browser: Browser, path: str) -> dict[str, object]:
    """The word that the form at `path` carries."""
    page = browser.get(path).get_data(as_text=True)
    return {"command_key": page.split('name="command_key" value="')[1].split('"')[0]}


@pytest.fixture
def browser(app: App, signed_in: Callable[..., Browser]) -> Browser:
    put_live(app)
    return signed_in("olga", "operator", "staff", "advocate")


def test_a_start_form_sent_twice_starts_one_instance_and_leads_to_it_both_times(app: App, browser: Browser) -> None:
    sent = {**form_of(browser, START), "order": "A-17", "business_key": "A-17"}
    first, second = browser.post(START, sent), browser.post(START, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(app, ProcessInstance) == 1
    assert "taken at 09:00:00 UTC, once" in browser.get(second.location).get_data(as_text=True)


def test_two_clicks_at_the_same_moment_start_one_instance(app: App, web: Flask, browser: Browser) -> None:
    sent = {**form_of(browser, START), "order": "A-17", "csrf_token": browser.token()}
    cookie = browser.client.get_cookie("earshot")
    assert cookie is not None
    together = Barrier(4)

    def click(_number: int) -> str:
        client = web.test_client()
        client.set_cookie("earshot", cookie.value)
        together.wait(10)
        return client.post(START, data=sent).location

    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(click, range(4)))
    assert count(app, ProcessInstance) == 1
    assert len(addresses) == 1


def test_the_same_page_with_other_values_is_another_command(app: App, browser: Browser) -> None:
    word = form_of(browser, START)
    browser.post(START, {**word, "order": "A-17"})
    browser.post(START, {**word, "order": "A-18"})
    assert count(app, ProcessInstance) == 2


def test_a_form_that_was_refused_can_be_corrected_and_sent_again(app: App, browser: Browser) -> None:
    word = form_of(browser, "/inbox/capture")
    assert browser.post("/inbox/capture", {**word, "channel": "chat", "text": ""}).status_code == 400
    sent = {**word, "channel": "chat", "text": "The shop is down."}
    assert browser.post("/inbox/capture", sent).location == browser.post("/inbox/capture", sent).location
    assert count(app, FeedbackItem) == 1


def test_a_reply_sent_twice_is_kept_once(app: App, browser: Browser) -> None:
    page = browser.post("/inbox/capture", {"channel": "chat", "text": "The shop is down."}).location
    sent = {**form_of(browser, page), "text": "It is up again."}
    item = page.rstrip("/").split("/")[-1]
    for _ in range(2):
        assert browser.post(f"/inbox/{item}/reply", sent).status_code == 303
    assert count(app, Reply) == 1


def test_a_trigger_saved_twice_is_made_once(app: App, signed_in: Callable[..., Browser]) -> None:
    put_live(app)
    designer = signed_in("dora", "designer")
    path = "/processes/refund/triggers/new"
    sent = {**form_of(designer, path), "name": "Complaints", "action": "start", "kinds": "complaint", "do": "save"}
    first, second = designer.post(path, sent), designer.post(path, sent)
    assert (first.status_code, first.location) == (303, second.location)
    assert count(app, Trigger) == 1


def test_what_was_taken_is_forgotten_after_a_day(app: App, clock: FixedClock, browser: Browser) -> None:
    browser.post(START, {**form_of(browser, START), "order": "A-17"})
    identity.forget_commands(app.unit_of_work)
    assert count(app, ReceivedCommand) == 1
    clock.advance(timedelta(days=1, seconds=1))
    identity.forget_commands(app.unit_of_work)
    assert count(app, ReceivedCommand) == 0
